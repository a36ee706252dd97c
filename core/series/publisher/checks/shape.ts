import { LessonDocument } from '#core/content/format/documents.ts'
import { readLesson, writeLesson } from '#core/content/format/lesson.ts'
import { named } from '#core/quizzes/naming.ts'
import { type Brief, type Draft, Written } from '../../papers.ts'
import { type Check, error, type Found, quoted } from './check.ts'

/** The lesson that a draft becomes. What it is and where it goes the brief says; of the draft only words are taken. */
export const lessonOf = ({ lesson }: Brief, { title, about, questions, text }: Draft): LessonDocument => ({
  ...{ id: lesson.id, title, kind: 'article', isPreview: false, about, questions: named(questions.map((question) => ({ ...question, points: 1 }))), files: [] },
  text: `${text.replaceAll('\r\n', '\n').trim()}\n`,
})

const MOST_LINE_CHARACTERS = 10_000

type Issue = { path: PropertyKey[]; message: string }
const told = (issues: readonly Issue[]): Found[] => issues.map(({ path, message }) => error(`${path.join('.')}: ${message}`))

const roundTrip = (lesson: LessonDocument): Found[] => {
  const sound = LessonDocument.safeParse(lesson)
  if (!sound.success) return told(sound.error.issues)
  const reading = readLesson(writeLesson(sound.data))
  if ('findings' in reading) return reading.findings.map(({ says }) => error(says))
  // Both come from one schema, which fixes the order of what they say.
  return JSON.stringify(reading.document) === JSON.stringify(sound.data) ? [] : [error('Written to its file and read again, the lesson is another one.')]
}

export const schema: Check = {
  name: 'schema',
  title: 'It is a lesson, and keeps to its lengths',
  find: ({ brief, draft }) => {
    if (draft.run !== brief.run) return [error('The draft is another run’s.')]
    const { title, text, questions, about } = draft
    const { summary, objectives, readingMinutes, sources } = about
    const written = Written.safeParse({ title, summary, objectives, text, questions, readingMinutes, sources })
    if (!written.success) return told(written.error.issues)
    if (text.split('\n').some((line) => line.length > MOST_LINE_CHARACTERS))
      return [error(`A line of the text is longer than ${MOST_LINE_CHARACTERS} characters.`)]
    return roundTrip(lessonOf(brief, draft))
  },
}

const MOST_PATH_CHARACTERS = 240
const FOLDER_NAME = /^[a-z0-9][a-z0-9-]{0,79}$/
const LESSON_FILE = /^[a-z0-9][a-z0-9-]{0,89}\.md$/
/** Names that Windows keeps for devices: a checkout there would fail. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/

/** `<folder>/<course>/<section>/<lesson>.md` and nothing else: no dots, no backslashes, no other letters could be in it. */
export const path: Check = {
  name: 'path',
  title: 'It is written to its one file in the folder of courses',
  find: ({ brief, repository: { folder, branch } }) => {
    const { lesson, proposals, course } = brief
    if (proposals.folder !== folder) return [error(`The run is for the folder ${quoted(proposals.folder)}, and courses lie in ${quoted(folder)}.`)]
    if (proposals.branch !== branch) return [error(`The run is for the branch ${quoted(proposals.branch)}, and courses are on ${quoted(branch)}.`)]
    const start = folder === '' ? '' : `${folder}/`
    const [courseFolder = '', section = '', file = '', ...deeper] = lesson.path.startsWith(start) ? lesson.path.slice(start.length).split('/') : []
    const isPlain = FOLDER_NAME.test(courseFolder) && FOLDER_NAME.test(section) && LESSON_FILE.test(file) && deeper.length === 0
    const isReserved = [courseFolder, section, file.replace(/\.md$/, '')].some((name) => DEVICE.test(name)) || file === 'course.md'
    if (isPlain && !isReserved && courseFolder === course.slug && lesson.path.length <= MOST_PATH_CHARACTERS) return []
    return [error(`${quoted(lesson.path)} is no place for a lesson of ${quoted(course.slug)}.`)]
  },
}

export const licence: Check = {
  name: 'licence',
  title: 'It has the licence that was asked for',
  find: ({ brief, draft }) => {
    const [asked, given] = [brief.brief.licence, draft.about.licence]
    if (given === undefined) return [error(`It names no licence; asked for was ${quoted(asked)}.`)]
    return given === asked ? [] : [error(`Its licence is ${quoted(given)}; asked for was ${quoted(asked)}.`)]
  },
}
