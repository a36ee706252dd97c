import { aCourse, aLesson } from '#test/builders.ts'
import type { openSchool } from '#test/school.ts'

type School = Awaited<ReturnType<typeof openSchool>>

/** A free, published course of one article, with its teacher, an owner, and two learners who follow it. */
export const aTalkingCourse = async (school: School) => {
  const teacher = await school.person('Theo', 'instructor')
  const owner = await school.person('Olive', 'admin')
  const [lena, max] = [await school.person('Lena'), await school.person('Max')]
  const place = await aCourse(teacher, { title: 'Painting with light' })
  const lesson = await aLesson(teacher, { ...place, title: 'The window' })
  await teacher.client.courses.updateLesson({ lesson, text: 'Some words.' })
  await teacher.client.courses.publish({ course: place.course })
  for (const { client } of [lena, max]) await client.learning.enrol({ course: place.course })
  await school.settle()
  school.letters.length = 0
  return { ...place, lesson, teacher, owner, lena, max }
}

export const aQuestion = { title: 'Which window?', body: 'The **left** one, or the right?', isQuestion: true }
