import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { logsBelow, secretsIn } from './secrets.ts'

const TELLING = [
  '{"cookie":"CloudFront-Policy=eyJ; CloudFront-Signature=abc"}',
  'GET /files/fil_1/content?Expires=1&Signature=abc&Key-Pair-Id=K1',
  'GET /media/vid_1/a.m4s?Policy=abc',
  '{"cookie":"Lectern-Stream=str_1"}',
  '{"headers":{"set-cookie":["a=b"]}}',
  '{"authorization":"Bearer eyJhbGciOiJSUzI1NiJ9"}',
  `{"token":"eyJ${'a'.repeat(40)}"}`,
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN RSA PRIVATE KEY-----',
  '{"secret":"whsec_1234"}',
]

for (const line of TELLING) {
  test(`a log with ${line.slice(0, 40)}… gives something away`, () => {
    const found = secretsIn(`{"level":30}\n${line}\n{"level":30}`)
    assert.ok(found.length > 0)
    assert.ok(found.every((kind) => !kind.includes('abc')))
  })
}

test('what the school prints at its start, and a request by its path, give nothing away', () => {
  assert.deepEqual(secretsIn('The school is open.\n  password: quiet-otter-42\n{"path":"/media/vid_1/720p/00001.m4s","key":"K1","policy":"AccessDenied"}'), [])
})

test('every log below the data folder is read, however deep, and nothing else', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'lectern-logs-'))
  t.after(() => rm(data, { recursive: true }))
  await mkdir(join(data, 'work', 'deep'), { recursive: true })
  await writeFile(join(data, 'school.log'), 'one')
  await writeFile(join(data, 'work', 'deep', 'worker.log'), 'two')
  await writeFile(join(data, 'keys.json'), '-----BEGIN PRIVATE KEY-----')
  const texts = (await logsBelow(data)).map(({ text }) => text).sort()
  assert.deepEqual(texts, ['one', 'two'])
})
