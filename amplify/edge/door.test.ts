import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { type Door, doorProgram, PROXY_HEADER } from './door.ts'

const SECRET = 'forty-letters-that-only-the-proxy-knows!'
const digest = createHash('sha256').update(SECRET).digest('hex')

type Shown = { value: string; multiValue?: { value: string }[] }

/** Whether the program lets a request in, and which headers it leaves. Of Node it has what CloudFront gives it: `crypto`. */
const asked = (door: Door, host: string, shown?: Shown): { isIn: boolean; left: string[] } => {
  const request = { headers: { host: { value: host }, ...(shown && { [PROXY_HEADER]: shown }) } }
  const isIn: unknown = runInNewContext(`${doorProgram(door)}; passes(request, host)`, { request, host, require: createRequire(import.meta.url) })
  return { isIn: isIn === true, left: Object.keys(request.headers) }
}

test('the school is reached through its proxy alone, by its own name as by the distribution’s', () => {
  const door: Door = { digest, mediaHost: 'media.school.example' }
  assert.deepEqual(asked(door, 'school.example', { value: SECRET }), { isIn: true, left: ['host'] })
  for (const host of ['school.example', 'd111111abcdef8.cloudfront.net', 'media.school.example.evil.example'])
    for (const shown of [undefined, { value: '' }, { value: digest }, { value: SECRET, multiValue: [{ value: SECRET }, { value: 'x' }] }])
      assert.equal(asked(door, host, shown).isIn, false)
})

test('the host of videos is reached by everybody, and nobody’s secret goes on from there', () => {
  assert.deepEqual(asked({ digest, mediaHost: 'media.school.example' }, 'media.school.example', { value: 'x' }), { isIn: true, left: ['host'] })
})

test('without a proxy in front everybody comes in; a secret in the place of its digest is not put into a template', () => {
  assert.equal(asked({ digest: undefined, mediaHost: undefined }, 'school.example').isIn, true)
  assert.throws(() => doorProgram({ digest: SECRET, mediaHost: undefined }), /64 hexadecimal/)
  assert.equal(doorProgram({ digest, mediaHost: undefined }).includes(SECRET), false)
})

test('the edge and the homes look for the same header', () => {
  const homes = readFileSync(new URL('../../homes/proxy-door.ts', import.meta.url), 'utf8')
  assert.ok(homes.includes(`PROXY_HEADER = '${PROXY_HEADER}'`))
})
