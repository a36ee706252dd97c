import type { AssignmentRules } from '#contract/assignments.ts'
import { aCourse, lessonNamed, streamOf } from '#test/builders.ts'
import { openSchool, type School } from '#test/school.ts'

export const A_RUBRIC: AssignmentRules['rubric'] = [
  {
    title: 'Light',
    says: 'Where it comes from',
    levels: [
      { title: 'Not seen', points: 0 },
      { title: 'Seen', points: 2 },
      { title: 'Used', points: 4, says: 'It leads the eye.' },
    ],
  },
  {
    title: 'Words',
    levels: [
      { title: 'Unclear', points: 1 },
      { title: 'Clear', points: 2 },
    ],
  },
]

export const someAssignment = (of: Partial<AssignmentRules> = {}): AssignmentRules => ({ takes: 'both', passPercent: 60, rubric: A_RUBRIC, ...of })

/** A free course with one assignment, published; somebody learns in it. */
export const anAssignmentSchool = async (t: { after(end: () => Promise<void>): void }, rules?: Partial<AssignmentRules>) => {
  const school = await openSchool()
  t.after(school.close)
  const [teacher, learner] = [await school.person('Lena', 'instructor'), await school.person('Mia')]
  const { course, section } = await aCourse(teacher)
  const lesson = lessonNamed(await teacher.client.courses.addLesson({ course, section, title: 'A portrait', kind: 'assignment' }), 'A portrait')
  await teacher.client.assignments.write({ lesson, rules: someAssignment(rules) })
  await teacher.client.courses.publish({ course })
  await school.settle()
  await learner.client.learning.enrol({ course })
  const waiting = async () => (await teacher.client.assignments.queue({ course })).handings
  return { school, teacher, learner, course, section, lesson, waiting }
}

type Person = Awaited<ReturnType<School['person']>>

/** A file sent to somebody's draft. */
export const aWorkFile = async (
  { store }: School,
  { client }: Person,
  { lesson, name = 'portrait.pdf', bytes = new Uint8Array(2500).fill(9) }: { lesson: string; name?: string; bytes?: Uint8Array },
): Promise<string> => {
  const { id: file, parts, partBytes } = await client.assignments.startFile({ lesson, name, sizeBytes: bytes.length, type: 'application/pdf' })
  const numbers = Array.from({ length: parts }, (_, index) => index + 1)
  for (const { number, url } of (await client.assignments.signFile({ file, parts: numbers })).parts) {
    const { status } = await store.receivePart(new URL(url), streamOf(bytes.subarray((number - 1) * partBytes, number * partBytes)))
    if (status !== 200) throw new Error(`Part ${number} was answered ${status}.`)
  }
  await client.assignments.finishFile({ file })
  return file
}
