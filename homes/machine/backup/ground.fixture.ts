import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { digestOf } from '#homes/move/school.fixture.ts'
import { randomIds } from '../clock.ts'
import { machineSide } from '../moving.ts'
import { aClock } from '../scratch.fixture.ts'
import { openSecrets } from '../secrets.ts'
import type { For } from './keys.ts'
import { takeBackup } from './take.ts'

type Side = Awaited<ReturnType<typeof machineSide>>

/** A closed school with what `fill` puts into it, and a folder for its backups, each of which is taken an hour later than the one before. */
export const aGround = async (t: TestContext, fill: (school: Side) => Promise<unknown>) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-backup-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const clock = aClock()
  const ids = randomIds(clock)
  const [data, to] = [join(folder, 'data'), join(folder, 'backups')]
  const side = (at: string, role: 'from' | 'to' = 'from') => machineSide({ folder: at, clock, ids, url: 'http://school.test', schoolName: 'School', role })
  const digest = async (at: string): Promise<string> => {
    const opened = await side(at)
    return digestOf(opened).finally(opened.close)
  }
  const school = await side(data, 'to')
  await fill(school)
  await school.close()
  await openSecrets(data, { ids, clock })
  const take = (encrypt?: For) => {
    clock.pass(3600_000)
    return takeBackup({ data, to, clock, ids, encrypt })
  }
  return { folder, data, to, clock, ids, side, digest, take, restored: join(folder, 'restored') }
}
