import { type notes as contract, MOST_NOTES_AT_A_LESSON } from '#contract/notes.ts'
import { openLesson } from '#core/grants/access.ts'
import type { Feature } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { noteRecords, notesOf } from './records.ts'
import { shownNotes } from './showing.ts'
import { addNote, changeNote, removeNote } from './writing.ts'

const A_PAGE = 50

export const notes: Feature<typeof contract> = {
  handlers: {
    list: async (world, actor, { course, lesson, page }) => {
      if (lesson !== undefined && course === undefined) throw new Refusal('bad-input', 'Name the course of the lesson as well.')
      const prefix = [course, lesson].flatMap((part) => (part === undefined ? [] : [`${part}#`])).join('')
      const limit = lesson === undefined ? A_PAGE : MOST_NOTES_AT_A_LESSON
      const { items, next } = await noteRecords.list(world.tables, notesOf(actor.id), { limit, ...(prefix && { prefix }), ...(page !== undefined && { page }) })
      return { notes: await shownNotes(world, actor, items), ...(next !== undefined && { next }) }
    },
    add: async (world, actor, { lesson, ...words }) => addNote(world, actor, { lesson: await openLesson(world, actor, lesson), words }),
    change: async (world, actor, input) => {
      const [shown] = await shownNotes(world, actor, [await changeNote(world, actor, input)])
      if (!shown) throw missing('note')
      return shown
    },
    remove: async (world, actor, input) => {
      await removeNote(world, actor, input)
      return { done: true }
    },
  },
  hearings: [],
  timers: [],
}
