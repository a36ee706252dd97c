import assert from 'node:assert/strict'
import { test } from 'node:test'
import { event } from '#core/events.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'

test('a course in which nobody learns says so at the first look: nothing is being counted', async (t) => {
  const school = await openSchool()
  t.after(school.close)
  const teacher = await school.person('Tove', 'instructor')
  const { course, section } = await aCourse(teacher)
  await aLesson(teacher, { course, section })
  const { learners, isGathering } = await teacher.client.insights.overview({ course })
  assert.deepEqual([learners, isGathering], [0, false])
  assert.deepEqual((await teacher.client.insights.learners({ course })).isGathering, false)
})

test('nothing that was counted of a course outlives it', async (t) => {
  const school = await openSchool()
  t.after(school.close)
  const teacher = await school.person('Tove', 'instructor')
  const { course, section } = await aCourse(teacher)
  const lesson = await aLesson(teacher, { course, section })
  await teacher.client.courses.update({ course, summary: 'Seeing.', description: 'All of it.' })
  await teacher.client.courses.publish({ course })
  for (const name of ['Mia', 'Zoë Ångström']) {
    const { client } = await school.person(name)
    await client.learning.enrol({ course })
    await client.learning.complete({ lesson, isCompleted: true })
  }
  await school.settle()
  await teacher.client.insights.overview({ course })
  await school.settle()
  const kept = (): number => {
    const places = [`standings#${course}`, `standing-words#${course}`, `funnel#${course}`]
    const row = school.database
      .prepare(`SELECT count(*) AS count FROM items WHERE pk IN (${places.map(() => '?').join(', ')}) OR sk = ?`)
      .get(...places, `counted#${course}`)
    return Number(row?.['count'])
  }
  assert.ok(kept() > 10, 'rows, words and counters are there')
  // As when the last of its members have gone: nobody follows it, and it is removed.
  await school.world.tables.commit([], [event(school.world, 'course.removed', { course, slug: 'light' })])
  await school.settle()
  assert.equal(kept(), 0)
})
