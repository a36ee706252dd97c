import type { Note } from '#contract/notes.ts'
import { formatClock } from '../../lib/clock.ts'

/** Notes of one lesson, in the order they came in. */
export type NotesOfLesson = { course: Note['course']; lesson: Note['lesson']; notes: Note[] }

export const byLesson = (notes: readonly Note[]): NotesOfLesson[] => {
  const found = new Map<string, NotesOfLesson>()
  for (const note of notes) {
    const of = found.get(note.lesson.id) ?? { course: note.course, lesson: note.lesson, notes: [] }
    of.notes.push(note)
    found.set(note.lesson.id, of)
  }
  return [...found.values()]
}

/** A title on its line of its own, with what Markdown would read otherwise set apart. */
const plain = (title: string): string => title.replaceAll(/[\\`*_[\]<>#]/g, '\\$&')

/** A notebook as a file: courses, lessons, and each note with its second. `bookmark` is what one without words is called. */
export const asMarkdown = (notes: readonly Note[], { title, bookmark }: { title: string; bookmark: string }): string => {
  let course = ''
  const parts = [`# ${plain(title)}`]
  for (const of of byLesson(notes)) {
    if (of.course.id !== course) parts.push(`## ${plain(of.course.title)}`)
    course = of.course.id
    parts.push(`### ${plain(of.lesson.title)}`)
    for (const { body, atSeconds } of of.notes) {
      const said = body.trim() === '' ? bookmark : body
      parts.push(atSeconds === undefined ? said : `**${formatClock(atSeconds)}**\n\n${said}`)
    }
  }
  return `${parts.join('\n\n')}\n`
}
