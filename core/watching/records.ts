import * as z from 'zod/mini'
import { StreamEnd, Stretch, WatchingPolicy } from '#contract/watching.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

/** How often something was asked for since a moment. */
const Asks = z.object({ since: z.string(), count: z.int() })

/** One player of one person (or of a visitor) on one lesson, from its first cookies until it ends. */
export const StoredStream = z.object({
  id: z.string(),
  /** Absent for a visitor. */
  person: z.optional(z.string()),
  browser: z.optional(z.string()),
  device: z.string(),
  lesson: z.string(),
  lessonTitle: z.string(),
  course: z.string(),
  /** What its cookies open. */
  video: z.string(),
  /** Of a learner: takes one of their places, and is evidence of what they have watched. Staff and visitors have no such bounds. */
  isLearners: z.boolean(),
  startedAt: z.string(),
  /** Its last sign of life: a beat, a renewal, or bytes that the edge served it. */
  seenAt: z.string(),
  /** What watching is reckoned from: the last moment its player told of. */
  toldAt: z.string(),
  /** Pages of one browser that have it open; one when left out. The last to leave ends it. */
  pages: z.optional(z.int()),
  positionSeconds: z.number(),
  /** Seconds of video it may still claim for the time before `toldAt`. */
  spareSeconds: z.number(),
  /** Beats and renewals within a minute. */
  asks: z.optional(Asks),
  /** Of a learner: what this sitting has shown, watched before or not, and when that was last told of. */
  shown: z.optional(z.array(Stretch)),
  newsAt: z.optional(z.string()),
  endedAt: z.optional(z.string()),
  ended: z.optional(StreamEnd),
})
export type StoredStream = z.infer<typeof StoredStream>

/** Streams are found by the day they began on, for those that clear them away. */
export const streamsBegunOn = (day: string): string => `streams-begun#${day}`

/** Visitors’ streams are nobody’s and many: they are kept apart, so that they go sooner. */
export const visitorsBegunOn = (day: string): string => `visitors-begun#${day}`

export const streamRecords = records({
  schema: StoredStream,
  key: ({ id }: { id: string }) => ({ pk: `stream#${id}`, sk: 'stream' }),
  index: ({ id, person, startedAt }) => ({
    ipk: (person === undefined ? visitorsBegunOn : streamsBegunOn)(startedAt.slice(0, 10)),
    isk: `${startedAt}#${id}`,
  }),
  people: { what: 'goes', says: 'When and where you have watched', whose: ({ person }) => person },
})

/** The streams of one person that have not ended. Whoever opens one writes this, so that two cannot take the same last place. */
const StoredViewer = z.object({
  person: z.string(),
  streams: z.array(z.string()),
  /** When an edge last noted that they load far faster than anyone watches. */
  flaggedAt: z.optional(z.string()),
  /** Streams begun within a minute. */
  openings: z.optional(Asks),
})
export type StoredViewer = z.infer<typeof StoredViewer>

export const viewerRecords = records({
  schema: StoredViewer,
  key: ({ person }: { person: string }) => ({ pk: `learner#${person}`, sk: 'viewer' }),
  people: { what: 'goes', says: 'What you are watching now', whose: ({ person }) => person },
})

export const watchingPolicyRecords = records({
  schema: z.object({ id: z.literal('watching'), ...WatchingPolicy.shape }),
  key: ({ id }: { id: 'watching' }) => ({ pk: 'school', sk: `policy#${id}` }),
  people: ofNobody,
})

export const watchingPolicy = async (tables: Tables): Promise<WatchingPolicy> => {
  const stored = await watchingPolicyRecords.get(tables, { id: 'watching' })
  const { streams = 2, hasWatermark = false } = stored?.value ?? {}
  return { streams, hasWatermark }
}
