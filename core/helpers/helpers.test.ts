import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aCourse } from '#test/builders.ts'
import { caseOf, openSchool, refusalOf, type School } from '#test/school.ts'

type Someone = Awaited<ReturnType<School['person']>>

const opened = async () => {
  const school = await openSchool()
  const [teacher, aid] = [await school.person('Theo', 'instructor'), await school.person('Aino')]
  const { course, section } = await aCourse(teacher, { title: 'Light' })
  const { sections } = await teacher.client.courses.addLesson({ course, section, title: 'A first look', kind: 'article' })
  const lesson = sections[0]?.lessons.at(-1)?.id ?? ''
  await teacher.client.courses.updateLesson({ lesson, text: 'Look.' })
  await teacher.client.courses.publish({ course })
  await school.settle()
  return { school, teacher, aid, course, lesson }
}

describe('who helps with a course', () => {
  let scene: Awaited<ReturnType<typeof opened>>
  before(async () => {
    scene = await opened()
  })
  after(() => scene.school.close())
  const noticesOf = async ({ client }: Someone) => (await client.notifications.mine({})).notifications.map(({ subject }) => subject)

  it('is somebody with an account, told at once, and does what is named and nothing else', async () => {
    const { teacher, aid, course, lesson } = scene
    const add = (email: string) => teacher.client.helpers.add({ course, email, help: { as: 'assistant', rights: ['edit'] } })
    assert.equal(await caseOf(add('nobody@lectern.test')), 'no-account')
    assert.equal(await caseOf(add(teacher.email)), 'teaches')
    assert.equal(await refusalOf(aid.client.courses.mine({})), 'not-allowed')
    const { helpers } = await add(aid.email)
    assert.deepEqual(
      helpers.map(({ name, email, help }) => [name, email, help]),
      [['Aino', aid.email, { as: 'assistant', rights: ['edit'] }]],
    )
    assert.equal(await caseOf(add(aid.email)), 'helps')
    assert.deepEqual(await noticesOf(aid), ['Theo has made you an assistant in “Light”'])
    assert.equal((await aid.client.notifications.mine({})).notifications[0]?.path, `/teach/courses/${course}`)
    const { courses } = await aid.client.courses.mine({})
    assert.deepEqual(
      courses.map(({ title, part, teacher: who }) => [title, part, who]),
      [['Light', { as: 'assistant', rights: ['edit'], seesRevenue: false }, 'Theo']],
    )
    await aid.client.courses.updateLesson({ lesson, text: 'Look again.' })
    assert.equal(await refusalOf(aid.client.courses.publish({ course })), 'not-found')
    assert.equal(await refusalOf(aid.client.courses.update({ course, price: { amountMinor: 900, currency: 'EUR' } })), 'not-found')
    assert.equal(await refusalOf(aid.client.insights.learners({ course })), 'not-found')
    assert.equal(await refusalOf(aid.client.courses.create({ title: 'My own' })), 'not-allowed')
    assert.equal((await aid.client.learning.lesson({ lesson })).text, 'Look again.')
    assert.ok((await aid.client.search.find({ words: 'light' })).hits.some(({ course: found }) => found.id === course))
  })

  it('who teaches it too publishes it, and sees what it earns only where they are let', async () => {
    const { teacher, aid, course } = scene
    const change = (seesRevenue: boolean) => teacher.client.helpers.change({ course, person: aid.id, help: { as: 'co-teacher', seesRevenue } })
    await change(false)
    await aid.client.courses.publish({ course })
    assert.equal(await refusalOf(aid.client.insights.revenue({ course })), 'not-found')
    assert.equal(await refusalOf(aid.client.courses.remove({ course })), 'not-found')
    assert.equal(await refusalOf(aid.client.helpers.add({ course, email: 'sam@lectern.test', help: { as: 'assistant', rights: ['talk'] } })), 'not-found')
    const { helpers, mayChange } = await aid.client.helpers.list({ course })
    assert.deepEqual([helpers[0]?.email, mayChange], [undefined, false])
    await change(true)
    assert.ok((await aid.client.insights.revenue({ course })).months.length > 0)
    assert.equal(await refusalOf(aid.client.reviews.write({ course, stars: 5, text: 'The best there is.' })), 'not-allowed')
  })

  it('who ends it is out at once, and may be asked again', async () => {
    const { school, teacher, aid, course } = scene
    await aid.client.helpers.remove({ course, person: aid.id })
    assert.equal(await refusalOf(aid.client.courses.get({ course })), 'not-allowed')
    await teacher.client.helpers.add({ course, email: aid.email, help: { as: 'assistant', rights: ['talk'] } })
    school.clock.pass(1)
    await teacher.client.helpers.remove({ course, person: aid.id })
    assert.equal((await noticesOf(aid))[0], 'You no longer help with “Light”')
    assert.equal(await refusalOf(aid.client.courses.get({ course })), 'not-allowed')
    assert.deepEqual((await teacher.client.helpers.list({ course })).helpers, [])
  })

  it('goes with a course that is removed', async () => {
    const { school, teacher, aid } = scene
    const { course } = await aCourse(teacher, { title: 'Not for long' })
    await teacher.client.helpers.add({ course, email: aid.email, help: { as: 'co-teacher', seesRevenue: false } })
    await teacher.client.courses.remove({ course })
    await school.settle()
    assert.equal(await refusalOf(aid.client.courses.mine({})), 'not-allowed')
  })

  it('keeps no desk over courses of their own once they may not teach any more', async () => {
    const { school, teacher, course } = scene
    const olga = await school.person('Olga', 'instructor')
    const { course: own } = await aCourse(olga, { title: 'Shade' })
    await teacher.client.helpers.add({ course, email: olga.email, help: { as: 'assistant', rights: ['talk'] } })
    await school.world.identity.setRoles(olga.id, ['learner'])
    assert.equal(await refusalOf(olga.client.courses.publish({ course: own })), 'not-found')
    assert.equal(await refusalOf(olga.client.helpers.list({ course: own })), 'not-found')
  })
})
