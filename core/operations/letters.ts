import * as z from 'zod/mini'
import { LetterKind, type SentLetter } from '#contract/desks.ts'
import type { Timer } from '#core/handlers.ts'
import { after, DAY_MS } from '#core/moments.ts'
import { chunks, records } from '#core/records.ts'
import { reasonOf, withoutName } from '#core/without-addresses.ts'
import type { DeadLetter } from '#ports/events.ts'
import type { Letter, Mail } from '#ports/mail.ts'
import type { World } from '#ports/world.ts'

const KEPT_MS = 30 * DAY_MS
const REMOVED_AT_ONCE = 90
const ROWS = 50
const MOST_REASON = 300

/** Neither what was written nor to whom: a log is read by more people than a letter. */
const LoggedLetter = z.object({
  id: z.string(),
  kind: LetterKind,
  to: z.string(),
  state: z.enum(['sent', 'failed']),
  attempts: z.int(),
  /** Of the first attempt, and of the last. */
  since: z.string(),
  at: z.string(),
  reason: z.optional(z.string()),
  /** See `Letter.event`. */
  event: z.optional(z.string()),
})
export type LoggedLetter = z.infer<typeof LoggedLetter>

const LETTERS = 'letters-log'

export const loggedRecords = records({
  schema: LoggedLetter,
  key: ({ id }: { id: string }) => ({ pk: `letter#${id}`, sk: 'log' }),
  index: ({ id, at }) => ({ ipk: LETTERS, isk: `${at}#${id}` }),
  people: { what: 'goes', says: 'That a letter was written to you, and whether the post took it' },
})

const kindOf = ({ kind }: Letter): LetterKind => LetterKind.options.find((each) => each === kind) ?? 'other'

type Keeper = Pick<World, 'tables' | 'clock' | 'log'>

const note = async ({ tables, clock, log }: Keeper, letter: Letter, outcome: Pick<LoggedLetter, 'state' | 'reason'>): Promise<void> => {
  const at = clock.now().toISOString()
  try {
    const before = (await loggedRecords.get(tables, { id: letter.id }))?.value
    const attempts = (before?.attempts ?? 0) + 1
    const { id, event } = letter
    const of = { id, kind: kindOf(letter), to: withoutName(letter.to), ...(event !== undefined && { event }) }
    await tables.commit([loggedRecords.put({ ...outcome, ...of, attempts, since: before?.since ?? at, at })])
  } catch (error) {
    // What became of a letter holds whether or not it is noted: thrown on, it would be written again.
    log.warn('a letter is not in the log of letters', { letter: letter.id, reason: reasonOf(error) })
  }
}

/** The same post, with each letter noted: that there was one, and whether it was taken. */
export const loggedMail = <M extends object>(mail: Mail & M, keeper: Keeper): Mail & M => ({
  ...mail,
  async send(letter) {
    try {
      await mail.send(letter)
    } catch (error) {
      await note(keeper, letter, { state: 'failed', reason: reasonOf(error).slice(0, MOST_REASON) })
      throw error
    }
    await note(keeper, letter, { state: 'sent' })
  },
})

/** The newest, by when they were last tried. */
export const newestLetters = async ({ tables }: Pick<World, 'tables'>, limit: number): Promise<LoggedLetter[]> =>
  (await loggedRecords.listIndex(tables, LETTERS, { descending: true, limit })).items

/** See `Letter.event`. */
const givenUp = ({ id, event: of, state }: LoggedLetter, dead: readonly DeadLetter[]): SentLetter['givenUp'] => {
  const over = state === 'failed' ? dead.find(({ event }) => event.id === of || id.includes(event.id)) : undefined
  return over && { event: over.event.id, listener: over.listener }
}

const shown = (letter: LoggedLetter, dead: readonly DeadLetter[]): SentLetter => {
  const { kind, to, state, at, attempts, reason } = letter
  const over = givenUp(letter, dead)
  return { kind, to, state, at, attempts, ...(reason !== undefined && { reason }), ...(over && { givenUp: over }) }
}

const MOST_PAGES = 10

export const letters = async ({ tables, events }: World, { show, page: from }: { show: 'all' | 'failed'; page?: string | undefined }) => {
  const dead = await events.deadLetters()
  const found: SentLetter[] = []
  let page = from
  // Few of them fail: a look goes through many to find a page of those that did.
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const part = await loggedRecords.listIndex(tables, LETTERS, { descending: true, limit: ROWS, ...(page !== undefined && { page }) })
    found.push(...part.items.filter(({ state }) => show === 'all' || state === 'failed').map((letter) => shown(letter, dead)))
    page = part.next
    if (page === undefined || found.length >= ROWS) break
  }
  return { letters: found, ...(page !== undefined && { next: page }) }
}

const sweep = async (world: World): Promise<void> => {
  const oldest = after(world, -KEPT_MS)
  for (;;) {
    const { items } = await loggedRecords.listIndex(world.tables, LETTERS, { limit: 1000 })
    const old = items.filter(({ at }) => at < oldest)
    for (const some of chunks(old, REMOVED_AT_ONCE)) await world.tables.commit(some.map((letter) => loggedRecords.remove(letter)))
    if (old.length < 1000) return
  }
}

export const letterSweep: Timer = { name: 'operations.sweep-letters', everySeconds: 86_400, run: sweep }
