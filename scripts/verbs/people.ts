import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { identity, type MachineIdentity } from '#homes/machine/identity.ts'
import { silentLog } from '#homes/machine/log.ts'
import { refuseOther } from '#homes/machine/migrations.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { Identity, Person } from '#ports/identity.ts'
import { complain } from './saying.ts'

/** Whose address it is; where it is nobody's, that is said. */
export const personBy = async (people: Pick<Identity, 'findByEmail'>, email: string): Promise<Person | undefined> => {
  const person = await people.findByEmail(email)
  if (!person) complain(`Nobody here has the address "${email}".`)
  return person
}

/** Does something with the person who has an address, in the directory of the data folder; the number it answers, or 0; 1 where nobody has the address. */
export const withPerson = async (email: string, act: (people: MachineIdentity, person: Person) => Promise<unknown>): Promise<number> => {
  const { data, url, schoolName } = readSettings(process.env)
  await refuseOther(data)
  const mail = { send: () => Promise.reject(new Error('No mail is sent from here.')) }
  const people = await identity({ folder: data, url, schoolName, mail, clock: systemClock, ids: randomIds(systemClock), log: silentLog })
  try {
    const person = await personBy(people, email)
    if (!person) return 1
    const told = await act(people, person)
    return typeof told === 'number' ? told : 0
  } finally {
    people.close()
  }
}
