import type { Attention, PartState } from '#contract/desks.ts'
import { overview } from '#core/money/overview.ts'
import { DUE_ERASURES, erasureRecords } from '#core/privacy/records.ts'
import type { Check } from '#ports/premises.ts'
import type { World } from '#ports/world.ts'
import { newestFilms } from './films.ts'
import { checkOf, DELIVERIES, deliveriesFinding, doubtful, well } from './findings.ts'
import { partStates } from './lateness.ts'
import { newestLetters } from './letters.ts'
import { disk } from './storage.ts'

const MOST_COUNTED = 100

const LATE: Record<PartState['part'], { name: string; normal: string; delayed: string }> = {
  films: {
    ...{ name: 'Films', normal: 'are made as they come' },
    delayed: 'wait longer than they should, or several could not be made: look at the films and at school.log',
  },
  letters: {
    ...{ name: 'Letters', normal: 'are taken by the post' },
    delayed: 'are not taken by the post: what it says stands in the log of letters. People cannot sign up or reset passwords',
  },
  payments: {
    ...{ name: 'Payments', normal: 'are worked off as news of them comes' },
    delayed: 'wait: the provider does not answer, or its news are not worked off. Nothing is lost; look at the desk of money',
  },
}

const ofPart = ({ part, state }: PartState): Check => {
  const { name, ...words } = LATE[part]
  return checkOf(name, state === 'normal' ? well(words.normal) : doubtful(words.delayed))
}

/** What its home finds of itself, and what the school knows. */
export const checks = async (world: World): Promise<{ at: string; checks: Check[] }> => {
  const [found, parts, dead] = await Promise.all([world.premises.look(), partStates(world), world.events.deadLetters()])
  const deliveries = checkOf(DELIVERIES, deliveriesFinding(dead.map(({ event, listener }) => ({ name: event.name, listener }))))
  return { at: world.clock.now().toISOString(), checks: [...found, ...parts.map(ofPart), deliveries] }
}

/** Of the newest of everything: what is older than a look goes is no news to anybody. */
export const attention = async (world: World): Promise<Attention> => {
  const { tables, events } = world
  const [dead, films, letters, leaving, money, parts, room] = await Promise.all([
    events.deadLetters(),
    newestFilms(world, MOST_COUNTED),
    newestLetters(world, MOST_COUNTED),
    erasureRecords.listIndex(tables, DUE_ERASURES, { limit: MOST_COUNTED }),
    overview(world),
    partStates(world),
    disk(world),
  ])
  const { disputed, warned, held, findings, parked, unreached } = money
  return {
    deadLetters: dead.length,
    failedFilms: films.filter(({ state }) => state === 'failed').length,
    heldFilms: films.filter(({ state }) => state === 'held').length,
    failedLetters: letters.filter(({ state }) => state === 'failed').length,
    leaving: leaving.items.length,
    money: { disputed, warned, held, findings, parked, unreached },
    delayed: parts.filter(({ state }) => state === 'delayed'),
    disk: room,
  }
}
