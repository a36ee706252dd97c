import type { SearchHit } from '#contract/search.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { decidedEach, openedIfAllowed } from '#core/grants/access.ts'
import { type Decision, follows } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { shownNotes } from '#core/notes/showing.ts'
import type { World } from '#ports/world.ts'
import type { Candidate } from './candidates.ts'
import { excerptOf } from './excerpt.ts'
import type { Ground } from './grounds.ts'
import { bodyOf, spokenIn } from './indexing.ts'
import { foundAt, type Query } from './words.ts'

/** A hit; undefined where it is none to this person; `stale` where the index no longer says what is stored. */
type Proven = SearchHit | 'stale' | undefined

/** Each thing is read once for a search, however many hits ask for it. */
const once = <T>(read: (id: string) => Promise<T>): ((id: string) => Promise<T>) => {
  const known = new Map<string, Promise<T>>()
  return (id) => {
    const asked = known.get(id) ?? read(id)
    known.set(id, asked)
    return asked
  }
}

const named = (list: readonly { language: string; revision: string }[]): string => list.map(({ language, revision }) => `${language} ${revision}`).join()

/** What of a published course somebody is shown now: undefined where they are shown nothing. */
const seen = async (world: World, actor: Actor | undefined, id: string): Promise<ReadonlyMap<string, Decision> | undefined> => {
  const publication = (await publicationRecords.get(world.tables, { id }))?.value
  if (!publication || publication.isClosed) return undefined
  const { stand, decisions } = await decidedEach(world, actor, publication)
  return publication.isListed || follows(stand) ? decisions : undefined
}

/**
 * Says of what was found whether it is a hit: each is looked at where it is stored, by the decision that opens the lesson's own page. What
 * a search shows of a lesson is what that page would show at this moment.
 */
export const prover = (world: World, actor: Actor | undefined, query: Query): ((candidate: Candidate) => Promise<Proven>) => {
  const decisionsIn = once((course) => seen(world, actor, course))
  const opened = once((lesson) => openedIfAllowed(world, actor, lesson))
  const stored = once(async (video) => named(await spokenIn(world.tables, video)))

  const courseHit = async ({ kind, ground, marked }: Extract<Candidate, { kind: 'course' | 'section' | 'about' }>): Promise<Proven> => {
    if (!ground.isStaff && !(await decisionsIn(ground.course.id))) return undefined
    return { kind, course: ground.course, ...marked }
  }
  const lessonHit = async ({ kind, ground, lesson, marked }: Extract<Candidate, { kind: 'lesson' }>): Promise<Proven> => {
    const decisions = ground.isStaff ? undefined : await decisionsIn(ground.course.id)
    if (!ground.isStaff && !decisions?.has(lesson.id)) return undefined
    const isOpen = ground.isStaff || (decisions?.get(lesson.id)?.isOpen ?? false)
    return { kind, course: ground.course, lesson: { ...lesson, isOpen }, ...marked }
  }
  /** The lesson as this person is given it; spares the reads of lessons that a course's decisions close. */
  const inside = async (ground: Ground, id: string) => {
    if (!ground.isStaff && !(await decisionsIn(ground.course.id))?.get(id)?.isOpen) return undefined
    return (await opened(id))?.lesson
  }
  const textHit = async ({ kind, ground, lesson: id }: Extract<Candidate, { kind: 'text' }>): Promise<Proven> => {
    const lesson = await inside(ground, id)
    const marked = lesson && excerptOf(bodyOf(lesson), query)
    return marked && { kind, course: ground.course, lesson: { id, title: lesson.title, kind: lesson.kind, isOpen: true }, ...marked }
  }
  const spokenHit = async (candidate: Extract<Candidate, { kind: 'spoken' }>): Promise<Proven> => {
    const { kind, ground, lesson: id, film, track, spot } = candidate
    const lesson = await inside(ground, id)
    if (!lesson || lesson.video === undefined) return undefined
    if (lesson.video !== film.video) return ground.index?.lessons.get(id)?.films.some(({ video }) => video === lesson.video) ? undefined : 'stale'
    if (named(film.tracks) !== (await stored(film.video))) return 'stale'
    const { startSeconds: atSeconds, ...marked } = foundAt(track.lines, spot, query)
    const found = { id, title: lesson.title, kind: lesson.kind, isOpen: true }
    return { kind, course: ground.course, lesson: found, ...marked, atSeconds, language: track.language }
  }
  const noteHit = async ({ kind, note, marked }: Extract<Candidate, { kind: 'note' }>): Promise<Proven> => {
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
