import assert from 'node:assert/strict'
import { test } from 'node:test'
import { survive } from './kills.ts'

const [ROUNDS, KILLS] = [4, 25]

for (let seed = 1; seed <= ROUNDS; seed += 1) {
  test(`Of payments told to a school that is killed ${KILLS} times (lot ${seed}) none that it has acknowledged is lost, and none counts twice`, async (t) => {
    const { acknowledged, lost, doubled, torn, lettersAgain, drainedMs, atPoints } = await survive({ kills: KILLS, seed })
    t.diagnostic(
      `${acknowledged} acknowledged, ${atPoints.length} killed at a point, ${lettersAgain} letters sent again under their id, drained in ${Math.round(drainedMs)} ms`,
    )
    assert.deepEqual({ lost, doubled, torn }, { lost: [], doubled: [], torn: [] })
    assert.ok(acknowledged >= KILLS / 2, `${acknowledged} acknowledged`)
    assert.ok(atPoints.length >= KILLS / 3, atPoints.join(', '))
  })
}

test('A school whose commits are broken in two is found out by being killed', async () => {
  const { lost, torn } = await survive({ kills: 8, seed: 1, isSplit: true })
  assert.ok(lost.length + torn.length > 0)
})
