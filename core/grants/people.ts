import { Refusal } from '#core/refusal.ts'
import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'

/** Whoever has an account with this address. Only an admin may ask: to others the answer would tell who has one. */
export const personWith = async ({ identity }: Pick<World, 'identity'>, email: string): Promise<Person> => {
  const person = await identity.findByEmail(email)
  if (!person) throw new Refusal('not-found', `Nobody has an account with the address ${email}.`, 'person')
  return person
}
