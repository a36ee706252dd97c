import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { hearings } from '#core/platform.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const rival = await school.person('Rita', 'instructor')
const lena = await school.person('Lena')

/** A free course of two lessons. */
const aPublishedCourse = async (title: string, isOn: boolean) => {
  const place = await aCourse(teacher, { title })
  const lessons = [await aLesson(teacher, { ...place, title: 'Why it bends' }), await aLesson(teacher, { ...place, title: 'Where it goes' })]
  for (const lesson of lessons) await teacher.client.courses.updateLesson({ lesson, text: 'Some words.' })
  await teacher.client.courses.update({ course: place.course, outcomes: ['See what light does'] })
  await teacher.client.courses.publish({ course: place.course })
  if (isOn) await teacher.client.certificates.putRules({ course: place.course, isOn: true, signature: 'Prof. Theo', text: 'With distinction.' })
  await school.settle()
  return { course: place.course, lessons }
}

const completing = async ({ client }: typeof lena, { course, lessons }: { course: string; lessons: string[] }) => {
  await client.learning.enrol({ course })
  for (const lesson of lessons) await client.learning.complete({ lesson, isCompleted: true })
  await school.settle()
}

test('who completes every lesson gets one certificate, is told of it, and anybody with its address can verify it', async () => {
  const light = await aPublishedCourse('Light', true)
  const [first = '', second = ''] = light.lessons
  await completing(lena, { course: light.course, lessons: [first] })
  assert.deepEqual((await lena.client.certificates.mine({})).certificates, [])
  assert.equal(await refusalOf(lena.client.certificates.claim({ course: light.course })), 'not-ready')

  await completing(lena, { course: light.course, lessons: [second] })
  const { certificates } = await lena.client.certificates.mine({})
  assert.deepEqual(
    certificates.map(({ name, course }) => [name, course.title]),
    [['Lena', 'Light']],
  )
  const shown = await school.visitor.certificates.certificate({ certificate: certificates[0]?.id ?? '' })
  assert.deepEqual([shown.outcomes, shown.signature, shown.text, shown.course.teacher], [['See what light does'], 'Prof. Theo', 'With distinction.', 'Theo'])
  assert.deepEqual(shown.sections, [{ title: 'Beginnings', lessons: ['Why it bends', 'Where it goes'] }])
  const { notifications } = await lena.client.notifications.mine({ kind: 'certificate' })
  assert.deepEqual(
    notifications.map(({ path }) => path),
    [`/certificates/${shown.id}`],
  )
})

test('what the public sees of a certificate holds no address and no id of a person', async () => {
  const max = await school.person('Max@home')
  const course = await aPublishedCourse('Shade', true)
  await completing(max, course)
  const { certificate } = await max.client.certificates.claim({ course: course.course })
  const answer = await school.api(new Request(`http://school.test/api/certificates/${certificate}`))
  const text = await answer.text()
  assert.equal(answer.status, 200)
  assert.match(text, /"name":"Max"/)
  assert.doesNotMatch(text, /@|prs_/)
})

test('completing a lesson again, or being told of it twice, issues no second certificate', async () => {
  const course = await aPublishedCourse('Prisms', true)
  await completing(lena, course)
  const before = (await lena.client.certificates.mine({})).certificates.map(({ id }) => id)
  const told = { id: 'evt_again', name: 'lesson.completed', at: '', payload: { learner: lena.id, course: course.course, lesson: course.lessons[0] ?? '' } }
  const issuing = hearings.filter(({ name }) => name === 'certificates.issue')
  assert.equal(issuing.length, 1)
  for (const hearing of [...issuing, ...issuing]) await hearing.hear(school.world, told)
  await lena.client.learning.complete({ lesson: course.lessons[0] ?? '', isCompleted: false })
  await completing(lena, course)
  assert.deepEqual(
    (await lena.client.certificates.mine({})).certificates.map(({ id }) => id),
    before,
  )
})

test('a course gives certificates from the moment its teacher says so, then too to those who were done before', async () => {
  const mirrors = await aPublishedCourse('Mirrors', false)
  const nina = await school.person('Nina')
  await completing(nina, mirrors)
  assert.deepEqual((await nina.client.certificates.mine({})).certificates, [])
  assert.equal(await refusalOf(nina.client.certificates.claim({ course: mirrors.course })), 'not-found')
  assert.deepEqual((await nina.client.certificates.mine({})).due, [])
  await teacher.client.certificates.putRules({ course: mirrors.course, isOn: true, signature: '', text: '' })
  assert.deepEqual((await nina.client.certificates.mine({})).due, [{ id: mirrors.course, title: 'Mirrors' }])
  const { certificate } = await nina.client.certificates.claim({ course: mirrors.course })
  assert.deepEqual((await nina.client.certificates.mine({})).due, [])
  assert.equal((await school.visitor.certificates.certificate({ certificate })).signature, 'Theo')
  // Switched off again, what was issued stays.
  await teacher.client.certificates.putRules({ course: mirrors.course, isOn: false, signature: '', text: '' })
  assert.deepEqual(await nina.client.certificates.claim({ course: mirrors.course }), { certificate })
})

test('who is not enrolled, and the teacher of the course, get none however many lessons they have marked done', async () => {
  const lenses = await aPublishedCourse('Lenses', true)
  for (const lesson of lenses.lessons) await teacher.client.learning.complete({ lesson, isCompleted: true })
  await school.settle()
  assert.deepEqual((await teacher.client.certificates.mine({})).certificates, [])
  assert.equal(await refusalOf(teacher.client.certificates.claim({ course: lenses.course })), 'not-enrolled')
  assert.equal(await refusalOf(rival.client.certificates.claim({ course: lenses.course })), 'not-enrolled')
})

test('only its teacher sees and changes what a course does about certificates', async () => {
  const { course, ...rest } = await aPublishedCourse('Colours', true)
  await completing(lena, { course, ...rest })
  const rules = { course, isOn: false, signature: '', text: '' }
  assert.equal(await refusalOf(rival.client.certificates.putRules(rules)), 'not-found')
  assert.equal(await refusalOf(rival.client.certificates.rules({ course })), 'not-found')
  assert.equal(await refusalOf(rival.client.certificates.issued({ course })), 'not-found')
  assert.equal(await refusalOf(lena.client.certificates.putRules(rules)), 'not-allowed')
  const { certificates } = await teacher.client.certificates.issued({ course })
  assert.deepEqual(
    certificates.map(({ name }) => name),
    ['Lena'],
  )
})
