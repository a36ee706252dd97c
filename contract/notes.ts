import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'

export const MOST_NOTE_CHARACTERS = 4000
/** Of one person: at one lesson, and in all. */
export const MOST_NOTES_AT_A_LESSON = 200
export const MOST_NOTES = 10_000

/** What somebody keeps for themselves at a lesson; without words it is a bookmark. Nobody else reads it, not the teacher either. */
export const Note = z.object({
  id: z.string(),
  course: z.object({ id: z.string(), title: z.string() }),
  /** As it is called now; where it is open no more, as it was called when this was written. */
  lesson: z.object({ id: z.string(), title: z.string(), isOpen: z.boolean() }),
  /** Markdown. */
  body: z.string(),
  /** Seconds into the lesson’s video. */
  atSeconds: z.optional(z.number()),
  at: when,
  changedAt: z.optional(when),
})
export type Note = z.infer<typeof Note>

const [course, lesson, note] = [id('crs'), id('les'), id('nte')]
const body = z.string().check(z.maxLength(MOST_NOTE_CHARACTERS))
const atSeconds = z.optional(z.number().check(z.minimum(0), z.maximum(360_000)))

export const notes = {
  list: endpoint({
    method: 'GET',
    path: '/learning/notes',
    access: 'person',
    summary: 'My notes and bookmarks: all of them, those of a course, or of one lesson of it; those of a lesson lie together',
    input: z.object({ course: z.optional(course), lesson: z.optional(lesson), page: z.optional(z.string().check(z.maxLength(2000))) }),
    output: z.object({ notes: z.array(Note), next: z.optional(z.string()) }),
  }),
  add: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/notes',
    access: 'person',
    summary: 'Write a note at a lesson I may see; one without words is a bookmark',
    input: z.object({ lesson, body, atSeconds }),
    output: Note,
  }),
  change: endpoint({
    method: 'PUT',
    path: '/learning/notes/{course}/{lesson}/{note}',
    access: 'person',
    summary: 'Change what I noted, whether or not its lesson is still open to me',
    input: z.object({ course, lesson, note, body, atSeconds }),
    output: Note,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/learning/notes/{course}/{lesson}/{note}',
    access: 'person',
    summary: 'Remove a note of mine',
    input: z.object({ course, lesson, note }),
    output: done,
  }),
}
