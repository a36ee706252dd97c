import type { TestContext } from 'node:test'
import { courseRecords, lessonRecords, publishedLessonRecords } from '#core/courses/records.ts'
import { aRepository, type TestRepository } from '#test/repository.ts'
import { openSchool, type School } from '#test/school.ts'

export type Person = Awaited<ReturnType<School['person']>>

/** A lesson's file as somebody would write it. */
export const aFile = (title: string, { head = '', text = `About ${title}.` }: { head?: string; text?: string } = {}): string =>
  `---\ntitle: ${title}\n${head}---\n${text}\n`

/** The file of a course. */
export const aCourseFile = (title: string, head = ''): string => `---\ntitle: ${title}\n${head}---\nWhat it is about.\n`

export const QUIZ = 'questions:\n  - ask: Two and two?\n    options:\n      - right: Four\n      - wrong: Five\n    explanation: Count them.\n'

/** A school with a repository, its owner, a teacher and a learner. */
export const aContentSchool = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const repository = aRepository({ clock: school.clock })
  school.world.repository = repository
  const [owner, teacher, learner] = [await school.person('Owner', 'admin'), await school.person('Theo', 'instructor'), await school.person('Lena')]
  const pass = async (seconds: number): Promise<void> => {
    school.clock.pass(seconds)
    for (const timer of school.timers.filter(({ name }) => name === 'content.look')) await timer.run(school.world)
    await school.settle()
  }
  return { ...{ school, repository, owner, teacher, learner, pass }, ...looks(school, repository, owner) }
}

export type ContentSchool = Awaited<ReturnType<typeof aContentSchool>>

const looks = (school: School, repository: TestRepository, owner: Person) => {
  const { tables } = school.world
  const look = async (anyway?: string) => {
    const state = await owner.client.content.look(anyway === undefined ? {} : { anyway })
    await school.settle()
    return state
  }
  return {
    look,
    /** Commits, and has the school look. */
    push: async (files: Readonly<Record<string, string | undefined>>) => {
      repository.commit(files)
      return look()
    },
    courseAt: async (slug: string): Promise<string> => {
      const { courses } = await owner.client.courses.mine({})
      const found = courses.find((course) => course.slug === slug)
      if (!found) throw new Error(`There is no course “${slug}” of the owner’s.`)
      return found.id
    },
    /** What the draft says, as titles in order. */
    draft: async (course: string): Promise<string> => {
      const { sections } = await owner.client.courses.get({ course })
      return sections.map(({ title, lessons }) => `${title}: ${lessons.map((lesson) => lesson.title).join(', ')}`).join(' | ')
    },
    /** What learners see of it. */
    shown: async (person: Person, course: string): Promise<string> => {
      const { sections } = await person.client.learning.curriculum({ course })
      return sections.map(({ title, lessons }) => `${title}: ${lessons.map((lesson) => lesson.title).join(', ')}`).join(' | ')
    },
    lessonId: async (person: Person, { course, title }: { course: string; title: string }): Promise<string> => {
      const { sections } = await person.client.learning.curriculum({ course })
      const found = sections.flatMap(({ lessons }) => lessons).find((lesson) => lesson.title === title)
      if (!found) throw new Error(`There is no lesson “${title}”.`)
      return found.id
    },
    stored: {
      course: async (id: string) => (await courseRecords.get(tables, { id }))?.value,
      draft: async (id: string) => (await lessonRecords.get(tables, { id }))?.value,
      published: async (id: string) => (await publishedLessonRecords.get(tables, { id }))?.value,
    },
    events: (name: string): number => Number(school.database.prepare('SELECT count(*) AS count FROM outbox WHERE name = ?').get(name)?.['count']),
  }
}

/** An ordinary course of a teacher’s, published, with one lesson of its own that a learner follows. */
export const aTaughtCourse = async ({ school, teacher, learner }: ContentSchool, title = 'Light') => {
  const { id: course, slug } = await teacher.client.courses.create({ title })
  const { sections } = await teacher.client.courses.addSection({ course, title: 'Beginnings' })
  const section = sections[0]?.id ?? ''
  await teacher.client.courses.addLesson({ course, section, title: 'By hand', kind: 'article' })
  await teacher.client.courses.publish({ course })
  await school.settle()
  await learner.client.learning.enrol({ course })
  return { course, section, slug }
}
