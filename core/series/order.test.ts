import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { event } from '#core/events.ts'
import { hearings } from '#core/platform.ts'
import type { Event } from '#ports/tables.ts'
import type { BusNews } from './bus.ts'
import { newsId } from './bus.ts'
import { openRunRecords, runRecords, type StoredRun, seriesRecords } from './records.ts'
import { type Desk, openDesk } from './series.fixture.ts'

let desk: Desk
before(async () => {
  desk = await openDesk()
})
after(() => desk.school.close())

/** Every order of some things. */
const orders = <T>(things: readonly T[]): T[][] =>
  things.length < 2 ? [[...things]] : things.flatMap((first, at) => orders(things.filter((_, index) => index !== at)).map((rest) => [first, ...rest]))

const hear = async (heard: Event): Promise<void> => {
  for (const hearing of hearings) if (hearing.hears === heard.name && hearing.name.startsWith('series.')) await hearing.hear(desk.world, heard)
}

const stored = async (id: string): Promise<StoredRun> => {
  const run = (await runRecords.get(desk.world.tables, { id }))?.value
  if (!run) throw new Error(`There is no ${id}.`)
  return run
}

type Started = { run: string; attempt: number; lesson: string; pull: number }
type Telling = (of: Started) => Event

const told =
  (news: (of: Started) => BusNews): Telling =>
  (of) => {
    const said = news(of)
    return event(desk.world, said.type, said.detail, newsId(said))
  }
const written = told(({ run, attempt }) => ({
  type: 'draft.written',
  detail: { run, attempt, ...desk.paid, title: 'Wide open', path: 'a.md', toPropose: true },
}))
const failedBy = (by: 'writer' | 'publisher', isFinal: boolean): Telling =>
  told(({ run, attempt }) => ({
    type: 'draft.failed',
    detail: { run, attempt, ...desk.paid, by, reason: { code: by === 'writer' ? 'chatbot-refused' : 'repository-refused', detail: 'no' }, isFinal },
  }))
const proposed = told(({ run, attempt, pull }) => ({
  type: 'draft.proposed',
  detail: { run, attempt, pull: { number: pull, url: 'https://github.test/pull' }, findings: [{ check: 'links', says: 'Odd.', severity: 'warning' }] },
}))
const refused = told(({ run, attempt }) => ({
  type: 'draft.refused',
  detail: { run, attempt, findings: [{ check: 'html', says: 'There is HTML in it.', severity: 'error' }] },
}))
const waiting = told(({ run, attempt }) => ({ type: 'draft.waiting', detail: { run, attempt, until: '2026-06-01T00:00:00.000Z' } }))
const endOf =
  (name: 'writer' | 'publisher'): Telling =>
  ({ run, attempt }) =>
    event(desk.world, 'task.ended', { name, id: `${run}.${attempt}.${name}`, run, fault: 'killed' })
const applied =
  (what: 'created' | 'removed' | 'moved', commit: string): Telling =>
  ({ lesson }) =>
    event(desk.world, 'content.applied', { commit, changes: [{ what, lesson, course: desk.place.course, path: 'courses/a.md', title: 'Told' }] })
const hook: Telling = ({ pull }) => event(desk.world, 'repository.changed', { because: 'hook', pull })
const stale = told(({ run, attempt }) => ({ type: 'draft.waiting', detail: { run, attempt: attempt - 1, until: '2026-06-01T00:00:00.000Z' } }))

/** What the school and the repository are like in truth, when all has happened. */
type Truth = { isThere?: boolean; pull?: 'open' | 'merged' | 'closed'; isLastTry?: boolean }

/** Written, and proposed in vain twice. */
const triedTwice = async (run: string): Promise<void> => {
  await desk.write(run)
  for (const pause of [60, 600]) {
    await desk.end(run, 'publisher')
    desk.pass(pause)
    await desk.look()
  }
}

const begun = async ({ isThere = false, pull: state = 'open', isLastTry = false }: Truth): Promise<Started> => {
  const { id: series } = await desk.aSeries()
  const { id: run } = await desk.series.start({ series, isTrial: false })
  await desk.school.settle()
  if (isLastTry) await triedTwice(run)
  const { lesson, attempt } = await stored(run)
  const { number } = await desk.repository.propose({ branch: `lectern/${run}`, title: 'A lesson', body: '', files: [] })
  if (state === 'merged') desk.repository.merge(number)
  if (state === 'closed') desk.repository.close(number)
  if (isThere) await desk.show(lesson.id, { title: 'Wide open', path: 'courses/b.md' })
  return { run, attempt, lesson: lesson.id, pull: number }
}

/** All that one could see of a run, without what names this one. */
const seen = ({ id: _id, series: _series, lesson, pull, changedAt: _at, createdAt: _made, dueAt: _due, ...run }: StoredRun) => ({
  ...{ ...run, counted: run.counted.toSorted(), nextAt: undefined, papersUntil: undefined, draft: run.draft?.title },
  ...{ lesson: { title: lesson.title, path: lesson.path }, hasPull: pull !== undefined },
})

const ends = async (news: readonly Telling[], truth: Truth = {}): Promise<ReturnType<typeof seen>> => {
  let first: ReturnType<typeof seen> | undefined
  for (const order of orders(news)) {
    const of = await begun(truth)
    // Each is delivered twice, and at last everything once more.
    for (const tell of [...order.flatMap((tell) => [tell, tell]), ...order]) await hear(tell(of))
    const { state, nextAt } = await stored(of.run)
    if (state === 'proposed') {
      assert.notEqual(nextAt, undefined)
      desk.pass(600)
      await desk.look()
    }
    const last = seen(await stored(of.run))
    first ??= last
    assert.deepEqual(last, first, order.map((tell) => tell(of).name).join(', '))
    assert.deepEqual(last.counted, [...new Set(last.counted)])
    await desk.hide(of.lesson)
    await desk.world.tables.commit([openRunRecords.remove({ id: of.run }), seriesRecords.remove({ id: (await stored(of.run)).series })])
  }
  assert.ok(first)
  return first
}

test('a lesson that was merged is live, in whatever order one hears of it', async () => {
  const last = await ends([written, endOf('writer'), proposed, applied('created', 'one'), hook], { isThere: true, pull: 'merged' })
  assert.deepEqual([last.state, last.costMicros, last.failures, last.hasPull, last.draft], ['live', 1500, 0, true, 'Wide open'])
  assert.deepEqual(last.lesson, { title: 'Wide open', path: 'courses/b.md' })
})

test('a lesson that was merged and taken back is withdrawn, even where one hears of that first', async () => {
  const last = await ends([written, proposed, applied('created', 'one'), applied('removed', 'two')], { pull: 'merged' })
  assert.deepEqual([last.state, last.costMicros], ['withdrawn', 1500])
})

test('a lesson that was taken back and merged again is live', async () => {
  const last = await ends([proposed, applied('created', 'one'), applied('removed', 'two'), applied('moved', 'three')], {
    isThere: true,
    pull: 'merged',
  })
  assert.equal(last.state, 'live')
})

test('a draft that was turned down is closed', async () => {
  const last = await ends([written, proposed, hook, endOf('publisher')], { pull: 'closed' })
  assert.deepEqual([last.state, last.hasPull, last.reason], ['closed', true, undefined])
})

test('a draft in review is in review, though the program that proposed it ended badly', async () => {
  const last = await ends([written, endOf('writer'), proposed, endOf('publisher')])
  assert.deepEqual([last.state, last.reason, last.failures], ['proposed', undefined, 0])
})

test('a program that ends badly for the last time has proposed all the same, if it says so', async () => {
  const last = await ends([endOf('publisher'), proposed, stale], { isLastTry: true })
  assert.deepEqual([last.state, last.attempt, last.reason], ['proposed', 3, undefined])
  const inVain = await ends([endOf('publisher'), failedBy('publisher', false), stale], { isLastTry: true })
  assert.deepEqual([inVain.state, inVain.failures, inVain.reason?.code], ['failed', 3, 'repository-refused'])
})

test('an unsound draft is refused, and one that has to wait waits', async () => {
  const last = await ends([written, refused, endOf('publisher'), endOf('writer')])
  assert.deepEqual([last.state, last.reason?.detail], ['refused', 'There is HTML in it.'])
  assert.equal((await ends([written, waiting, endOf('publisher'), endOf('writer')])).state, 'waiting')
})

test('a program that tells why it failed, and ends badly, has failed once and for that reason', async () => {
  const once = await ends([written, failedBy('publisher', false), endOf('publisher'), endOf('writer')])
  assert.deepEqual([once.state, once.failures, once.reason?.code, once.costMicros], ['drafted', 1, 'repository-refused', 3000])
  const atOnce = await ends([written, failedBy('publisher', true), endOf('publisher')])
  assert.deepEqual([atOnce.state, atOnce.reason?.code], ['failed', 'repository-refused'])
  const writer = await ends([failedBy('writer', false), endOf('writer')])
  assert.deepEqual([writer.state, writer.failures, writer.reason?.code], ['due', 1, 'chatbot-refused'])
  assert.equal((await ends([failedBy('writer', true), endOf('writer'), stale])).state, 'failed')
})
