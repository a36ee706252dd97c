import type { SearchHit } from '#contract/search.ts'
import { openedIfAllowed } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { shownNotes } from '#core/notes/showing.ts'
import { once } from '#core/once.ts'
import type { World } from '#ports/world.ts'
import type { Candidate, CandidateOf } from './candidates.ts'
import { excerptOf } from './excerpt.ts'
import type { Ground } from './grounds.ts'
import { bodyOf, spokenIn } from './indexing.ts'
import { shownTo, shownToStaff } from './shown.ts'
import { folded, foundAt, holds, type Marked, matchesIn, type Query } from './words.ts'

/** A hit; undefined where it is none to this person; `stale` where the index no longer says what is stored. */
type Proven = SearchHit | 'stale' | undefined

const named = (list: readonly { language: string; revision: string }[]): string => list.map(({ language, revision }) => `${language} ${revision}`).join()

/** A title whole; undefined where it does not hold all that is looked for. */
const titled = (title: string | undefined, query: Query): Marked | undefined =>
  title !== undefined && holds(folded(title), query) ? { text: title, matches: matchesIn(title, query) } : undefined

/**
 * Says of what was found whether it is a hit: each is looked at where it is stored, by the decision that opens the lesson's own page. What
 * a search shows of a lesson is what that page would show at this moment.
 */
export const prover = (world: World, actor: Actor | undefined, query: Query): ((candidate: Candidate) => Promise<Proven>) => {
  const toStaff = once((course) => shownToStaff(world, actor, course))
  const toOthers = once((course) => shownTo(world, actor, course))
  const shownNow = ({ isStaff, course: { id } }: Ground) => (isStaff ? toStaff(id) : toOthers(id))
  const opened = once((lesson) => openedIfAllowed(world, actor, lesson))
  const stored = once(async (video) => named(await spokenIn(world.tables, video)))

  const courseHit = async (candidate: CandidateOf<'course' | 'section' | 'about'>): Promise<Proven> => {
    const shown = await shownNow(candidate.ground)
    if (!shown) return undefined
    const { kind } = candidate
    const { course, about, sections } = shown
    const title = kind === 'section' ? sections.find(({ id }) => id === candidate.section)?.title : course.title
    const marked = kind === 'about' ? excerptOf(about, query) : titled(title, query)
    return marked && { kind, course, ...marked }
  }
  const lessonHit = async ({ kind, ground, lesson: id }: CandidateOf<'lesson'>): Promise<Proven> => {
    const shown = await shownNow(ground)
    const lesson = await shown?.lesson(id)
    const marked = titled(lesson?.title, query)
    return shown && lesson && marked && { kind, course: shown.course, lesson, ...marked }
  }
  /** The lesson as this person is given it, in its course; spares the reads of lessons that a course's decisions close. */
  const inside = async (ground: Ground, id: string) => {
    const shown = await shownNow(ground)
    if (!shown || !(await shown.lesson(id))?.isOpen) return undefined
    const lesson = (await opened(id))?.lesson
    return lesson && { course: shown.course, lesson }
  }
  const textHit = async ({ kind, ground, lesson: id }: CandidateOf<'text'>): Promise<Proven> => {
    const place = await inside(ground, id)
    const marked = place && excerptOf(bodyOf(place.lesson), query)
    if (!marked) return undefined
    const { title, kind: of } = place.lesson
    return { kind, course: place.course, lesson: { id, title, kind: of, isOpen: true }, ...marked }
  }
  const spokenHit = async (candidate: CandidateOf<'spoken'>): Promise<Proven> => {
    const { kind, ground, lesson: id, film, track, spot } = candidate
    const place = await inside(ground, id)
    if (place?.lesson.video === undefined) return undefined
    const { course, lesson } = place
    if (lesson.video !== film.video) return ground.index?.lessons.get(id)?.films.some(({ video }) => video === lesson.video) ? undefined : 'stale'
    if (named(film.tracks) !== (await stored(film.video))) return 'stale'
    const { startSeconds: atSeconds, ...marked } = foundAt(track.lines, spot, query)
    const found = { id, title: lesson.title, kind: lesson.kind, isOpen: true }
    return { kind, course, lesson: found, ...marked, atSeconds, language: track.language }
  }
  const noteHit = async ({ kind, note, marked }: CandidateOf<'note'>): Promise<Proven> => {
    const [shown] = actor ? await shownNotes(world, actor, [note]) : []
    const { atSeconds } = note
    return shown && { kind, course: { ...shown.course, isDraft: false }, lesson: shown.lesson, ...marked, ...(atSeconds !== undefined && { atSeconds }) }
  }
  return (candidate) => {
    if (candidate.kind === 'lesson') return lessonHit(candidate)
    if (candidate.kind === 'text') return textHit(candidate)
    if (candidate.kind === 'spoken') return spokenHit(candidate)
    return candidate.kind === 'note' ? noteHit(candidate) : courseHit(candidate)
  }
}
