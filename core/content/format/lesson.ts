import * as z from 'zod/mini'
import { LessonAbout } from '#contract/lesson-about.ts'
import { MOST_QUESTIONS, Question, rightOptions } from '#contract/questions.ts'
import { LessonDocument, type Reading } from './documents.ts'
import type { KnownKeys } from './findings.ts'
import { joined } from './front-matter.ts'
import { filled, read, said, YesNo } from './said.ts'

const MOST_MINUTES = 240

const Minutes = z.pipe(
  z.string().check(z.refine((text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_MINUTES, `has to be a whole number from 1 to ${MOST_MINUTES}`)),
  z.transform(Number),
)

const optionText = Question.shape.options.def.element.shape.text

/** `- right: Four`, or `- wrong: Five`. */
const Option = z.pipe(
  z
    .object({ right: z.optional(optionText), wrong: z.optional(optionText) })
    .check(z.refine(({ right, wrong }) => (right === undefined) !== (wrong === undefined), 'has to be “right: …” or “wrong: …”')),
  z.transform(({ right, wrong }) => ({ text: right ?? wrong ?? '', isRight: right !== undefined })),
)

type Options = Pick<Question, 'options'>

/** One right option makes a question with one answer. */
const usualKind = (of: Options): Question['kind'] => (rightOptions(of) === 1 ? 'single' : 'multiple')

const Asked = z.pipe(
  z
    .object({
      ask: Question.shape.prompt,
      kind: z.optional(Question.shape.kind),
      options: z.array(Option).check(z.minLength(2), z.maxLength(8)),
      explanation: z._default(Question.shape.explanation, ''),
    })
    .check(
      z.refine((asked) => asked.kind !== 'single' || rightOptions(asked) === 1, 'a question of kind single has exactly one right option'),
      z.refine((asked) => asked.kind !== undefined || rightOptions(asked) > 0, 'no option is right; where that is meant, say “kind: multiple”'),
    ),
  z.transform(({ ask, kind, options, explanation }): Question => ({ prompt: ask, kind: kind ?? usualKind({ options }), options, explanation })),
)

const { summary, objectives, language, licence, sources } = LessonAbout.shape
const { id, title, kind, video, files } = LessonDocument.shape

const LessonHead = z.object({
  ...{ title, id, kind: z.optional(kind), preview: z._default(YesNo, false) },
  ...{ summary, objectives, minutes: z.optional(Minutes), language, licence, sources, video, files },
  questions: z._default(z.array(Asked).check(z.maxLength(MOST_QUESTIONS)), []),
})

const KNOWN: KnownKeys = {
  '': Object.keys(LessonHead.shape),
  sources: ['title', 'url'],
  files: ['id', 'name'],
  questions: ['ask', 'kind', 'options', 'explanation'],
  'questions.options': ['right', 'wrong'],
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

const questionHead = ({ prompt, kind, options, explanation }: Question) =>
  said({
    ask: prompt,
    kind: kind === usualKind({ options }) && rightOptions({ options }) > 0 ? undefined : kind,
    options: options.map(({ text, isRight }) => (isRight ? { right: text } : { wrong: text })),
    explanation: explanation === '' ? undefined : explanation,
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
    questions: filled(lesson.questions.map(questionHead)),
  })
  return joined(head, lesson.text)
}
