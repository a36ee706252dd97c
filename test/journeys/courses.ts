import type { Someone } from './people.ts'

/** A course with one section and one lesson of a kind. */
export const aCourseOf = async (
  { client }: Someone,
  { title, kind, amountMinor = 0 }: { title: string; kind: 'video' | 'article'; amountMinor?: number },
): Promise<{ course: string; lesson: string; slug: string }> => {
  const { id: course, slug } = await client.courses.create({ title })
  await client.courses.update({ course, price: { amountMinor, currency: 'EUR' }, summary: 'A course made by a test.' })
  const section = (await client.courses.addSection({ course, title: 'One section' })).sections[0]?.id ?? ''
  const after = await client.courses.addLesson({ course, section, title: 'The lesson', kind })
  const lesson = after.sections[0]?.lessons[0]?.id ?? ''
  if (kind === 'article') await client.courses.updateLesson({ lesson, text: 'Some words.' })
  return { course, lesson, slug }
}

/** A course of many articles with a few words each. */
export const aLongCourse = async ({ client }: Someone, { title, sections, lessons }: { title: string; sections: number; lessons: number }): Promise<string> => {
  const { id: course } = await client.courses.create({ title })
  for (let at = 1; at <= sections; at += 1) {
    const section = (await client.courses.addSection({ course, title: `Section ${at}` })).sections.at(-1)?.id ?? ''
    for (let place = 1; place <= lessons; place += 1) await client.courses.addLesson({ course, section, title: `Lesson ${at}.${place}`, kind: 'article' })
  }
  return course
}
