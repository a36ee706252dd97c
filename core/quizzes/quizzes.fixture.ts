import type { Answer, AskedQuestion, SentQuestion } from '#contract/questions.ts'
import type { QuizRules } from '#contract/quizzes.ts'
import { aCourse, lessonNamed } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'

const common = { explanation: '', points: 1 }

/** Words that stand in a key and nowhere else, so that one can look for them. */
export const EVERY_KIND: SentQuestion[] = [
  {
    ...common,
    kind: 'single',
    prompt: 'Two and two?',
    explanation: 'Why-single',
    options: [
      { text: 'Four', isRight: true },
      { text: 'Five', isRight: false },
    ],
  },
  {
    ...{ ...common, points: 2, kind: 'multiple', prompt: 'Which are even?', explanation: 'Why-multiple' },
    options: [
      { text: 'Zwei', isRight: true },
      { text: 'Drei', isRight: false },
      { text: 'Vier', isRight: true },
    ],
  },
  { ...common, kind: 'true-false', prompt: 'Light bends.', explanation: 'Why-true', isTrue: false },
  { ...common, kind: 'numeric', prompt: 'How fast?', explanation: 'Why-numeric', value: 299_792_458, tolerance: 500_000, unit: 'm/s' },
  { ...common, kind: 'text', prompt: 'Who wrote it?', explanation: 'Why-text', accepted: ['Newtonius', 'Isaac Newtonius'], matchesCase: false },
  { ...common, kind: 'ordering', prompt: 'From short to long', explanation: 'Why-ordering', items: ['Violet', 'Green', 'Yellow', 'Red'] },
  {
    ...{ ...common, points: 3, kind: 'matching', prompt: 'What belongs together?', explanation: 'Why-matching' },
    pairs: [
      { left: 'Hot', right: 'Orange' },
      { left: 'Cold', right: 'Blue' },
      { left: 'Neither', right: 'Grey' },
    ],
  },
  { ...common, points: 2, kind: 'blanks', prompt: 'Fill in', explanation: 'Why-blanks', passage: 'Light goes [[straightaway]] and [[refracted|bendeth]].' },
]

/** The right answer to each of them, as it was asked. */
export const rightAnswer = (question: AskedQuestion): Answer => {
  switch (question.kind) {
    case 'single':
      return { chosen: [question.options.indexOf('Four')] }
    case 'multiple':
      return { chosen: [question.options.indexOf('Vier'), question.options.indexOf('Zwei')] }
    case 'true-false':
      return { chosen: [1] }
    case 'numeric':
      return { words: ['3e8 m/s'] }
    case 'text':
      return { words: [' isaac  NEWTONIUS'] }
    case 'ordering':
      return { chosen: ['Violet', 'Green', 'Yellow', 'Red'].map((item) => question.items.indexOf(item)) }
    case 'matching':
      return { chosen: ['Orange', 'Blue', 'Grey'].map((right) => question.rights.indexOf(right)) }
    default:
      return { words: ['Straightaway', 'bendeth'] }
  }
}

export const allRight = (questions: readonly AskedQuestion[]) => questions.map((question) => ({ question: question.id, answer: rightAnswer(question) }))

export const someRules = (of: Partial<QuizRules> = {}): QuizRules => ({ passPercent: 70, isShuffled: true, telling: 'handed-in', draws: [], ...of })

/** A free course with one quiz, published; somebody learns in it. */
export const aQuizSchool = async (
  t: { after(end: () => Promise<void>): void },
  { rules, questions = EVERY_KIND }: { rules?: Partial<QuizRules>; questions?: SentQuestion[] } = {},
) => {
  const school = await openSchool()
  t.after(school.close)
  const [teacher, learner] = [await school.person('Lena', 'instructor'), await school.person('Mia')]
  const { course, section } = await aCourse(teacher)
  const lesson = lessonNamed(await teacher.client.courses.addLesson({ course, section, title: 'The quiz', kind: 'quiz' }), 'The quiz')
  if (questions.length > 0) await teacher.client.quizzes.write({ lesson, questions, rules: someRules(rules) })
  const publish = async () => {
    await teacher.client.courses.publish({ course })
    await school.settle()
  }
  if (questions.length > 0) {
    await publish()
    await learner.client.learning.enrol({ course })
  }
  return { school, teacher, learner, course, section, lesson, publish }
}
