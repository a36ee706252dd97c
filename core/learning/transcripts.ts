import * as z from 'zod/mini'
import { readCaptions, spokenText } from '#contract/cues.ts'
import { type StoredCaptions, shownCaptionsIn, textKey } from '#core/captions/records.ts'
import { courseRecords, lessonRecords, publicationRecords, publishedLessonRecords } from '#core/courses/records.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { videoRecords } from '#core/media/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { Line } from './spoken.ts'

const Track = z.object({ language: z.string(), revision: z.string(), lines: z.array(z.tuple([z.number(), z.string()])) })

/**
 * What is said in a course: of each lesson the video it was published with and the one its teacher has now. It names who
 * may read nothing: whoever searches it asks `access.ts` about every lesson.
 */
export const Index = z.object({ entries: z.array(z.object({ lesson: z.string(), video: z.string(), tracks: z.array(Track) })) })
export type Index = z.infer<typeof Index>
type Entry = Index['entries'][number]

const indexKey = (course: string): string => `transcripts/${course}.json`

/** Captions that count: shown, of a video that can be watched. */
export const spokenIn = async (tables: Tables, video: string): Promise<StoredCaptions[]> =>
  (await videoRecords.get(tables, { id: video }))?.value.state === 'ready' ? shownCaptionsIn(tables, video) : []

const lessonsOf = async (tables: Tables, course: string): Promise<string[] | undefined> => {
  const publication = await publicationRecords.get(tables, { id: course })
  if (publication) return publication.value.sections.flatMap(({ lessons }) => lessons.map(({ id }) => id))
  return (await courseRecords.get(tables, { id: course }))?.value.sections.flatMap(({ lessons }) => lessons)
}

const videosOf = async (tables: Tables, lesson: string): Promise<string[]> => {
  const versions = [await publishedLessonRecords.get(tables, { id: lesson }), await lessonRecords.get(tables, { id: lesson })]
  return [...new Set(versions.flatMap((version) => version?.value.video ?? []))]
}

const linesOf = async ({ objects }: World, captions: StoredCaptions): Promise<Line[]> => {
  const object = await objects.get(textKey(captions))
  const read = object && readCaptions(new TextDecoder().decode(object.bytes))
  // Saved again since: the event of that is on its way, and this comes anew with it.
  if (!read || !('cues' in read)) return []
  return read.cues.map(({ startSeconds, text }): Line => [startSeconds, spokenText(text)])
}

/** Undefined when there is none that can be read: whatever is wrong with it, it is only a copy. */
export const readIndex = async ({ objects, log }: World, course: string): Promise<Index | undefined> => {
  const object = await objects.get(indexKey(course))
  if (!object) return undefined
  try {
    return Index.parse(JSON.parse(new TextDecoder().decode(object.bytes)))
  } catch (error) {
    log.error('transcript index unreadable', error, { course })
    return undefined
  }
}

/** What has not changed is taken from the index before. */
const entryOf = async (world: World, { lesson, video }: { lesson: string; video: string }, before: ReadonlyMap<string, Line[]>): Promise<Entry> => {
  const tracks = (await spokenIn(world.tables, video)).map(async (captions) => {
    const { language, revision } = captions
    return { language, revision, lines: before.get(revision) ?? (await linesOf(world, captions)) }
  })
  return { lesson, video, tracks: await Promise.all(tracks) }
}

const build = async (world: World, course: string, before: Index | undefined): Promise<Index | undefined> => {
  const lessons = await lessonsOf(world.tables, course)
  if (!lessons) return undefined
  const lines = new Map(before?.entries.flatMap(({ tracks }) => tracks.map((track): [string, Line[]] => [track.revision, track.lines])))
  const entries: Entry[] = []
  for (const lesson of lessons) for (const video of await videosOf(world.tables, lesson)) entries.push(await entryOf(world, { lesson, video }, lines))
  return { entries }
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
      return { entries: [] }
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

export const transcripts: readonly Hearing[] = [
  hearing('transcripts.captions', 'captions.changed', (world, { video }) => rebuildFor(world, video)),
  hearing('transcripts.video', 'video.ready', async (world, { course }) => void (await rebuild(world, course))),
  hearing('transcripts.published', 'course.published', async (world, { course }) => void (await rebuild(world, course))),
  hearing('transcripts.removed', 'course.removed', async (world, { course }) => void (await rebuild(world, course))),
]
