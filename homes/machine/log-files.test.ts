import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileLog } from './log.ts'
import { logFile } from './log-files.ts'

const folder = await mkdtemp(join(tmpdir(), 'lectern-logs-'))
after(() => rm(folder, { recursive: true }))

let count = 0
const aLog = async () => {
  count += 1
  const below = join(folder, String(count))
  await mkdir(below)
  let moment = new Date('2026-11-29T23:59:00Z')
  return {
    path: join(below, 'school.log'),
    below,
    now: () => moment,
    at: (said: string) => (moment = new Date(said)),
    names: async () => (await readdir(below)).toSorted(),
    said: async (name: string) =>
      (await readFile(join(below, name), 'utf8')).split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { msg: string }).msg])),
  }
}

test('each day has a file of its own, and no line is lost between two', async () => {
  const { path, now, at, names, said } = await aLog()
  const log = fileLog(path, now)
  log.info('late')
  log.info('later')
  at('2026-11-30T00:00:12.345Z')
  log.info('early')
  assert.deepEqual(await names(), ['school.2026-11-30T00-00-12.345Z.log', 'school.log'])
  assert.deepEqual([await said('school.2026-11-30T00-00-12.345Z.log'), await said('school.log')], [['late', 'later'], ['early']])
})

test('a school that opens again on another day puts aside what it wrote before', async () => {
  const { path, now, names } = await aLog()
  await writeFile(path, '{"msg":"yesterday"}\n')
  await utimes(path, new Date('2026-11-28T10:00:00Z'), new Date('2026-11-28T10:00:00Z'))
  fileLog(path, now).info('today')
  assert.deepEqual(await names(), ['school.2026-11-29T23-59-00.000Z.log', 'school.log'])
  fileLog(path, now).info('opened again')
  assert.equal((await names()).length, 2)
})

test('a file that is full is put aside, the oldest go, and what is not a log of the school stays', async () => {
  const { path, below, now, at, names } = await aLog()
  for (const name of ['school.2026-11-28T00-00-00.000Z.log', 'other.log', 'school.sqlite']) await writeFile(join(below, name), 'x')
  const { write } = logFile({ path, now, bounds: { bytes: 10, files: 2, days: 30 } })
  for (const second of ['01', '02', '03', '04']) {
    at(`2026-11-29T23:59:${second}Z`)
    write('nine more\n')
  }
  const aside = ['school.2026-11-29T23-59-03.000Z.log', 'school.2026-11-29T23-59-04.000Z.log']
  assert.deepEqual(await names(), ['other.log', ...aside, 'school.log', 'school.sqlite'])
})

test('what is older than a month goes, but not by a clock that has jumped', async () => {
  const { path, below, now, at, names } = await aLog()
  await writeFile(join(below, 'school.2026-11-28T00-00-00.000Z.log'), 'x')
  const { write } = logFile({ path, now })
  write('before\n')
  at('2027-02-01T00:00:00Z')
  write('by a clock that is months ahead, or after months\n')
  assert.equal((await names()).length, 3)
  at('2027-02-02T00:00:00Z')
  write('a day later\n')
  assert.deepEqual(await names(), ['school.2027-02-01T00-00-00.000Z.log', 'school.2027-02-02T00-00-00.000Z.log', 'school.log'])
})

test('where a file cannot be put aside, lines go on into it, and into a new one where somebody has taken it away', async () => {
  const { path, below, now, at, names, said } = await aLog()
  await mkdir(join(below, 'school.2026-11-30T00-00-00.000Z.log'))
  const log = fileLog(path, now)
  log.info('before')
  at('2026-11-30T00:00:00Z')
  log.info('after')
  assert.deepEqual(await said('school.log'), ['before', 'after'])
  await rm(path)
  at('2026-12-01T00:00:00Z')
  log.info('anew')
  assert.deepEqual([await names(), await said('school.log')], [['school.2026-11-30T00-00-00.000Z.log', 'school.log'], ['anew']])
})
