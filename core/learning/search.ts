import type { SpokenHit } from '#contract/learning.ts'
import { openedIfAllowed } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { curriculumOf } from './curriculum.ts'
import { findSpoken, wordsOf } from './spoken.ts'
import { type Index, readIndex, rebuild, spokenIn } from './transcripts.ts'

const MOST_HITS = 50

type Entry = Index['entries'][number]
type Lesson = { id: string; title: string }

/** The video this person is given in a lesson at this moment; undefined when they are given none. */
const openVideo = async (world: World, actor: Actor | undefined, lesson: string): Promise<string | undefined> =>
  (await openedIfAllowed(world, actor, lesson))?.lesson.video

const isAsStored = async ({ tables }: World, { video, tracks }: Entry): Promise<boolean> => {
  const named = (list: readonly { language: string; revision: string }[]): string => list.map(({ language, revision }) => `${language} ${revision}`).join()
  return named(tracks) === named(await spokenIn(tables, video))
}

const hitsOf = ({ id, title }: Lesson, { tracks }: Entry, words: readonly string[]): SpokenHit[] =>
  tracks.flatMap(({ language, lines }) => findSpoken(lines, words).map((found) => ({ lesson: id, lessonTitle: title, language, ...found })))

type Search = { world: World; actor: Actor | undefined; index: Index; words: readonly string[] }

/**
 * One lesson's hits, of the very video this person would be shown. `stale` when the index no longer says what is stored.
 * Lessons in which the words do not occur cost no read.
 */
const hitsIn = async ({ world, actor, index, words }: Search, lesson: Lesson): Promise<SpokenHit[] | 'stale'> => {
  const entries = index.entries.filter((entry) => entry.lesson === lesson.id)
  if (!entries.some((entry) => hitsOf(lesson, entry, words).length > 0)) return []
  const video = await openVideo(world, actor, lesson.id)
  if (video === undefined) return []
  const entry = entries.find((each) => each.video === video)
  return entry && (await isAsStored(world, entry)) ? hitsOf(lesson, entry, words) : 'stale'
}

const search = async (wanted: Search, lessons: readonly Lesson[]): Promise<SpokenHit[] | 'stale'> => {
  const hits: SpokenHit[] = []
  for (const lesson of lessons) {
    const found = await hitsIn(wanted, lesson)
    if (found === 'stale') return 'stale'
    hits.push(...found)
    if (hits.length > MOST_HITS) break
  }
  return hits
}

export const searchTranscripts = async (
  world: World,
  actor: Actor | undefined,
  { course, words: query }: { course: string; words: string },
): Promise<{ hits: SpokenHit[]; isMore: boolean }> => {
  const { sections } = await curriculumOf(world, actor, course)
  const lessons = sections.flatMap((section) => section.lessons).filter(({ isOpen }) => isOpen)
  const words = wordsOf(query)
  const index = (await readIndex(world, course)) ?? (await rebuild(world, course))
  const first = await search({ world, actor, index, words }, lessons)
  const hits = first === 'stale' ? await search({ world, actor, index: await rebuild(world, course), words }, lessons) : first
  // Written once more while we looked: nothing is better than what may be wrong.
  const sure = hits === 'stale' ? [] : hits
  return { hits: sure.slice(0, MOST_HITS), isMore: sure.length > MOST_HITS }
}
