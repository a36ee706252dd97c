import type { DeadLetter } from '#ports/events.ts'
import type { World } from '#ports/world.ts'
import { withSchool } from './by-hand.ts'
import { complain, say } from './saying.ts'
import type { Verb } from './verb.ts'

const line = ({ event, listener, attempts, reason, since }: DeadLetter): string[] => [
  `${event.id}  ${listener}`,
  `    “${event.name}” of ${since}, tried ${attempts} times: ${reason}`,
]

/** What is to be said, and the code to end with: 0 done, 1 there is no such letter, 2 asked wrongly. */
type Outcome = { code: number; says: string[] }
const done = (...says: string[]): Outcome => ({ code: 0, says })
const ABSENT: Outcome = { code: 1, says: ['There is no such dead letter. Which there are: npm run lectern -- deadletters'] }

const list = async ({ events }: World): Promise<Outcome> => {
  const letters = await events.deadLetters()
  if (letters.length === 0) return done('Nothing was given up.')
  return done(...letters.flatMap(line), '', 'deadletters show|replay|discard <event> <listener>')
}

const show = async ({ events }: World, event: string, listener: string): Promise<Outcome> => {
  const found = (await events.deadLetters()).find((each) => each.event.id === event && each.listener === listener)
  return found ? done(...line(found), '', ...JSON.stringify(found.event.payload, null, 2).split('\n')) : ABSENT
}

type Act = (event: string, listener: string) => Promise<'done' | 'absent'>

const one = async (act: Act, [event = '', listener = '']: readonly string[], says: string): Promise<Outcome> =>
  (await act(event, listener)) === 'absent' ? ABSENT : done(says)

const replayAll = async ({ events }: World): Promise<Outcome> => {
  const letters = await events.deadLetters()
  for (const { event, listener } of letters) await events.replay(event.id, listener)
  return done(`${letters.length} are tried again: within a minute by an open school, or when it opens.`)
}

export const carriedOut = async (world: World, [act = 'list', ...rest]: readonly string[]): Promise<Outcome> => {
  const { events } = world
  const [event = '', listener = ''] = rest
  if (act === 'list') return list(world)
  if (act === 'show') return show(world, event, listener)
  if (act === 'replay' && event === '--all') return replayAll(world)
  if (act === 'replay') return one(events.replay, rest, 'It is tried again: within a minute by an open school, or when it opens.')
  if (act === 'discard') return one(events.discard, rest, 'It is given up for good.')
  return { code: 2, says: [`What is “${act}”? One of: list, show, replay, discard`] }
}

export const deadLetters: Verb = {
  name: 'deadletters',
  says: 'lists what the school gave up telling itself, to be tried again or given up',
  help: `
npm run lectern -- deadletters [list]
npm run lectern -- deadletters show <event> <listener>
npm run lectern -- deadletters replay <event> <listener>  |  replay --all
npm run lectern -- deadletters discard <event> <listener>

Whatever happens is told to whoever has something to do about it, and told again for about three days where that fails. Then it lies here. Mend
the cause first, then replay; discard what needs nothing any more. It works while the school is open or closed.
Ends with 1 where there is no such letter.`,
  run: (args) =>
    withSchool(async (world) => {
      const { code, says } = await carriedOut(world, args)
      if (code === 0) say(...says)
      else complain(says.join('\n  '))
      return code
    }),
}
