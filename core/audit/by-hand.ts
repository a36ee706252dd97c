import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'
import { actRecords } from './records.ts'

type ByHand = 'operator.endSecondStep'

/** What the operator does to somebody by a verb, each with its one line, as the contract has one for what staff do. */
export const BY_HAND: ReadonlyMap<string, string> = new Map<ByHand, string>([
  ['operator.endSecondStep', 'Take the second step from the account of somebody who has lost it'],
])

/** Whoever has the machine: there is no account behind it. */
const OPERATOR = { id: 'operator', name: 'Operator', email: '' }

/** Written before it is done, for the directory of people commits by itself: none is done that is not written down. */
export const noteByHand = async (
  { tables, clock, ids }: Pick<World, 'tables' | 'clock' | 'ids'>,
  { act, whom, verb }: { act: ByHand; whom: Person; verb: string },
): Promise<void> => {
  const { id, name, email } = whom
  const what = { act, by: OPERATOR, asked: { email }, about: [name], changes: [], request: `lectern ${verb}`, whom: [id] }
  await tables.commit([actRecords.put({ id: ids.make('act'), at: clock.now().toISOString(), ...what })])
}
