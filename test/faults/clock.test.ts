import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openSchool, type School } from '#test/school.ts'

const DAY_SECONDS = 24 * 3600

const aSchool = async (t: TestContext): Promise<School> => {
  const school = await openSchool()
  t.after(() => school.close())
  return school
}

/** A course that can be enrolled in for nothing. */
const aCourse = async ({ person }: School) => {
  const teacher = await person('Theo', 'instructor')
  const { id: course } = await teacher.client.courses.create({ title: 'Time' })
  const section = (await teacher.client.courses.addSection({ course, title: 'One' })).sections[0]?.id ?? ''
  const lesson = (await teacher.client.courses.addLesson({ course, section, title: 'Now', kind: 'article' })).sections[0]?.lessons[0]?.id ?? ''
  await teacher.client.courses.updateLesson({ lesson, text: 'Words.' })
  await teacher.client.courses.publish({ course })
  return { teacher, course, lesson }
}

const FEW = ['one', 'two', 'three', 'four', 'five']
const some = async ({ client }: Awaited<ReturnType<School['person']>>, title: string): Promise<string[]> => {
  const ids: string[] = []
  for (const each of FEW) ids.push((await client.courses.create({ title: `${title} ${each}` })).id)
  return ids
}

for (const [jump, seconds] of [
  ['set back by a day', -DAY_SECONDS],
  ['set forward by a year', 365 * DAY_SECONDS],
] as const) {
  test(`a clock that is ${jump} takes nobody's access, loses no event and tells no two things by one id`, async (t) => {
    const school = await aSchool(t)
    const { teacher, course, lesson } = await aCourse(school)
    const lena = await school.person('Lena')
    await lena.client.learning.enrol({ course })
    const earlier = await some(teacher, 'Before')
    // What has happened and was told to nobody before the clock was set.
    school.clock.pass(seconds)
    assert.equal((await lena.client.learning.lesson({ lesson })).title, 'Now')
    const max = await school.person('Max')
    await max.client.learning.enrol({ course })
    const later = await some(teacher, 'Another')
    assert.equal(new Set([course, ...earlier, ...later]).size, 1 + earlier.length + later.length)
    await school.settle()
    // What was due by the clock that went ahead is told once this one has come as far, at the latest.
    school.clock.pass(DAY_SECONDS)
    await school.settle()
    const letters = school.letters.filter(({ subject }) => /^You are in/.test(subject)).map(({ to }) => to)
    assert.deepEqual(letters.toSorted(), [lena.email, max.email].toSorted())
    assert.deepEqual(
      (await teacher.client.courses.mine({})).courses.map(({ title }) => title).toSorted(),
      [...FEW.flatMap((each) => [`Another ${each}`, `Before ${each}`]), 'Time'].toSorted(),
    )
  })
}
