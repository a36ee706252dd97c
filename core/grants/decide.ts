import { type Because, type Explanation, type Fact, RightKind } from '#contract/grants.ts'
import type { SectionOpening, Waiting } from '#contract/opening.ts'
import { DAY_MS, earliest, isBefore, plus } from '#core/moments.ts'

/** A right of a learner to a course, as it stands at a moment. */
export type Right = { kind: RightKind; begunBy: Fact; until?: string; endedBy?: Fact; isRunning: boolean }

/** How somebody stands to a course at a moment: everything a decision rests on. */
export type Standing = {
  /** `visitor`: nobody has signed in. */
  as: 'visitor' | 'person' | 'teacher' | 'admin'
  isDisabled: boolean
  isListed: boolean
  rights: readonly Right[]
}

export type Decision = Pick<Explanation, 'isOpen' | 'because' | 'until' | 'opensAt' | 'rules'>

type Course = Omit<Right, 'isRunning'>

/** What of an order ends what it began; a refund that names no order ends nothing, for a gift has no order either. */
const ENDS_ITS_ORDER: readonly Fact['kind'][] = ['refunded', 'lapsed', 'disputed', 'unseated']

const begins = (kind: Fact['kind']): RightKind | undefined => RightKind.options.find((option) => option === kind)

/** Whether somebody who stopped paying, or whose time ran out, may begin again by paying. */
const canBeRenewed = ({ endedBy }: Course): boolean => endedBy === undefined || endedBy.kind === 'lapsed'

const hasRunOut = ({ endedBy, until }: Course, at: string): boolean => endedBy !== undefined || (until !== undefined && isBefore(until, at))

/** What has ended a right stays what ended it; but a dispute only waits, and whatever ends it meanwhile is not undone by winning it. */
const ended = (right: Course, fact: Fact): Course => ({ ...right, endedBy: right.endedBy && right.endedBy.kind !== 'disputed' ? right.endedBy : fact })

/** What a fact makes of the rights before it. */
const after = (rights: readonly Course[], fact: Fact): Course[] => {
  const { kind, order, until } = fact
  const right = begins(kind)
  const within = until === undefined ? {} : { until }
  if (right) return [...rights, { kind: right, begunBy: fact, ...within }]
  if (kind === 'ended') return rights.map((each) => ended(each, fact))
  if (order === undefined) return [...rights]
  const last = rights.findLast(({ begunBy }) => begunBy.order === order)
  if (!last) return [...rights]
  if (ENDS_ITS_ORDER.includes(kind)) return rights.map((each) => (each.begunBy.order === order ? ended(each, fact) : each))
  if (kind === 'cleared') {
    const { endedBy, begunBy: _, ...before } = last
    return endedBy?.kind === 'disputed' ? [...rights, { ...before, begunBy: fact }] : [...rights]
  }
  if (!canBeRenewed(last)) return [...rights]
  if (hasRunOut(last, fact.at)) return [...rights, { kind: last.kind, begunBy: fact, ...within }]
  return rights.map((each) => (each === last ? { kind: each.kind, begunBy: each.begunBy, ...within } : each))
}

/** What of a ledger had happened by an earlier moment. Asked about now it is never needed: what is written has happened, also where a clock that was fast says later. */
export const asOf = (facts: readonly Fact[], at: string): Fact[] => facts.filter((fact) => !isBefore(at, fact.at))

/** The moment a new fact of a ledger is given: now, but never one before the ledger's last, so that a clock set back turns nothing round. */
export const momentIn = (facts: readonly Fact[], now: string): string => {
  const last = facts.at(-1)?.at
  return last !== undefined && isBefore(now, last) ? last : now
}

/**
 * The facts of two ledgers as one, by their moments; the order within each is its own. At one moment `ended`, which is in
 * `own`, comes after what has begun.
 */
export const oneLedger = (own: readonly Fact[], paid: readonly Fact[]): Fact[] => {
  const all: Fact[] = []
  const left = [...paid]
  for (const fact of own) {
    while (left[0] && !isBefore(fact.at, left[0].at)) all.push(...left.splice(0, 1))
    all.push(fact)
  }
  return [...all, ...left]
}

/** Which rights a ledger has made, in the order they began, and whether each holds at a moment (ISO 8601) that is not before its facts: see `asOf`. */
export const rightsOf = (facts: readonly Fact[], at: string): Right[] =>
  facts
    .reduce<Course[]>(after, [])
    .map((right) => ({ ...right, isRunning: right.endedBy === undefined && (right.until === undefined || isBefore(at, right.until)) }))

/** When a right ran by a whole ledger, and will run if nothing else happens: stretches in order, none touching another. */
export const periodsOf = (facts: readonly Fact[]): Explanation['periods'] => {
  const last = facts.map(({ at }) => at).reduce((one, other) => (isBefore(one, other) ? other : one), '1970-01-01T00:00:00.000Z')
  const runs = rightsOf(facts, last)
    .map(({ begunBy, until, endedBy }) => ({ from: begunBy.at, to: earliest([until, endedBy?.at]) }))
    .filter(({ from, to }) => to === undefined || isBefore(from, to))
    .sort((one, other) => Date.parse(one.from) - Date.parse(other.from))
  const merged: { from: string; to: string | undefined }[] = []
  for (const run of runs) {
    const before = merged.at(-1)
    if (!before || (before.to !== undefined && isBefore(before.to, run.from))) merged.push(run)
    else if (before.to !== undefined && (run.to === undefined || isBefore(before.to, run.to))) merged[merged.length - 1] = { from: before.from, to: run.to }
  }
  return merged.map(({ from, to }) => ({ from, ...(to !== undefined && { to }) }))
}

/** Whether somebody with this ledger may follow the course at a moment. */
export const isRunning = (facts: readonly Fact[], at: string): boolean => rightsOf(facts, at).some((right) => right.isRunning)

/** The right that holds longest, if one holds. */
const running = (rights: readonly Right[]): Right | undefined => {
  const all = rights.filter(({ isRunning }) => isRunning)
  const latest = (one: Right, other: Right): Right => (one.until !== undefined && (other.until === undefined || isBefore(one.until, other.until)) ? other : one)
  return all.length > 0 ? all.reduce(latest) : undefined
}

const closed = ({ as, isListed, rights }: Standing): Because => {
  const last = rights.at(-1)
  const ended = last?.endedBy?.kind
  if (ended === 'refunded' || ended === 'lapsed' || ended === 'disputed') return ended
  if (last) return ended === undefined ? 'expired' : 'ended'
  if (!isListed) return 'hidden'
  return as === 'visitor' ? 'not-signed-in' : 'not-enrolled'
}

/** Whether the person may follow the course: an admin, its teacher, or somebody with a right that holds. */
export const follows = ({ as, isDisabled, rights }: Standing): boolean =>
  !isDisabled && (as === 'admin' || as === 'teacher' || rights.some(({ isRunning }) => isRunning))

/** What a course says of the pace it is followed at, as it bears upon one lesson and one learner at a moment. */
export type Pace = {
  /** Of its section. */
  opens?: SectionOpening | undefined
  /** Each lesson opens when the one before it is completed, and that one is not. */
  isBehind: boolean
  /** A course that is to be completed first is not. */
  lacksCourse: boolean
  at: string
}

/**
 * When somebody first had what they have now. What an order began counts from its first day, whatever paused it meanwhile: a
 * dispute that was won, or a payment that came late, takes nobody back to the first section.
 */
export const begunAt = (rights: readonly Right[]): string | undefined => {
  const same = (one: Right, other: Right): boolean => one === other || (one.begunBy.order !== undefined && one.begunBy.order === other.begunBy.order)
  return earliest(rights.filter((right) => rights.some((other) => other.isRunning && same(right, other))).map(({ begunBy }) => begunBy.at))
}

/** When a section opens to somebody with these rights; undefined when nothing is said of it, or they have none. */
export const opensAt = (opens: SectionOpening | undefined, rights: readonly Right[]): string | undefined => {
  if (opens?.by === 'date') return opens.at
  const begun = begunAt(rights)
  return opens && begun !== undefined ? plus(begun, opens.days * DAY_MS) : undefined
}

/** What keeps a lesson from whoever has the course, though they have it. */
const waiting = (rights: readonly Right[], pace: Pace | undefined): { because: Waiting; opensAt?: string } | undefined => {
  if (!pace) return undefined
  if (pace.lacksCourse) return { because: 'course-first' }
  const moment = opensAt(pace.opens, rights)
  if (moment !== undefined && isBefore(pace.at, moment)) return { because: 'not-yet', opensAt: moment }
  return pace.isBehind ? { because: 'lesson-first' } : undefined
}

/**
 * The one decision about a lesson, with its reasons. Rules are tried in order and the first that opens decides; what no
 * rule opens is closed.
 */
export const decide = (standing: Standing, { isPreview, pace }: { isPreview: boolean; pace?: Pace | undefined }): Decision => {
  const { as, isDisabled, isListed, rights } = standing
  const right = running(rights)
  const isFree = isPreview && isListed
  // What is open to anybody is open to those who have the course as well.
  const waits = right && !isFree ? waiting(rights, pace) : undefined
  const tried = [
    { rule: 'account', says: isDisabled ? 'closes' : 'nothing', because: 'disabled' },
    { rule: 'admin', says: as === 'admin' ? 'opens' : 'nothing', because: 'admin' },
    { rule: 'teaches', says: as === 'teacher' ? 'opens' : 'nothing', because: 'teaches' },
    { rule: 'pace', says: waits ? 'closes' : 'nothing', because: waits?.because ?? 'not-yet' },
    { rule: 'right', says: right ? 'opens' : 'nothing', because: right?.kind ?? 'not-enrolled' },
    { rule: 'preview', says: isFree ? 'opens' : 'nothing', because: 'preview' },
  ] as const
  const rules = tried.map(({ rule, says }) => ({ rule, says }))
  const verdict = tried.find(({ says }) => says !== 'nothing')
  if (!verdict) return { isOpen: false, because: closed(standing), rules }
  const until = verdict.rule === 'right' ? right?.until : undefined
  const later = verdict.rule === 'pace' ? waits?.opensAt : undefined
  return {
    isOpen: verdict.says === 'opens',
    ...{ because: verdict.because, rules },
    ...(until !== undefined && { until }),
    ...(later !== undefined && { opensAt: later }),
  }
}
