import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { premisesLaws } from '#ports/premises.laws.ts'
import { premises } from './premises.ts'
import { openSchoolFile } from './school-file.ts'
import { scratchFolder } from './scratch.fixture.ts'

premisesLaws('the machine home', async () => {
  const data = await scratchFolder()
  await openSchoolFile(join(data, 'school.sqlite')).close()
  let now = 0
  return {
    premises: premises({ data, ffmpegPath: process.execPath, mail: undefined, stripe: undefined }, () => now),
    async damage() {
      await writeFile(join(data, 'people.sqlite'), 'This is no database, and was one a minute ago.'.repeat(100))
      now += 3600_000
      return 'Databases'
    },
    close: () => rm(data, { recursive: true }),
  }
})
