import * as z from 'zod'
import type { World } from '#ports/world.ts'

/** No function runs longer: whoever holds a lease that old has died. */
const LEASE_MS = 15 * 60_000

const Lease = z.object({ until: z.iso.datetime() })

type Leasing = Pick<World, 'tables' | 'clock'>

/** The lease's version while it is ours; undefined while another has it. */
const take = async ({ tables, clock }: Leasing, name: string): Promise<number | undefined> => {
  const key = { pk: `lease#${name}`, sk: 'lease' }
  const found = await tables.get(key)
  const now = clock.now().getTime()
  if (found && Date.parse(Lease.parse(found.body).until) > now) return undefined
  const body = { until: new Date(now + LEASE_MS).toISOString() }
  const outcome = await tables.commit([{ kind: 'put', key, body, expect: found ? { version: found.version } : 'absent' }])
  return outcome === 'done' ? (found?.version ?? 0) + 1 : undefined
}

/** Ended and not removed: versions go on from there, so that nobody ends another's. */
const end = async ({ tables, clock }: Leasing, name: string, version: number): Promise<void> => {
  const body = { until: clock.now().toISOString() }
  await tables.commit([{ kind: 'put', key: { pk: `lease#${name}`, sk: 'lease' }, body, expect: { version } }])
}

/**
 * Does what only one of the school's many processes may do at a time; `busy` when another is at it, and nothing was done. What dies meanwhile
 * keeps its lease for a quarter of an hour.
 */
export const underLease = async (leasing: Leasing, name: string, work: () => Promise<void>): Promise<'done' | 'busy'> => {
  const version = await take(leasing, name)
  if (version === undefined) return 'busy'
  try {
    await work()
  } finally {
    await end(leasing, name, version)
  }
  return 'done'
}
