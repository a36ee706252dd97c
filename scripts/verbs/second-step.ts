import { withPerson } from './people.ts'
import type { Verb } from './verb.ts'

export const secondStep: Verb = {
  name: 'second-step',
  says: 'lets somebody in again who has lost their authenticator app and all recovery codes',
  help: `
npm run lectern -- second-step <email>

Takes the authenticator app, its recovery codes and all passkeys from that person's account, and ends their sessions. They sign in
with the password, and set up another where the school asks its staff for one. Make sure it is they who ask: call them.
It holds at once, while the school is open or closed. Ends with 1 where nobody has that address.`,
  run: ([email = '']) =>
    withPerson(email, async ({ desk, endSessions }, person) => {
      if (!desk) throw new Error('The sign-in of this school is not its own.')
      for (const { id } of (await desk.of(person.id)).passkeys ?? []) await desk.removePasskey(person.id, id)
      await desk.removeSecondFactor(person.id)
      await endSessions(person.id)
      process.stdout.write(`\n  ${person.name} (${person.email}) signs in with the password alone from now on.\n\n`)
    }),
}
