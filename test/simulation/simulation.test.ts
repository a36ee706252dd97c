import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { PLANTED } from './planted.ts'
import { hashOf } from './random.ts'
import { report } from './report.ts'
import { history } from './run.ts'
import { trySeeds } from './seeds.ts'

const HISTORIES = 2000

test('Whatever people, the provider, the network and crashes do, nobody pays for nothing and nobody learns for nothing', async (t) => {
  const began = performance.now()
  const { histories, steps, failed } = await trySeeds({ from: 1, count: HISTORIES, workers: Math.min(2, availableParallelism()) })
  t.diagnostic(`${histories} histories, ${steps} steps, ${Math.round(histories / ((performance.now() - began) / 1000))} a second`)
  assert.deepEqual(
    failed.map((each) => each.report),
    [],
  )
  assert.equal(histories, HISTORIES)
})

test('A seed is a history: tried again, it is the same step for step', async () => {
  for (const seed of [1, 7, 1234]) {
    const [once, again, other] = [(await history(seed)).lines(), (await history(seed)).lines(), (await history(seed + 1)).lines()]
    assert.equal(hashOf(once), hashOf(again))
    assert.deepEqual(once, again)
    assert.notEqual(hashOf(once), hashOf(other))
  }
})

for (const [what, parts] of Object.entries(PLANTED)) {
  test(`A school in which ${what} is found out within fifty histories, and told so that it can be mended`, async () => {
    let found = 0
    for (let seed = 1; seed <= 50 && found === 0; seed += 1) {
      const lived = await history(seed, parts)
      if (lived.broken.length === 0) continue
      found = seed
      const text = report(lived)
      assert.match(text, new RegExp(`^Seed ${seed}: `))
      assert.match(text, /✗ \w/)
      assert.match(text, new RegExp(`History [0-9a-f]{8}\\. The whole of it: npm run simulate -- --seed ${seed}`))
      assert.equal(hashOf((await history(seed, parts)).lines()), hashOf(lived.lines()))
    }
    assert.ok(found > 0, 'fifty histories found nothing')
  })
}
