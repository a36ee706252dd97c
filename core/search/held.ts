import type { Objects } from '#ports/objects.ts'
import type { World } from '#ports/world.ts'
import { type Index, indexKey, readIndex, rebuild } from './indexing.ts'
import { folded } from './words.ts'

type IndexedLesson = Index['lessons'][number]
type Film = IndexedLesson['films'][number]

/** An index as it is searched: with folded texts beside those that are shown; those of a track line by line. */
export type HeldLesson = Omit<IndexedLesson, 'films'> & {
  plain: string
  films: readonly (Pick<Film, 'video'> & { tracks: readonly (Film['tracks'][number] & { plain: string })[] })[]
}
export type Held = Omit<Index, 'lessons'> & { lessons: ReadonlyMap<string, HeldLesson> }

type Kept = { etag: string; bytes: number; held: Held }

/** Of files as they are stored; parsed and folded they take a few times as much. */
const MOST_BYTES = 24 * 1024 * 1024

/** By store, for one process may open two schools. Nothing is kept but by its etag, which is asked for each time: what is written elsewhere shows at once. */
const kept = new WeakMap<Objects, Map<string, Kept>>()

const heldOf = ({ lessons, ...index }: Index): Held => ({
  ...index,
  lessons: new Map(
    lessons.map((each) => {
      const films = each.films.map(({ video, tracks }) => ({
        video,
        tracks: tracks.map((track) => ({ ...track, plain: track.lines.map(([, text]) => folded(text)).join('\n') })),
      }))
      return [each.lesson, { ...each, films, plain: folded(each.texts.join(' ')) }]
    }),
  ),
})

const keep = (all: Map<string, Kept>, course: string, one: Kept): void => {
  all.delete(course)
  all.set(course, one)
  let bytes = [...all.values()].reduce((sum, each) => sum + each.bytes, 0)
  for (const [oldest, each] of all) {
    if (bytes <= MOST_BYTES || oldest === course) break
    all.delete(oldest)
    bytes -= each.bytes
  }
}

/** Whether one more index may be made for a search, which counts it. */
export type MayMake = () => boolean

export const atMost = (most: number): MayMake => {
  let left = most
  return () => {
    left -= 1
    return left >= 0
  }
}

/**
 * A course's index as it is stored; made where there is none that can be read, or none of the revision that is asked for. Where no more may
 * be made it is the one there is, of whatever revision, or undefined.
 */
export const heldIndex = async (world: World, course: string, { revision, mayMake }: { revision?: number; mayMake: MayMake }): Promise<Held | undefined> => {
  const all = kept.get(world.objects) ?? new Map<string, Kept>()
  kept.set(world.objects, all)
  const meta = await world.objects.head(indexKey(course))
  const known = all.get(course)
  const isKnown = meta !== undefined && known?.etag === meta.etag
  const index = meta && !isKnown ? await readIndex(world, course) : undefined
  const held = isKnown ? known?.held : index && heldOf(index)
  if (meta && held && !isKnown) keep(all, course, { etag: meta.etag, bytes: meta.size, held })
  if (held && (revision === undefined || held.revision === revision)) return held
  return mayMake() ? heldOf(await rebuild(world, course)) : held
}
