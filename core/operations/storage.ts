import * as z from 'zod/mini'
import { type Storage, StoreShare } from '#contract/desks.ts'
import { courseRecords } from '#core/courses/records.ts'
import { event, type Hearing, hearing } from '#core/events.ts'
import type { Timer } from '#core/handlers.ts'
import { videoRecords } from '#core/media/records.ts'
import { HOUR_MS, isBefore, plus } from '#core/moments.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { BOUNDS } from './bounds.ts'

const MOST_NAMED = 10

/** What the store held when it was last gone through; `askedAt` while somebody waits for that. */
const Weighing = z.object({
  what: z.literal('store'),
  at: z.optional(z.string()),
  askedAt: z.optional(z.string()),
  shares: z.array(StoreShare),
  largest: z.array(z.object({ video: z.string(), bytes: z.int() })),
})
type Weighing = z.infer<typeof Weighing>

const weighingRecords = records({
  schema: Weighing,
  key: ({ what }: { what: 'store' }) => ({ pk: `weighing#${what}`, sk: 'weighing' }),
  people: ofNobody,
})
const WHICH = { what: 'store' } as const

/** By where it lies: what teachers wrote and what is published are small, and one thing to whoever pays for them. */
const SHARE_OF: Record<string, StoreShare['what']> = { media: 'films', sources: 'sources', files: 'files', catalogue: 'pages', search: 'pages', web: 'pages' }

const weighed = async ({ objects }: Pick<World, 'objects'>): Promise<Pick<Weighing, 'shares' | 'largest'>> => {
  const shares = new Map<StoreShare['what'], { objects: number; bytes: number }>()
  const films = new Map<string, number>()
  let page: string | undefined
  do {
    const part = await objects.list('', page)
    for (const { key, size } of part.items) {
      const [place = '', within] = key.split('/')
      const what = SHARE_OF[place] ?? 'other'
      const share = shares.get(what) ?? { objects: 0, bytes: 0 }
      shares.set(what, { objects: share.objects + 1, bytes: share.bytes + size })
      if (what === 'films' && within !== undefined) films.set(within, (films.get(within) ?? 0) + size)
    }
    page = part.next
  } while (page !== undefined)
  const largest = [...films].map(([video, bytes]) => ({ video, bytes })).toSorted((one, other) => other.bytes - one.bytes)
  return {
    shares: [...shares].map(([what, share]) => ({ what, ...share })).toSorted((one, other) => other.bytes - one.bytes),
    largest: largest.slice(0, MOST_NAMED),
  }
}

const weighNow = async (world: World): Promise<void> => {
  const found = await weighed(world)
  await world.tables.commit([weighingRecords.put({ ...WHICH, ...found, at: world.clock.now().toISOString() })])
}

/** As long as that may take; who asked earlier and got nothing may ask again. */
const isWaiting = ({ clock }: Pick<World, 'clock'>, { askedAt }: Weighing): boolean =>
  askedAt !== undefined && isBefore(clock.now().toISOString(), plus(askedAt, HOUR_MS))

/** It goes through everything there is, which takes longer than an answer may. */
export const weigh = async (world: World): Promise<{ done: true }> => {
  const before = await weighingRecords.get(world.tables, WHICH)
  if (before && isWaiting(world, before.value)) return { done: true }
  const askedAt = world.clock.now().toISOString()
  const asked = before ? weighingRecords.replace(before, { ...before.value, askedAt }) : weighingRecords.add({ ...WHICH, askedAt, shares: [], largest: [] })
  // A conflict: somebody else asks at this moment.
  await world.tables.commit([asked], [event(world, 'storage.asked', { at: askedAt })])
  return { done: true }
}

const named = async ({ tables }: World, { video: id, bytes }: Weighing['largest'][number]) => {
  const video = (await videoRecords.get(tables, { id }))?.value
  if (!video) return []
  const course = (await courseRecords.get(tables, { id: video.course }))?.value
  return [{ video: id, bytes, fileName: video.fileName, ...(course && { course: { id: course.id, title: course.title } }) }]
}

/** Whether a disk has less room than whoever runs it would want; a store without bounds never has. */
export const disk = async ({ objects }: Pick<World, 'objects'>): Promise<{ freeBytes?: number; isLow: boolean }> => {
  const freeBytes = await objects.freeBytes()
  return freeBytes === undefined ? { isLow: false } : { freeBytes, isLow: freeBytes < BOUNDS.lowBytes }
}

export const storage = async (world: World): Promise<Storage> => {
  const { tables, premises, settings } = world
  const [stored, databaseBytes, room] = await Promise.all([weighingRecords.get(tables, WHICH), premises.databaseBytes(), disk(world)])
  const weighing = stored?.value
  const largest = (await Promise.all((weighing?.largest ?? []).map((film) => named(world, film)))).flat()
  const { quotaBytes } = settings.upload
  return {
    home: settings.home,
    ...(weighing?.at !== undefined && { weighed: { at: weighing.at, shares: weighing.shares, largest } }),
    isWeighing: weighing !== undefined && isWaiting(world, weighing),
    ...(databaseBytes !== 'elsewhere' && { databaseBytes }),
    ...room,
    ...(quotaBytes !== undefined && { quotaBytes }),
  }
}

export const weighings: { hearings: readonly Hearing[]; timers: readonly Timer[] } = {
  hearings: [hearing('operations.weigh', 'storage.asked', weighNow)],
  timers: [{ name: 'operations.weigh-nightly', everySeconds: 86_400, run: weighNow }],
}
