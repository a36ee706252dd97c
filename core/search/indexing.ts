import * as z from 'zod/mini'
import { readCaptions, spokenText } from '#contract/cues.ts'
import { LessonKind } from '#contract/lesson-kinds.ts'
import { type StoredCaptions, shownCaptionsIn, textKey } from '#core/captions/records.ts'
import { courseRecords, lessonRecords, publicationRecords, publishedLessonRecords, type StoredLesson } from '#core/courses/records.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { videoRecords } from '#core/media/records.ts'
import { chunks } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { plainOf } from './plain.ts'
import type { Line } from './words.ts'

const Track = z.object({ language: z.string(), revision: z.string(), lines: z.array(z.tuple([z.number(), z.string()])) })
const IndexedLesson = z.object({
  lesson: z.string(),
  /** As its teacher has it now. */
  title: z.string(),
  kind: LessonKind,
  /** What is written in it: as it was published, and as its teacher has it now where that is another text. */
  texts: z.array(z.string()),
  /** What is said in the video it was published with, and in the one its teacher has now. */
  films: z.array(z.object({ video: z.string(), tracks: z.array(Track) })),
})

/**
 * What is within the lessons of a course, and of which revision its draft was. It names who may read nothing: whoever searches it
 * asks `core/grants/access.ts`, and shows only what is still stored so.
 */
export const Index = z.object({
  revision: z.optional(z.int()),
  lessons: z.array(IndexedLesson),
})
export type Index = z.infer<typeof Index>
type IndexedLesson = Index['lessons'][number]

/** Of one lesson; what is beyond is not found. */
const MOST_CHARACTERS = 60_000
const AT_ONCE = 25

const EMPTY: Index = { lessons: [] }
export const indexKey = (course: string): string => `search/${course}.json`

/** Captions that count: shown, of a video that can be watched. */
export const spokenIn = async (tables: Tables, video: string): Promise<StoredCaptions[]> =>
  (await videoRecords.get(tables, { id: video }))?.value.state === 'ready' ? shownCaptionsIn(tables, video) : []

/** Everything written in a lesson beside its title. */
export const bodyOf = ({ about, text, files }: Pick<StoredLesson, 'about' | 'text' | 'files'>): string =>
  [about.summary ?? '', ...about.objectives, plainOf(text), ...files.map(({ name }) => name)]
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, MOST_CHARACTERS)

const linesOf = async ({ objects }: World, captions: StoredCaptions): Promise<Line[]> => {
  const object = await objects.get(textKey(captions))
  const read = object && readCaptions(new TextDecoder().decode(object.bytes))
  // Saved again since: the event of that is on its way, and this comes anew with it.
  if (!read || !('cues' in read)) return []
  return read.cues.map(({ startSeconds, text }): Line => [startSeconds, spokenText(text)])
}

/** By revision, what was read before: what has not changed is not read again. */
type Known = ReadonlyMap<string, Line[]>

const filmOf = async (world: World, video: string, known: Known): Promise<IndexedLesson['films'][number]> => {
  const tracks = (await spokenIn(world.tables, video)).map(async (captions) => {
    const { language, revision } = captions
    return { language, revision, lines: known.get(revision) ?? (await linesOf(world, captions)) }
  })
  return { video, tracks: await Promise.all(tracks) }
}

const lessonOf = async (world: World, id: string, known: Known): Promise<IndexedLesson[]> => {
  const [published, draft] = await Promise.all([publishedLessonRecords.get(world.tables, { id }), lessonRecords.get(world.tables, { id })])
  const versions = [published, draft].flatMap((version) => version?.value ?? [])
  const now = versions.at(-1)
  if (!now) return []
  const texts = [...new Set(versions.map(bodyOf))].filter((text) => text !== '')
  const videos = [...new Set(versions.flatMap(({ video }) => video ?? []))]
  return [{ lesson: id, title: now.title, kind: now.kind, texts, films: await Promise.all(videos.map((video) => filmOf(world, video, known))) }]
}

const build = async (world: World, id: string, before: Index | undefined): Promise<Index | undefined> => {
  const [course, publication] = await Promise.all([courseRecords.get(world.tables, { id }), publicationRecords.get(world.tables, { id })])
  if (!course && !publication) return undefined
  const draft = (course?.value.sections ?? []).flatMap((section) => section.lessons)
  const published = (publication?.value.sections ?? []).flatMap(({ lessons }) => lessons.map((lesson) => lesson.id))
  const films = before?.lessons.flatMap((lesson) => lesson.films) ?? []
  const known: Known = new Map(films.flatMap(({ tracks }) => tracks.map((track): [string, Line[]] => [track.revision, track.lines])))
  const lessons: IndexedLesson[] = []
  for (const some of chunks([...new Set([...published, ...draft])], AT_ONCE))
    lessons.push(...(await Promise.all(some.map((lesson) => lessonOf(world, lesson, known)))).flat())
  return { ...(course && { revision: course.value.revision }), lessons }
}

/** Undefined when there is none that can be read: whatever is wrong with it, it is only a copy. */
export const readIndex = async ({ objects, log }: World, course: string): Promise<Index | undefined> => {
  const object = await objects.get(indexKey(course))
  if (!object) return undefined
  try {
    return Index.parse(JSON.parse(new TextDecoder().decode(object.bytes)))
  } catch (error) {
    log.error('search index unreadable', error, { course })
    return undefined
  }
}

/**
 * Writes the index anew from what is stored: running it twice, or late, gives the same. It looks again after writing,
 * since two runs side by side could otherwise leave the older one's. Answers an empty one for a course that is gone.
 */
export const rebuild = async (world: World, course: string): Promise<Index> => {
  let index = await readIndex(world, course)
  for (let written: string | undefined; ; ) {
    index = await build(world, course, index)
    if (!index) {
      await world.objects.remove(indexKey(course))
      return EMPTY
    }
    const wanted = JSON.stringify(index)
    if (wanted === written) return index
    await world.objects.put(indexKey(course), wanted, { type: 'application/json' })
    written = wanted
  }
}

const rebuildFor = async (world: World, video: string): Promise<void> => {
  const course = (await videoRecords.get(world.tables, { id: video }))?.value.course
  if (course !== undefined) await rebuild(world, course)
}

export const indexing: readonly Hearing[] = [
  hearing('search.captions', 'captions.changed', (world, { video }) => rebuildFor(world, video)),
  hearing('search.video', 'video.ready', async (world, { course }) => void (await rebuild(world, course))),
  hearing('search.published', 'course.published', async (world, { course }) => void (await rebuild(world, course))),
  hearing('search.removed', 'course.removed', async (world, { course }) => void (await rebuild(world, course))),
]
