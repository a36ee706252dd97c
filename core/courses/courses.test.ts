import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Catalogue } from '#contract/catalogue.ts'
import { aCourse, aLesson, anUploadedVideo, encode, lessonNamed } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { slugOf } from './slug.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const learner = await school.person('Lena')
const catalogue = async (): Promise<string> => new TextDecoder().decode((await school.store.get('catalogue/index.json'))?.bytes ?? new Uint8Array())

test('a learner may not begin a course, a visitor is asked to sign in', async () => {
  assert.equal(await refusalOf(learner.client.courses.create({ title: 'Mine' })), 'not-allowed')
  assert.equal(await refusalOf(school.visitor.courses.create({ title: 'Mine' })), 'not-signed-in')
})

test('another teacher’s course is as if it did not exist', async () => {
  const { course, section } = await aCourse(teacher)
  const lesson = await aLesson(teacher, { course, section })
  assert.equal(await refusalOf(other.client.courses.get({ course })), 'not-found')
  assert.equal(await refusalOf(other.client.courses.update({ course, title: 'Stolen' })), 'not-found')
  assert.equal(await refusalOf(other.client.courses.updateLesson({ lesson, title: 'Stolen' })), 'not-found')
  assert.equal(await refusalOf(other.client.courses.publish({ course })), 'not-found')
  assert.equal((await teacher.client.courses.get({ course })).title, 'Light')
})

test('two courses of one title get addresses of their own', async () => {
  const first = await teacher.client.courses.create({ title: 'Über Öl & Licht' })
  const second = await teacher.client.courses.create({ title: 'Über Öl & Licht' })
  assert.equal(first.slug, 'uber-ol-licht')
  assert.notEqual(second.slug, first.slug)
  assert.equal(slugOf('日本'), '')
})

test('a course called Index does not take the place of the catalogue’s list', async () => {
  const { slug } = await teacher.client.courses.create({ title: 'Index' })
  assert.notEqual(slug, 'index')
})

test('sections and lessons are put in order; an outline that lacks one is refused', async () => {
  const { course, section } = await aCourse(teacher)
  await aLesson(teacher, { course, section, title: 'One' })
  await aLesson(teacher, { course, section, title: 'Two' })
  const whole = await teacher.client.courses.addSection({ course, title: 'Endings' })
  const [one, two, end] = [lessonNamed(whole, 'One'), lessonNamed(whole, 'Two'), whole.sections[1]?.id ?? '']
  const arranged = await teacher.client.courses.arrange({
    course,
    sections: [
      { id: end, lessons: [two] },
      { id: section, lessons: [one] },
    ],
  })
  assert.deepEqual(
    arranged.sections.map(({ title, lessons }) => [title, lessons.map((lesson) => lesson.title)]),
    [
      ['Endings', ['Two']],
      ['Beginnings', ['One']],
    ],
  )
  assert.equal(
    await refusalOf(
      teacher.client.courses.arrange({
        course,
        sections: [
          { id: end, lessons: [two] },
          { id: section, lessons: [] },
        ],
      }),
    ),
    'conflict',
  )
  assert.equal(await refusalOf(teacher.client.courses.removeSection({ course, section: end })), 'conflict')
})

test('a course without a lesson, or with a video lesson that has no video, cannot be published', async () => {
  const { course, section } = await aCourse(teacher)
  assert.equal(await refusalOf(teacher.client.courses.publish({ course })), 'not-ready')
  await aLesson(teacher, { course, section, kind: 'video' })
  assert.equal(await refusalOf(teacher.client.courses.publish({ course })), 'not-ready')
})

test('publishing writes the catalogue as files; later edits show only when published again; unpublishing takes them away', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Static <b>reading</b>' })
  await aLesson(teacher, { course, section, title: 'Hello' })
  await school.store.put('web/index.html', '<html><head><title>x</title></head><body><div id="app"></div></body></html>', { type: 'text/html' })
  const { slug, status } = await teacher.client.courses.publish({ course })
  await school.settle()
  assert.equal(status, 'published')
  assert.match(await catalogue(), new RegExp(slug))
  const page = new TextDecoder().decode((await school.store.get(`catalogue/pages/${slug}.html`))?.bytes)
  assert.match(page, /<title>Static &lt;b&gt;reading&lt;\/b&gt; · Test School<\/title>/)
  assert.match(page, /og:title/)
  assert.doesNotMatch(page, /<b>reading/)

  const edited = await teacher.client.courses.update({ course, summary: 'Changed since' })
  await school.settle()
  assert.equal(edited.hasUnpublishedChanges, true)
  assert.doesNotMatch(await catalogue(), /Changed since/)
  await teacher.client.courses.publish({ course })
  await school.settle()
  assert.match(await catalogue(), /Changed since/)

  await teacher.client.courses.unpublish({ course })
  await school.settle()
  assert.doesNotMatch(await catalogue(), new RegExp(slug))
  assert.equal(await school.store.head(`catalogue/${slug}.json`), undefined)
  assert.equal(await school.store.head(`catalogue/pages/${slug}.html`), undefined)
})

test('the catalogue tells a lecture’s length once its video is ready', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Lengths' })
  const video = await anUploadedVideo(school, teacher, { course, section })
  const { slug } = await teacher.client.courses.publish({ course })
  await school.settle()
  await encode(school, video)
  await school.settle()
  const published = JSON.parse(new TextDecoder().decode((await school.store.get(`catalogue/${slug}.json`))?.bytes))
  assert.equal(published.durationSeconds, 6)
})

test('a price in another currency, below zero or with a fraction is refused', async () => {
  const { course } = await aCourse(teacher)
  for (const price of [
    { amountMinor: 100, currency: 'USD' },
    { amountMinor: -1, currency: 'EUR' },
    { amountMinor: 1.5, currency: 'EUR' },
  ]) {
    assert.equal(await refusalOf(teacher.client.courses.update({ course, price })), 'bad-input')
  }
})

test('a course people follow cannot be removed; an empty one can', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Followed' })
  const lesson = await aLesson(teacher, { course, section })
  await teacher.client.courses.publish({ course })
  await learner.client.learning.enrol({ course })
  assert.equal(await refusalOf(teacher.client.courses.remove({ course })), 'conflict')
  const empty = await aCourse(teacher, { title: 'Empty' })
  assert.deepEqual(await teacher.client.courses.remove({ course: empty.course }), { done: true })
  assert.equal(await refusalOf(teacher.client.courses.get({ course: empty.course })), 'not-found')
  await teacher.client.courses.removeLesson({ lesson, isForGood: true })
  assert.equal(await refusalOf(teacher.client.courses.lesson({ lesson })), 'not-found')
})

test('publishing an older course again does not put it above a newer one', async () => {
  const publishNew = async (title: string): Promise<string> => {
    const { course, section } = await aCourse(teacher, { title })
    await aLesson(teacher, { course, section })
    await teacher.client.courses.publish({ course })
    school.clock.pass(60)
    return course
  }
  const older = await publishNew('The older one')
  await publishNew('The newer one')
  await teacher.client.courses.update({ course: older, summary: 'A comma put right.' })
  await teacher.client.courses.publish({ course: older })
  await school.settle()
  const { courses } = Catalogue.parse(JSON.parse(await catalogue()))
  const places = ['The newer one', 'The older one'].map((title) => courses.findIndex((course) => course.title === title))
  assert.ok(places.every((place) => place >= 0) && (places[0] ?? 0) < (places[1] ?? 0), places.join(' '))
  assert.equal(courses[places[1] ?? 0]?.summary, 'A comma put right.')
})
