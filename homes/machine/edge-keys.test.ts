import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COOKIES } from '#core/delivery/signer.ts'
import { ask, clock, codeOf, cookie, folder, ids, keys, pairs, settings } from './edge.fixture.ts'
import { replaceKeys, rotateKeys } from './keys.ts'

const rotation = { folder, settings, ids, clock }
const pass = (seconds: number): void => {
  clock.time = new Date(clock.time.getTime() + seconds * 1000)
}
const fresh = async (): Promise<Record<string, string>> => pairs('vid_a', await keys.live())
const watch = (values: Record<string, string>) => ask('/media/vid_a/720p/1.m4s', { headers: { cookie: cookie(values) } })
const keyOf = (values: Record<string, string>): string => values[COOKIES.key] ?? ''

test('while the operator rotates keys under load, no viewer is refused: neither with cookies from before nor with new ones', async () => {
  const seen = new Set<string>()
  const [statuses, halt] = [new Map<number, number>(), new AbortController()]
  // Each viewer keeps its cookies for eight requests, then has them renewed: the old key and the new are in use at once.
  const viewer = async (turn: number): Promise<void> => {
    let held = await fresh()
    for (let request = turn; !halt.signal.aborted; request += 1) {
      if (request % 8 === 0) held = await fresh()
      seen.add(keyOf(held))
      const { status } = await watch(held)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  const served = async (more: number): Promise<void> => {
    const from = statuses.get(200) ?? 0
    while ((statuses.get(200) ?? 0) < from + more) await new Promise((resolve) => setImmediate(resolve))
  }
  const viewers = Promise.all(Array.from({ length: 12 }, (_, turn) => viewer(turn)))
  for (let rotations = 0; rotations < 3; rotations += 1) {
    await served(100)
    assert.ok('keys' in (await rotateKeys(rotation)))
    await served(100)
    pass(5)
    for (let third = 0; third < 3; third += 1) {
      await served(200)
      pass(220)
    }
    assert.ok('waitSeconds' in (await rotateKeys({ ...rotation, settings: { playbackTtlSeconds: 3600 } })))
  }
  halt.abort()
  await viewers
  assert.deepEqual([...statuses.keys()], [200])
  assert.equal(seen.size, 4)
})

test('cookies of a former key open the video until they end, and cookies of the new one at once', async () => {
  pass(1000)
  const before = await fresh()
  assert.ok('keys' in (await rotateKeys(rotation)))
  pass(5)
  const after = await fresh()
  assert.notEqual(keyOf(before), keyOf(after))
  assert.deepEqual([(await watch(before)).status, (await watch(after)).status], [200, 200])
  assert.equal(codeOf(await watch({ ...after, [COOKIES.key]: keyOf(before) })), 'AccessDenied')
})

test('five seconds after all keys were replaced, what they signed is refused, and one renewal lets the viewer go on', async () => {
  const leaked = await fresh()
  assert.equal((await watch(leaked)).status, 200)
  await replaceKeys(rotation)
  pass(5)
  assert.equal(codeOf(await watch(leaked)), 'InvalidKey')
  assert.equal((await watch(await fresh())).status, 200)
})
