import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { identity, type MachineIdentity } from '#homes/machine/identity.ts'
import { silentLog } from '#homes/machine/log.ts'
import { refuseOther } from '#homes/machine/migrations.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { Person } from '#ports/identity.ts'

/** Does something with the person who has an address, in the directory of the data folder; the number it answers, or 0; 1 where nobody has the address. */
export const withPerson = async (email: string, act: (people: MachineIdentity, person: Person) => Promise<unknown>): Promise<number> => {
  const { data, url, schoolName } = readSettings(process.env)
  await refuseOther(data)
  const mail = { send: () => Promise.reject(new Error('No mail is sent from here.')) }
  const people = await identity({ folder: data, url, schoolName, mail, clock: systemClock, ids: randomIds(systemClock), log: silentLog })
  try {
    const person = await people.findByEmail(email)
    const told = person && (await act(people, person))
    if (person) return typeof told === 'number' ? told : 0
    process.stderr.write(`\n  Nobody here has the address "${email}".\n\n`)
    return 1
  } finally {
    people.close()
  }
}
