import assert from 'node:assert/strict'
import { test } from 'node:test'
import { event } from '#core/events.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'

test('Whose access the school ends is told so once, in plain words, even when the course has left the catalogue', async (t) => {
  const school = await openSchool()
  t.after(() => school.close())
  const teacher = await school.person('Tove', 'instructor')
  const learner = await school.person('Lena')
  const { course, section } = await aCourse(teacher, { title: 'Colour' })
  await aLesson(teacher, { course, section })
  await teacher.client.courses.update({ course, summary: 'Seeing colour.', description: 'All of it.' })
  await teacher.client.courses.publish({ course })
  const end = (): Promise<unknown> => {
    const ended = event(school.world, 'enrolment.ended', { learner: learner.id, course, because: 'ended' })
    return school.world.tables.commit([], [ended])
  }
  const letters = () => school.letters.filter(({ to }) => to === learner.email)
  await end()
  await school.settle()
  await school.settle()
  assert.equal(letters().length, 1)
  assert.equal(letters()[0]?.subject, 'Your access has ended: Colour')
  assert.match(letters()[0]?.text ?? '', /The school has ended your access to “Colour”[\s\S]*http:\/\/school\.test\/courses\/colour/)
  await teacher.client.courses.unpublish({ course })
  await end()
  await school.settle()
  assert.equal(letters().length, 2)
  assert.doesNotMatch(letters()[1]?.text ?? '', /http/)
})
