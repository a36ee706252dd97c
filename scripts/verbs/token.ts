import { withPerson } from './people.ts'
import type { Verb } from './verb.ts'

const TTL_SECONDS = 3600

export const token: Verb = {
  name: 'token',
  says: 'prints an access token of a person, for scripts',
  help: `
npm run --silent lectern -- token <email>

Prints an access token of that person, good for an hour, and nothing else. Send it as “Authorization: Bearer …”.
It works while the school is open or closed, on the machine that holds its data folder; where the school has been given
another PORT or LECTERN_URL, give it here too, since a token names the school it is for.
Ends with 1 where nobody has that address.`,
  run: ([email = '']) =>
    withPerson(email, async (people, person) => {
      process.stdout.write(`${await people.mint(person.id, TTL_SECONDS)}\n`)
    }),
}
