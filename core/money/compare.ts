import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { event, hearing } from '#core/events.ts'
import type { Timer } from '#core/handlers.ts'
import { membershipsOf } from '#core/memberships/records.ts'
import { after } from '#core/moments.ts'
import { ORDERS, orderRecords, soldRecords } from '#core/payments/records.ts'
import { all, chunks } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { allFindings, findingRecords, MOST_FINDINGS, reportRecords, type StoredFinding, type StoredReport, storedReport } from './findings.ts'
import { type Misfit, misfitsOfEnrolment, misfitsOfMembership, misfitsOfOrder } from './misfits.ts'
import { type Asks, endedAtProvider, paidAtProvider } from './provider.ts'

type Run = NonNullable<StoredReport['run']>
type Seen = Misfit & { isByProvider: boolean }
type Looked = { seen: Seen[]; checked: number; unread: number; next: string | undefined }

/** A step is short, so that whatever else the school tells itself is not kept waiting. */
const ORDERS_A_STEP = 50
const ASKS_A_RUN = 300
const COMPARE_EVERY_MS = 23 * 3600_000
/** A run that has not moved for so long was lost, with the event that should have moved it. */
const LOST_AFTER_MS = 12 * 3600_000
const REMOVED_AT_ONCE = 90

/** Looked at twice before it is told: between two reads somebody may have written. */
const twice = async (look: () => Promise<Misfit[]>): Promise<Misfit[]> => ((await look()).length === 0 ? [] : look())

const ours = (misfits: readonly Misfit[]): Seen[] => misfits.map((misfit) => ({ ...misfit, isByProvider: false }))
const theirs = (misfit: Misfit | undefined): Seen[] => (misfit ? [{ ...misfit, isByProvider: true }] : [])

const lookAtOrder = async (world: World, id: string, asks: Asks): Promise<Seen[]> => {
  const read = async () => (await orderRecords.get(world.tables, { id }))?.value
  const misfits = await twice(async () => {
    const order = await read()
    return order ? misfitsOfOrder(world, order) : []
  })
  const order = await read()
  return [...ours(misfits), ...theirs(order && (await paidAtProvider(world, order, asks)))]
}

/** One that cannot be read is counted and logged, and hides none of the others. */
const lookAtEach = async ({ log }: World, ids: readonly string[], look: (id: string) => Promise<Seen[]>): Promise<Omit<Looked, 'next'>> => {
  const seen: Seen[] = []
  let unread = 0
  for (const id of ids) {
    try {
      seen.push(...(await look(id)))
    } catch (error) {
      unread += 1
      log.error('payments and access could not be compared', error, { of: id })
    }
  }
  return { seen, checked: ids.length, unread }
}

/** Newest first: the provider is asked about those first. */
const lookAtOrders = async (world: World, { page }: Run, asks: Asks): Promise<Looked> => {
  const listed = await soldRecords.listIndex(world.tables, ORDERS, { descending: true, limit: ORDERS_A_STEP, ...(page !== undefined && { page }) })
  const ids = listed.items.map(({ order }) => order)
  return { ...(await lookAtEach(world, ids, (id) => lookAtOrder(world, id, asks))), next: listed.next }
}

const lookAtPerson = async (world: World, id: string, asks: Asks): Promise<Seen[]> => {
  const { tables } = world
  const seen: Seen[] = []
  const enrolments = await all((page) => enrolmentRecords.list(tables, `learner#${id}`, { prefix: 'enrolment#', ...(page !== undefined && { page }) }))
  for (const { learner, course } of enrolments) {
    const misfits = await twice(async () => {
      const enrolment = await enrolmentRecords.get(tables, { learner, course })
      return enrolment ? misfitsOfEnrolment(world, enrolment.value) : []
    })
    seen.push(...ours(misfits))
  }
  for (const membership of await membershipsOf(tables, id)) {
    const known = ours(await misfitsOfMembership(world, membership))
    seen.push(...(known.length > 0 ? known : theirs(await endedAtProvider(world, membership, asks))))
  }
  return seen
}

const lookAtPeople = async (world: World, { page }: Run, asks: Asks): Promise<Looked> => {
  const listed = await world.identity.list(page === undefined ? {} : { page })
  const ids = listed.items.map(({ id }) => id)
  return { ...(await lookAtEach(world, ids, (id) => lookAtPerson(world, id, asks))), next: listed.next }
}

/** Writes down what was seen; what was known keeps the day it was found. */
export const keep = async (world: World, seen: readonly Seen[], run: string): Promise<void> => {
  const { tables, clock, identity } = world
  for (const { learner, ...misfit } of seen) {
    const before = await findingRecords.get(tables, misfit)
    if (!before && (await allFindings(tables)).length >= MOST_FINDINGS) return
    const email = (await identity.find(learner))?.email ?? ''
    const foundAt = before?.value.foundAt ?? clock.now().toISOString()
    await tables.commit([findingRecords.put({ ...misfit, learner: { id: learner, email }, foundAt, run })])
  }
}

/** What the run has not seen agrees by now, unless it could not be looked at. */
const forget = async ({ tables }: World, run: Run): Promise<StoredFinding[]> => {
  const hasAsked = run.isProviderAsked && run.asksLeft > 0
  const [gone, kept]: [StoredFinding[], StoredFinding[]] = [[], []]
  for (const finding of await allFindings(tables)) (finding.run === run.id || (finding.isByProvider && !hasAsked) ? kept : gone).push(finding)
  for (const some of chunks(gone, REMOVED_AT_ONCE)) await tables.commit(some.map(({ id }) => findingRecords.remove({ id })))
  return kept
}

const tellOf = async ({ alerts, settings }: World, run: Run, kept: readonly StoredFinding[]): Promise<void> => {
  const fresh = kept.filter(({ foundAt }) => foundAt >= run.startedAt)
  if (fresh.length === 0) return
  await alerts.tell({
    kind: 'agreement',
    id: `money.agreement.${run.id}`,
    subject: `Payments and access do not agree (${fresh.length})`,
    text: `${fresh.map(({ says, learner }) => `${learner.email}: ${says}`).join('\n')}\n\nLook at it, and put it right: ${settings.url}/school/money/agreement`,
  })
}

/** One step of a comparison. Told of twice, or by two workers, it is made once: the report says which step is next. */
const step = hearing('money.compare', 'agreement.stepped', async (world, { run: id, step: place }) => {
  const { tables, clock } = world
  const stored = await storedReport(tables)
  const run = stored?.value.run
  if (!stored || run?.id !== id || run.step !== place) return
  const asks: Asks = { left: run.asksLeft, isAnswered: run.isProviderAsked }
  const { seen, checked, unread, next } = await (run.stage === 'orders' ? lookAtOrders : lookAtPeople)(world, run, asks)
  await keep(world, seen, id)
  const { page: _, ...rest } = run
  const counts = { checked: run.checked + checked, unread: run.unread + unread, isProviderAsked: asks.isAnswered }
  const made: Run = { ...rest, ...counts, step: place + 1, asksLeft: asks.left }
  if (next === undefined && run.stage === 'people') {
    await tellOf(world, made, await forget(world, made))
    await tables.commit([reportRecords.replace(stored, { id: 'agreement', at: clock.now().toISOString(), ...counts })])
    return
  }
  const going: Run = next === undefined ? { ...made, stage: 'people' } : { ...made, page: next }
  const told = event(world, 'agreement.stepped', { run: id, step: going.step }, `${id}.${going.step}`)
  await tables.commit([reportRecords.replace(stored, { ...stored.value, run: going })], [told])
})

/** Begins a comparison unless one is under way; it goes on by itself. */
export const beginComparing = async (world: World): Promise<void> => {
  const { tables, ids, clock } = world
  const stored = await storedReport(tables)
  const before = stored?.value.run
  if (before && before.startedAt > after(world, -LOST_AFTER_MS)) return
  const id = ids.make('cmp')
  const none = { checked: 0, unread: 0, isProviderAsked: true }
  const run: Run = { id, startedAt: clock.now().toISOString(), step: 0, stage: 'orders', ...none, asksLeft: ASKS_A_RUN }
  const begun: StoredReport = { ...(stored?.value ?? { id: 'agreement', ...none }), run }
  const told = event(world, 'agreement.stepped', { run: id, step: 0 }, `${id}.0`)
  // Losing this commit means that somebody else has just begun one.
  await tables.commit([stored ? reportRecords.replace(stored, begun) : reportRecords.add(begun)], [told])
}

const daily: Timer = {
  name: 'money.compare',
  everySeconds: 3600,
  run: async (world) => {
    const last = (await storedReport(world.tables))?.value.at
    if (last === undefined || last < after(world, -COMPARE_EVERY_MS)) await beginComparing(world)
  },
}

/** Orders that are held are told of at once, and no longer once they are not. */
const reconsidered = async (world: World, id: string): Promise<void> => {
  const order = (await orderRecords.get(world.tables, { id }))?.value
  if (order?.state !== 'held') {
    await world.tables.commit([findingRecords.remove({ id: `held.${id}` })])
    return
  }
  const run = (await storedReport(world.tables))?.value.run?.id ?? 'at-once'
  await keep(world, ours(await misfitsOfOrder(world, order)), run)
}
const held = hearing('money.held', 'order.held', (world, { order }) => reconsidered(world, order))
const refunded = hearing('money.no-longer-held', 'order.refunded', (world, { order }) => reconsidered(world, order))

export const comparing = { hearings: [step, held, refunded], timers: [daily] }
