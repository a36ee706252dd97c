import { MOST_NOTES, MOST_NOTES_AT_A_LESSON, type Note } from '#contract/notes.ts'
import { placed } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { trying } from '#core/talk/trying.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { noteRecords, notesOf, noteTallyRecords, type StoredNote } from './records.ts'
import { shownNote } from './showing.ts'

const WINDOW_MS = 10 * 60_000
const MOST_WRITTEN = 200

/** Counts what is written, or refuses what would be too much or comes too fast. */
const tallied = async ({ tables, clock }: World, learner: string, { added, written }: { added: number; written: number }): Promise<Change> => {
  const at = clock.now().toISOString()
  const before = await noteTallyRecords.get(tables, { learner })
  const { count, since, written: sofar } = before?.value ?? { count: 0, since: at, written: 0 }
  const isOver = Date.parse(at) - Date.parse(since) >= WINDOW_MS
  const after = { learner, count: Math.max(0, count + added), since: isOver ? at : since, written: (isOver ? 0 : sofar) + written }
  if (added > 0 && after.count > MOST_NOTES) throw new Refusal('too-many', `More than ${MOST_NOTES} notes cannot be kept. Remove some first.`)
  if (written > 0 && after.written > MOST_WRITTEN) throw new Refusal('too-many', 'You are writing very much at once. Wait some minutes.')
  return before ? noteTallyRecords.replace(before, after) : noteTallyRecords.add(after)
}

const refuseFull = async ({ tables }: World, { learner, course, lesson }: StoredNote): Promise<void> => {
  const { items } = await noteRecords.list(tables, notesOf(learner), { prefix: `${course}#${lesson}#`, limit: MOST_NOTES_AT_A_LESSON })
  if (items.length >= MOST_NOTES_AT_A_LESSON) throw new Refusal('too-many', `A lesson holds up to ${MOST_NOTES_AT_A_LESSON} notes. Remove some first.`)
}

type Words = Pick<StoredNote, 'body'> & { atSeconds?: number | undefined }

/** The lesson must have been opened to the actor before: `lesson` is what opened. */
export const addNote = async (
  world: World,
  actor: Actor,
  { lesson, words }: { lesson: { id: string; course: string; title: string }; words: Words },
): Promise<Note> => {
  const { tables, clock, ids } = world
  const place = await placed(tables, lesson.id)
  if (!place) throw missing('lesson')
  const note: StoredNote = {
    ...{ id: ids.make('nte'), learner: actor.id, course: lesson.course, lesson: lesson.id },
    ...{ titles: { course: place.course.title, lesson: lesson.title }, body: words.body, at: clock.now().toISOString() },
    ...(words.atSeconds !== undefined && { atSeconds: words.atSeconds }),
  }
  await trying(async () => {
    await refuseFull(world, note)
    return tables.commit([await tallied(world, actor.id, { added: 1, written: 1 }), noteRecords.add(note)])
  })
  return shownNote(note, { title: lesson.title, isOpen: true })
}

type Which = Pick<StoredNote, 'course' | 'lesson'> & { note: string }

/** Whoever asks for a note of another finds none: it is looked for among their own. */
export const changeNote = async (world: World, actor: Actor, { course, lesson, note: id, ...words }: Which & Words): Promise<StoredNote> =>
  trying(async () => {
    const before = await noteRecords.get(world.tables, { learner: actor.id, course, lesson, id })
    if (!before) throw missing('note')
    const { atSeconds: _, ...kept } = before.value
    const changedAt = world.clock.now().toISOString()
    const after: StoredNote = { ...kept, body: words.body, changedAt, ...(words.atSeconds !== undefined && { atSeconds: words.atSeconds }) }
    const outcome = await world.tables.commit([await tallied(world, actor.id, { added: 0, written: 1 }), noteRecords.replace(before, after)])
    return outcome === 'done' ? after : outcome
  })

export const removeNote = async (world: World, actor: Actor, { course, lesson, note: id }: Which): Promise<void> => {
  await trying(async () => {
    const before = await noteRecords.get(world.tables, { learner: actor.id, course, lesson, id })
    if (!before) throw missing('note')
    return world.tables.commit([await tallied(world, actor.id, { added: -1, written: 0 }), noteRecords.remove(before.value, before)])
  })
}
