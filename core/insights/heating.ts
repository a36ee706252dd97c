import * as z from 'zod/mini'
import { HEAT_PARTS } from '#contract/insights.ts'
import type { Stretch } from '#contract/watching.ts'
import { publishedLessonRecords } from '#core/courses/records.ts'
import { progressRecords } from '#core/learning/progress.ts'
import { videoRecords } from '#core/media/records.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import { durationOf } from '#core/watching/open.ts'
import { streamRecords } from '#core/watching/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { SHARDS, shardOf } from './records.ts'

const MOST_TRIES = 12
/** Sittings of one learner whose parts are remembered: an older one tells nothing new any more. */
const MOST_SITTINGS = 6

const counts = z.array(z.int()).check(z.length(HEAT_PARTS))
const StoredHeat = z.object({ video: z.string(), shard: z.int(), watchers: z.int(), seen: counts, shown: counts, stops: counts })
type StoredHeat = z.infer<typeof StoredHeat>

const heatRecords = records({
  schema: StoredHeat,
  key: ({ video, shard }: { video: string; shard: number }) => ({ pk: `heat#${video}`, sk: `shard#${shard}` }),
  people: ofNobody,
})

/** Parts of a video as a sign for each: `1` where it was watched. */
const parts = z.string().check(z.length(HEAT_PARTS))
const StoredMemo = z.object({
  learner: z.string(),
  video: z.string(),
  seen: parts,
  stop: z.optional(z.int()),
  sittings: z.array(z.object({ stream: z.string(), shown: parts })),
})
type StoredMemo = z.infer<typeof StoredMemo>

/** What of one learner the counters hold already. */
export const memoRecords = records({
  schema: StoredMemo,
  key: ({ learner, video }: { learner: string; video: string }) => ({ pk: `learner#${learner}`, sk: `heat#${video}` }),
  people: { what: 'goes', says: 'Which parts of films you have watched', whose: ({ learner }) => learner },
})

const NONE = '0'.repeat(HEAT_PARTS)
const zeros = (): number[] => Array.from({ length: HEAT_PARTS }, () => 0)

/** A part counts where half of it was watched. */
export const partsOf = (stretches: readonly Stretch[], durationSeconds: number): string => {
  const length = durationSeconds / HEAT_PARTS
  const isWatched = (place: number): boolean => {
    const [from, to] = [place * length, (place + 1) * length]
    const seconds = stretches.reduce((sum, each) => sum + Math.max(0, Math.min(to, each.toSeconds) - Math.max(from, each.fromSeconds)), 0)
    return seconds >= length / 2
  }
  return Array.from({ length: HEAT_PARTS }, (_, place) => (isWatched(place) ? '1' : '0')).join('')
}

const either = (one: string, other: string): string => [...one].map((sign, place) => (sign === '1' || other[place] === '1' ? '1' : '0')).join('')

/** A video may have been replaced by a shorter one: what was watched once stays counted. */
const plus = (sums: readonly number[], before: string, after: string): number[] =>
  sums.map((sum, place) => sum + (after[place] === '1' && before[place] !== '1' ? 1 : 0))

const moved = (sums: readonly number[], before: number | undefined, after: number | undefined): number[] =>
  sums.map((sum, place) => Math.max(0, sum - Number(place === before) + Number(place === after)))

type News = { learner: string; course: string; lesson: string; stream?: string | undefined }
type Evidence = { video: string; seen: string; stop: number | undefined; sitting?: { stream: string; shown: string } }

/** What is known of a learner and a video now. */
const evidenceOf = async (tables: Tables, { learner, course, lesson, stream: id }: News): Promise<Evidence | undefined> => {
  const stream = id === undefined ? undefined : (await streamRecords.get(tables, { id }))?.value
  const video = stream?.video ?? (await publishedLessonRecords.get(tables, { id: lesson }))?.value.video
  const [stored, progress] = [video && (await videoRecords.get(tables, { id: video })), await progressRecords.get(tables, { learner, course, lesson })]
  const durationSeconds = stored ? durationOf(stored.value) : 0
  if (video === undefined || !progress || durationSeconds <= 0) return undefined
  const { watched = [], positionSeconds, isCompleted } = progress.value
  const stop = Math.min(HEAT_PARTS - 1, Math.floor((positionSeconds / durationSeconds) * HEAT_PARTS))
  return {
    ...{ video, seen: partsOf(watched, durationSeconds), stop: isCompleted || watched.length === 0 ? undefined : stop },
    ...(stream?.shown && { sitting: { stream: stream.id, shown: partsOf(stream.shown, durationSeconds) } }),
  }
}

const remembered = (before: StoredMemo, { seen, stop, sitting }: Evidence): StoredMemo => {
  const { stop: _, ...rest } = before
  const others = before.sittings.filter(({ stream }) => stream !== sitting?.stream)
  const known = before.sittings.find(({ stream }) => stream === sitting?.stream)?.shown ?? NONE
  const sittings = sitting ? [...others, { ...sitting, shown: either(known, sitting.shown) }].slice(-MOST_SITTINGS) : before.sittings
  return { ...rest, seen: either(before.seen, seen), ...(stop !== undefined && { stop }), sittings }
}

const heated = (heat: StoredHeat, before: StoredMemo, after: StoredMemo, sitting: Evidence['sitting']): StoredHeat => {
  const shownIn = (memo: StoredMemo): string => memo.sittings.find(({ stream }) => stream === sitting?.stream)?.shown ?? NONE
  return {
    ...heat,
    watchers: heat.watchers + Number(before.seen === NONE && after.seen !== NONE),
    seen: plus(heat.seen, before.seen, after.seen),
    shown: plus(heat.shown, shownIn(before), shownIn(after)),
    stops: moved(heat.stops, before.stop, after.stop),
  }
}

/** Adds to a video's counters what a learner has watched since they were counted last; told of again, it adds nothing. */
export const heatOf = async ({ tables }: Pick<World, 'tables'>, news: News): Promise<void> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const evidence = await evidenceOf(tables, news)
    if (!evidence) return
    const ids = { learner: news.learner, video: evidence.video }
    const place = { video: evidence.video, shard: shardOf(news.learner) }
    const [memo, heat] = [await memoRecords.get(tables, ids), await heatRecords.get(tables, place)]
    const before = memo?.value ?? { ...ids, seen: NONE, sittings: [] }
    const after = remembered(before, evidence)
    if (JSON.stringify(after) === JSON.stringify(before)) return
    const sums = heated(heat?.value ?? { ...place, watchers: 0, seen: zeros(), shown: zeros(), stops: zeros() }, before, after, evidence.sitting)
    const changes = [memo ? memoRecords.replace(memo, after) : memoRecords.add(after), heat ? heatRecords.replace(heat, sums) : heatRecords.add(sums)]
    if ((await tables.commit(changes)) === 'done') return
  }
  throw new Error(`The counters of ${news.lesson} are written all the time: this is counted later.`)
}

/** The counters of a video, added up. */
export const heatTotals = async (tables: Tables, video: string): Promise<Pick<StoredHeat, 'watchers' | 'seen' | 'shown' | 'stops'>> => {
  const { items } = await heatRecords.list(tables, `heat#${video}`, { limit: SHARDS })
  const sum = (of: (shard: StoredHeat) => number[]): number[] =>
    items.reduce((sums, shard) => sums.map((each, place) => each + (of(shard)[place] ?? 0)), zeros())
  return {
    watchers: items.reduce((all, { watchers }) => all + watchers, 0),
    ...{ seen: sum(({ seen }) => seen), shown: sum(({ shown }) => shown), stops: sum(({ stops }) => stops) },
  }
}

/** With a video go its counters. */
export const coolDown = async ({ tables }: Pick<World, 'tables'>, video: string): Promise<void> => {
  const { items } = await heatRecords.list(tables, `heat#${video}`, { limit: SHARDS })
  if (items.length > 0) await tables.commit(items.map((shard) => heatRecords.remove(shard)))
}
