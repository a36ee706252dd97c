import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COOKIES, playbackCookies, STREAM_COOKIE } from '#core/delivery/signer.ts'
import { ask, clock, codeOf, cookie, ids, keys, pairs, schoolFolder, settings } from './edge.fixture.ts'
import { replaceKeys, rotateKeys } from './keys.ts'

const rotation = { folder: schoolFolder, settings, ids, clock }
const stream = pairs('vid_a')[STREAM_COOKIE] ?? ''

type Values = Record<string, string>
/** What a player that asks for cookies now is given. */
const minted = async (): Promise<Values> => {
  const { cookies } = playbackCookies({ settings, keys: await keys.live(), video: 'vid_a', stream, now: clock.now() })
  return Object.fromEntries(cookies.map((line) => (line.split(';')[0] ?? '').split('=', 2)))
}
const watch = (values: Values) => ask('/media/vid_a/720p/1.m4s', { headers: { cookie: cookie(values) } })
const keyOf = (values: Values): string => values[COOKIES.key] ?? ''

test('a rotation while the edge is open: viewers with cookies of the former key go on, new cookies open the video as well', async () => {
  const before = await minted()
  assert.ok('keys' in (await rotateKeys(rotation)))
  assert.equal((await watch(before)).status, 200)
  clock.pass(5)
  const after = await minted()
  assert.notEqual(keyOf(before), keyOf(after))
  assert.deepEqual([(await watch(before)).status, (await watch(after)).status], [200, 200])
  assert.equal(codeOf(await watch({ ...after, [COOKIES.key]: keyOf(before) })), 'AccessDenied')
})

test('five seconds after all keys were replaced, what they signed is refused, and one renewal lets the viewer go on', async () => {
  const leaked = await minted()
  assert.equal((await watch(leaked)).status, 200)
  await replaceKeys(rotation)
  clock.pass(5)
  assert.equal(codeOf(await watch(leaked)), 'InvalidKey')
  assert.equal((await watch(await minted())).status, 200)
})
