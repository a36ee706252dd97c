import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { premisesLaws } from '#ports/premises.laws.ts'
import { premises } from './premises.ts'
import { openSchoolFile } from './school-file.ts'
import { scratchFolder } from './scratch.fixture.ts'

premisesLaws('the machine home', async () => {
  const data = await scratchFolder()
  await openSchoolFile(join(data, 'school.sqlite')).close()
  // As encoders hold their lease: what is in use is not damaged.
  const held = new DatabaseSync(join(data, 'lease.sqlite'))
  held.exec('PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE held (one); BEGIN EXCLUSIVE')
  let now = 0
  return {
    premises: premises({ data, ffmpegPath: undefined, mail: undefined, stripe: undefined }, () => now),
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
