import { noteByHand } from '#core/audit/by-hand.ts'
import type { World } from '#ports/world.ts'
import { withSchool } from './by-hand.ts'
import { personBy } from './people.ts'
import type { Verb } from './verb.ts'

const NAME = 'second-step'

const letIn = async (world: World, email: string): Promise<number> => {
  const { identity } = world
  const { desk } = identity
  if (!desk) throw new Error('The sign-in of this school is not its own.')
  const person = await personBy(identity, email)
  if (!person) return 1
  await noteByHand(world, { act: 'operator.endSecondStep', whom: person, verb: NAME })
  for (const { id } of (await desk.of(person.id)).passkeys ?? []) await desk.removePasskey(person.id, id)
  await desk.removeSecondFactor(person.id)
  await identity.endSessions(person.id)
  process.stdout.write(`\n  ${person.name} (${person.email}) signs in with the password alone from now on, and is written to.\n\n`)
  return 0
}

export const secondStep: Verb = {
  name: NAME,
  says: 'lets somebody in again who has lost their authenticator app and all recovery codes',
  help: `
npm run lectern -- second-step <email>

Takes the authenticator app, its recovery codes and all passkeys from that person's account, and ends their sessions. They sign in
with the password, and set up another where the school asks its staff for one. Make sure it is they who ask: call them.
It is written down among the acts of the staff (/school/audit), and the person is written to: by an open school within a minute, by a
closed one when it opens. It holds at once, while the school is open or closed. Ends with 1 where nobody has that address.`,
  run: ([email = '']) => withSchool((world) => letIn(world, email)),
}
