import * as z from 'zod/mini'
import { LessonAbout } from '#contract/lesson-about.ts'
import { ASSIGNMENT_KEYS, AssignmentHead, assignmentHead } from './assignment.ts'
import { LessonDocument, type Reading } from './documents.ts'
import type { KnownKeys } from './findings.ts'
import { joined } from './front-matter.ts'
import { LIVE_KEYS, LiveHead, liveHead } from './live.ts'
import { QUESTION_KEYS, Questions, questionHead } from './questions.ts'
import { QUIZ_KEYS, QuizHead, quizHead } from './quiz.ts'
import { filled, read, said, YesNo } from './said.ts'

const MOST_MINUTES = 240

const Minutes = z.pipe(
  z.string().check(z.refine((text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_MINUTES, `has to be a whole number from 1 to ${MOST_MINUTES}`)),
  z.transform(Number),
)

const { summary, objectives, language, licence, sources } = LessonAbout.shape
const { id, title, kind, video, files } = LessonDocument.shape

const LessonHead = z.object({
  ...{ title, id, kind: z.optional(kind), preview: z._default(YesNo, false) },
  ...{ summary, objectives, minutes: z.optional(Minutes), language, licence, sources, video, files },
  questions: z._default(Questions, []),
  quiz: z.optional(QuizHead),
  assignment: z.optional(AssignmentHead),
  live: z.optional(LiveHead),
})

const KNOWN: KnownKeys = {
  '': Object.keys(LessonHead.shape),
  sources: ['title', 'url'],
  files: ['id', 'name'],
  ...QUESTION_KEYS,
  ...QUIZ_KEYS,
  ...ASSIGNMENT_KEYS,
  ...LIVE_KEYS,
}

const usualLesson = ({ video: named }: { video?: string | undefined }): LessonDocument['kind'] => (named === undefined ? 'article' : 'video')

/** Reads a lesson's file. */
export const readLesson = (file: string): Reading<LessonDocument> =>
  read(file, {
    head: LessonHead,
    known: KNOWN,
    make: ({ preview, summary, objectives, minutes, language, licence, sources, ...head }, text) =>
      LessonDocument.safeParse(
        said({
          ...head,
          kind: head.kind ?? usualLesson(head),
          isPreview: preview,
          about: said({ summary, objectives, readingMinutes: minutes, language, licence, sources }),
          text,
        }),
      ),
  })

/** Writes a lesson's file, so that reading it gives the same lesson. */
export const writeLesson = (lesson: LessonDocument): string => {
  const { summary, objectives, readingMinutes, language, licence, sources } = lesson.about
  const head = said({
    title: lesson.title,
    id: lesson.id,
    kind: lesson.kind === usualLesson(lesson) ? undefined : lesson.kind,
    preview: lesson.isPreview || undefined,
    summary,
    objectives: filled(objectives),
    minutes: readingMinutes,
    ...{ language, licence, sources: filled(sources) },
    video: lesson.video,
    files: filled(lesson.files),
    questions: filled(lesson.questions.map((question) => questionHead(question, lesson.questions))),
    quiz: lesson.quiz && quizHead(lesson.quiz),
    assignment: lesson.assignment && assignmentHead(lesson.assignment),
    live: lesson.live && liveHead(lesson.live),
  })
  return joined(head, lesson.text)
}
