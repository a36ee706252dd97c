import { GONE_EMAIL, GONE_NAME, type Leaving } from '#core/personal.ts'
import type { Json } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'

type Former = { names: string[]; emails: string[] }

type Person = Pick<Leaving, 'person' | 'name' | 'email' | 'former'>

/**
 * Learns what somebody was called before, and which addresses they had: what stands beside their id and is another than now. An account knows
 * its last name and address alone. An order, a membership and whatever else has a `learner` keep the address of that moment beside them.
 */
export const formerOf = ({ person, name, email, former }: Person) => {
  const [names, emails] = [new Set(former?.names), new Set(former?.emails)]
  const look = (value: Json | undefined): void => {
    if (typeof value !== 'object' || value === null) return
    for (const each of Object.values(value)) look(each)
    if (Array.isArray(value)) return
    const { id, learner, name: called, email: reached } = value
    if (id === person && typeof called === 'string' && !['', name, GONE_NAME].includes(called)) names.add(called)
    const address = (id === person || learner === person) && typeof reached === 'string' ? reached.toLowerCase() : ''
    if (!['', email.toLowerCase(), GONE_EMAIL].includes(address)) emails.add(address)
  }
  /** An address that somebody else has by now is theirs. */
  const told = async ({ identity }: Pick<World, 'identity'>): Promise<Former> => {
    const left: string[] = []
    for (const each of emails) if (!(await identity.findByEmail(each))) left.push(each)
    return { names: [...names], emails: left }
  }
  return { look, told }
}
