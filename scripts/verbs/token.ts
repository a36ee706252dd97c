import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { identity } from '#homes/machine/identity.ts'
import { silentLog } from '#homes/machine/log.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { Verb } from './verb.ts'

const TTL_SECONDS = 3600

export const token: Verb = {
  name: 'token',
  says: 'prints an access token of a person, for scripts',
  help: `
npm run --silent lectern -- token <email>

Prints an access token of that person, good for an hour, and nothing else. Send it as “Authorization: Bearer …”.
It works while the school is open or closed, on the machine that holds its data folder.
Ends with 1 where nobody has that address.`,
  async run([email = '']) {
    const { data, url, schoolName } = readSettings(process.env)
    const mail = { send: () => Promise.reject(new Error('No mail is sent from here.')) }
    const people = await identity({ folder: data, url, schoolName, mail, clock: systemClock, ids: randomIds(systemClock), log: silentLog })
    try {
      const person = await people.findByEmail(email)
      if (person) process.stdout.write(`${await people.mint(person.id, TTL_SECONDS)}\n`)
      else process.stderr.write(`\n  Nobody here has the address "${email}".\n\n`)
      return person ? 0 : 1
    } finally {
      people.close()
    }
  },
}
