import { type Finding, ill, well } from '#core/operations/findings.ts'
import { ailing, lostObjects, orphans } from './ailments.ts'
import { systemClock } from './clock.ts'
import { type Unsound, unsoundDatabases } from './soundness.ts'

const MOST_NAMED = 20

export const damagedFinding = (found: readonly Unsound[]): Finding => {
  const some = found.slice(0, MOST_NAMED).map(({ what, says }) => `${what}: ${says}`)
  return ill([`damaged: ${found.length}. Take these from a backup (npm run lectern -- restore --help):`, ...some].join('\n'))
}

const databases = async ({ data }: { data: string }): Promise<Finding> => {
  const unsound = await unsoundDatabases(data)
  return unsound.length === 0 ? well('hold together') : damagedFinding(unsound)
}

/** Those that read so much that nobody can be answered meanwhile, by the data folder alone. */
export const LONG_CHECKS = [
  { name: 'Databases', find: databases },
  { name: 'Lost', find: async ({ data }: { data: string }) => ailing(await lostObjects({ data, clock: systemClock }), 'no object is without its file', ill) },
  { name: 'Orphans', find: async ({ data }: { data: string }) => ailing(await orphans({ data, clock: systemClock }), 'none') },
] as const
