import assert from 'node:assert/strict'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { checkOf } from '#core/operations/findings.ts'
import { premisesLaws } from '#ports/premises.laws.ts'
import { CHECKS } from './checks.ts'
import { premises } from './premises.ts'
import { openSchoolFile } from './school-file.ts'
import { scratchFolder } from './scratch.fixture.ts'
import { readSettings } from './settings.ts'

premisesLaws('the machine home', async () => {
  const data = await scratchFolder()
  await openSchoolFile(join(data, 'school.sqlite')).close()
  // As encoders hold their lease: what is in use is not damaged.
  const held = new DatabaseSync(join(data, 'lease.sqlite'))
  held.exec('PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE held (one); BEGIN EXCLUSIVE')
  let now = 0
  return {
    premises: premises(readSettings({ LECTERN_DATA: data }), () => now),
    tellsBytes: 'here',
    async damage() {
      await writeFile(join(data, 'people.sqlite'), 'This is no database, and was one a minute ago.'.repeat(100))
      now += 3600_000
      return 'Databases'
    },
    async close() {
      held.close()
      await rm(data, { recursive: true })
    },
  }
})

test('an open school tells its admins what the doctor finds, by the same names and in the same words', async (t) => {
  const data = await scratchFolder()
  t.after(() => rm(data, { recursive: true }))
  await openSchoolFile(join(data, 'school.sqlite')).close()
  await writeFile(join(data, 'secrets.json'), '{}')
  await chmod(join(data, 'secrets.json'), 0o644)
  await writeFile(join(data, 'people.sqlite'), 'This is no database.'.repeat(100))
  const settings = readSettings({ LECTERN_DATA: data, FFMPEG_PATH: '/bin/echo' })
  const found = await Promise.all(CHECKS.map(async ({ name, find }) => checkOf(name, await find(settings))))
  assert.deepEqual(await premises(settings, () => 0).look(), found)
  const told = found.filter(({ state }) => state !== 'well').map(({ name }) => name)
  assert.ok(told.includes('Databases') && told.includes('Secrets'))
  assert.match(found.find(({ name }) => name === 'Secrets')?.says ?? '', /secrets\.json\nnpm run lectern -- doctor --fix mends it$/)
})
