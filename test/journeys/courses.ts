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
