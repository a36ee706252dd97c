import type { DeadLetter } from '#ports/events.ts'
import type { World } from '#ports/world.ts'
import { withSchool } from './by-hand.ts'
import { complain, say } from './saying.ts'
import type { Verb } from './verb.ts'

const line = ({ event, listener, attempts, reason, since }: DeadLetter): string[] => [
  `${event.id}  ${listener}`,
  `    “${event.name}” of ${since}, tried ${attempts} times: ${reason}`,
]

const list = async ({ events }: World): Promise<number> => {
  const letters = await events.deadLetters()
  if (letters.length === 0) say('Nothing was given up.')
  else say(...letters.flatMap(line), '', 'deadletters show|replay|discard <event> <listener>')
  return 0
}

const show = async ({ events }: World, event: string, listener: string): Promise<number> => {
  const found = (await events.deadLetters()).find((each) => each.event.id === event && each.listener === listener)
  if (!found) return absent()
  say(...line(found), '', ...JSON.stringify(found.event.payload, null, 2).split('\n'))
  return 0
}

const absent = (): number => {
  complain('There is no such dead letter. Which there are: npm run lectern -- deadletters')
  return 1
}

type Act = (event: string, listener: string) => Promise<'done' | 'absent'>

const one = async (act: Act, [event = '', listener = '']: readonly string[], done: string): Promise<number> => {
  if ((await act(event, listener)) === 'absent') return absent()
  say(done)
  return 0
}

const replayAll = async ({ events }: World): Promise<number> => {
  const letters = await events.deadLetters()
  for (const { event, listener } of letters) await events.replay(event.id, listener)
  say(`${letters.length} are tried again: within a minute by an open school, or when it opens.`)
  return 0
}

const carriedOut = (world: World, act: string, rest: readonly string[]): Promise<number> | undefined => {
  const { events } = world
  const [event = '', listener = ''] = rest
  if (act === 'list') return list(world)
  if (act === 'show') return show(world, event, listener)
  if (act === 'replay' && event === '--all') return replayAll(world)
  if (act === 'replay') return one(events.replay, rest, 'It is tried again: within a minute by an open school, or when it opens.')
  if (act === 'discard') return one(events.discard, rest, 'It is given up for good.')
  return undefined
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
  run: ([act = 'list', ...rest]) =>
    withSchool(async (world) => {
      const outcome = await carriedOut(world, act, rest)
      if (outcome !== undefined) return outcome
      complain(`What is “${act}”? One of: list, show, replay, discard`)
      return 2
    }),
}
