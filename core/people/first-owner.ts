import { rolesWith } from '#contract/roles.ts'
import type { Timer } from '#core/handlers.ts'
import { all } from '#core/records.ts'
import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'
import { firstOwnerRecords } from './records.ts'

const adminsOf = (identity: World['identity']): Promise<Person[]> =>
  all((page) => identity.list({ role: 'admin', ...(page !== undefined && { page }) }), Number.POSITIVE_INFINITY)

/**
 * Before there were owners, admins might do all. Where a school has admins and no owner when this is first looked at, those who can sign in become
 * its owners. Once: whoever is made an admin later is no more than that.
 */
export const ensureOwner = async (world: World): Promise<void> => {
  const { tables, identity, clock, log } = world
  if (await firstOwnerRecords.get(tables, {})) return
  const { items: owners } = await identity.list({ role: 'owner' })
  const heirs = owners.length > 0 ? [] : (await adminsOf(identity)).filter(({ isVerified, isDisabled }) => isVerified && !isDisabled)
  for (const { id } of heirs) {
    await identity.setRoles(id, rolesWith('owner'))
    log.info('an admin of an earlier version is an owner now', { person: id })
  }
  await tables.commit([firstOwnerRecords.put({ at: clock.now().toISOString(), made: heirs.map(({ id }) => id) })])
}

export const firstOwner: Timer = { name: 'people.first-owner', everySeconds: 3600, run: ensureOwner }
