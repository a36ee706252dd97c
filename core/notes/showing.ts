import type { Note } from '#contract/notes.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { decidedEach, openedIfAllowed } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import type { StoredNote } from './records.ts'

type Seen = { title: string; isOpen: boolean }

export const shownNote = ({ id, course, lesson, titles, body, atSeconds, at, changedAt }: StoredNote, seen: Seen): Note => ({
  ...{ id, course: { id: course, title: titles.course }, lesson: { id: lesson, ...seen }, body, at },
  ...(atSeconds !== undefined && { atSeconds }),
  ...(changedAt !== undefined && { changedAt }),
})

/** The lessons of a course that are open to somebody, by what they are called; undefined where it has never been published. */
const openIn = async (world: World, actor: Actor, course: string): Promise<Map<string, string> | undefined> => {
  const publication = await publicationRecords.get(world.tables, { id: course })
  if (!publication) return undefined
  const { decisions } = await decidedEach(world, actor, publication.value)
  const open = publication.value.sections.flatMap(({ lessons }) => lessons).filter(({ id }) => decisions.get(id)?.isOpen)
  return new Map(open.map(({ id, title }) => [id, title]))
}

const seenBy = async (world: World, actor: Actor, note: StoredNote, published: ReadonlyMap<string, string> | undefined): Promise<Seen> => {
  const title = published ? published.get(note.lesson) : (await openedIfAllowed(world, actor, note.lesson))?.lesson.title
  return { title: title ?? note.titles.lesson, isOpen: title !== undefined }
}

/** Own notes are always one’s own to read; of a lesson that is open no more they tell what it was called then, and nothing else. */
export const shownNotes = async (world: World, actor: Actor, notes: readonly StoredNote[]): Promise<Note[]> => {
  const courses = [...new Set(notes.map(({ course }) => course))]
  const open = new Map(await Promise.all(courses.map(async (course) => [course, await openIn(world, actor, course)] as const)))
  return Promise.all(notes.map(async (note) => shownNote(note, await seenBy(world, actor, note, open.get(note.course)))))
}
