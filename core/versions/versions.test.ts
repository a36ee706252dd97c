import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { NOTHING_MORE } from '#contract/usual.ts'
import { aCourse, aLesson, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const { courses, versions } = teacher.client

const textOf = async (lesson: string): Promise<string> => (await courses.lesson({ lesson })).text
const objects = async (course: string): Promise<number> => (await school.store.list(`drafts/versions/${course}/`)).items.length
const titles = async (course: string): Promise<string[]> => (await courses.get({ course })).sections.flatMap(({ lessons }) => lessons.map(({ title }) => title))

test('each publication is kept with who made it and what it changed, in lines a page can put into words', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Told' })
  const one = await aLesson(teacher, { course, section, title: 'One' })
  const two = await aLesson(teacher, { course, section, title: 'Two' })
  await courses.publish({ course })
  await courses.updateLesson({ lesson: one, text: 'Better' })
  await courses.arrange({ course, sections: [{ id: section, lessons: [two, one] }] })
  await courses.removeLesson({ lesson: two })
  await aLesson(teacher, { course, section, title: 'Three' })
  await courses.update({ course, summary: 'New', isSequential: true, sales: { ...NOTHING_MORE, audience: ['Painters'] } })
  await courses.openSection({ course, section, opens: { by: 'days', days: 2 } })
  await courses.publish({ course })
  const { versions: kept } = await versions.list({ course })
  assert.deepEqual(
    kept.map(({ number, why, by, lessons }) => [number, why, by, lessons]),
    [
      [2, 'published', 'Theo', 2],
      [1, 'published', 'Theo', 2],
    ],
  )
  assert.deepEqual(
    kept[0]?.differences.map((each) => ('field' in each ? `${each.what} ${each.field}` : `${each.what} ${each.title}`)),
    [
      'course-changed summary',
      'course-changed pace',
      'course-changed sales',
      'section-changed Beginnings',
      'lesson-removed Two',
      'lesson-changed One',
      'lesson-added Three',
    ],
  )
  assert.deepEqual(kept[1]?.differences, [])
  for (const asked of [
    other.client.versions.list({ course }),
    other.client.versions.compare({ course, number: 1 }),
    other.client.versions.restore({ course, number: 1 }),
  ])
    assert.equal(await refusalOf(asked), 'not-found')
})

test('an old version comes back into the draft alone; learners see it once it is published, and it can be undone', async () => {
  const learner = await school.person('Lena')
  const { course, section } = await aCourse(teacher, { title: 'Back and forth' })
  const one = await aLesson(teacher, { course, section, title: 'One' })
  const two = await aLesson(teacher, { course, section, title: 'Two' })
  await courses.updateLesson({ lesson: one, text: 'First words' })
  await courses.update({ course, sales: { ...NOTHING_MORE, audience: ['Painters'] } })
  await courses.publish({ course })
  await learner.client.learning.enrol({ course })
  await courses.updateLesson({ lesson: one, text: 'Second words' })
  await courses.removeLesson({ lesson: two })
  const three = await aLesson(teacher, { course, section, title: 'Three' })
  await courses.update({ course, title: 'Renamed', sales: { ...NOTHING_MORE, audience: ['Others'], refunds: 'None.' } })
  await courses.publish({ course })
  const compared = await versions.compare({ course, number: 1, lesson: one })
  assert.deepEqual(compared.texts, { before: 'First words', now: 'Second words' })
  const { kept, without, course: back } = await versions.restore({ course, number: 1 })
  assert.deepEqual([back.title, await titles(course), await textOf(one), without], ['Back and forth', ['One', 'Two'], 'First words', []])
  assert.equal(back.hasUnpublishedChanges, true)
  assert.deepEqual([back.sales.audience, back.sales.refunds], [['Painters'], ''])
  assert.equal((await learner.client.learning.lesson({ lesson: one })).text, 'Second words')
  assert.equal(await refusalOf(learner.client.learning.lesson({ lesson: two })), 'not-found')
  assert.deepEqual((await versions.compare({ course, number: 1 })).differences, [])
  await versions.restore({ course, number: kept })
  assert.deepEqual([(await courses.get({ course })).title, await titles(course), await textOf(one)], ['Renamed', ['One', 'Three'], 'Second words'])
  assert.equal(
    (await courses.removedLessons({ course })).lessons.some(({ id }) => id === three),
    false,
  )
  await versions.restore({ course, number: 1 })
  await courses.publish({ course })
  assert.equal((await learner.client.learning.lesson({ lesson: one })).text, 'First words')
  assert.equal(await refusalOf(learner.client.learning.lesson({ lesson: three })), 'not-found')
})

test('a version never brings back a video that is gone, and never takes the one there is', async () => {
  const place = await aCourse(teacher, { title: 'Films' })
  const film = await anUploadedVideo(school, teacher, { ...place, title: 'Kept' })
  const lost = await anUploadedVideo(school, teacher, { ...place, title: 'Lost' })
  for (const each of [film, lost]) await encode(school, each)
  await courses.updateLesson({ lesson: lost.lesson, title: 'Lost' })
  await school.settle()
  await courses.publish({ course: place.course })
  await courses.removeLesson({ lesson: lost.lesson, isForGood: true })
  await courses.publish({ course: place.course })
  await school.settle()
  const { without } = await versions.restore({ course: place.course, number: 1 })
  assert.deepEqual(
    without.map(({ title }) => title),
    ['Lost'],
  )
  assert.equal((await courses.lesson({ lesson: film.lesson })).video?.id, film.video)
  assert.equal((await courses.lesson({ lesson: lost.lesson })).video, undefined)
})

test('a hundred lessons come back whole, and the last fifty versions are all that is kept', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Many' })
  for (let number = 0; number < 100; number += 1) await aLesson(teacher, { course, section, title: `L${number}` })
  const [first] = (await courses.publish({ course })).sections[0]?.lessons ?? []
  const { sections } = await courses.get({ course })
  for (const { id } of sections[0]?.lessons.slice(1) ?? []) await courses.removeLesson({ lesson: id })
  await versions.restore({ course, number: 1 })
  assert.equal((await courses.get({ course })).sections[0]?.lessons.length, 100)
  for (let number = 0; number < 52; number += 1) {
    await courses.updateLesson({ lesson: first?.id ?? '', text: `Text ${number}` })
    await courses.publish({ course })
  }
  await school.settle()
  const { versions: kept } = await versions.list({ course })
  assert.deepEqual([kept.length, kept[0]?.number, kept.at(-1)?.number], [50, 54, 5])
  assert.equal(await objects(course), 50)
  assert.equal(await refusalOf(versions.compare({ course, number: 1 })), 'not-found')
  await courses.unpublish({ course })
  await courses.remove({ course })
  await school.settle()
  assert.equal(await objects(course), 0)
})

test('a teacher looks at the draft as somebody sees it on any day after enrolling, and nothing of it is written down', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Looked at' })
  await aLesson(teacher, { course, section, title: 'One' })
  await aLesson(teacher, { course, section, title: 'Two' })
  const { sections } = await courses.addSection({ course, title: 'Later' })
  const later = sections[1]?.id ?? ''
  await aLesson(teacher, { course, section: later, title: 'Three' })
  await courses.openSection({ course, section: later, opens: { by: 'days', days: 7 } })
  await courses.update({ course, isSequential: true })
  const seen = async (day: number, completed: number): Promise<(string | undefined)[]> =>
    (await versions.preview({ course, day, completed })).sections.flatMap(({ lessons }) =>
      lessons.map(({ isOpen, waits }) => (isOpen ? 'open' : waits?.because)),
    )
  assert.deepEqual(await seen(0, 0), ['open', 'lesson-first', 'not-yet'])
  assert.deepEqual(await seen(6, 2), ['open', 'open', 'not-yet'])
  assert.deepEqual(await seen(7, 1), ['open', 'open', 'lesson-first'])
  assert.deepEqual(await seen(7, 2), ['open', 'open', 'open'])
  assert.equal(await refusalOf(other.client.versions.preview({ course, day: 0, completed: 0 })), 'not-found')
  const curriculum = await teacher.client.learning.curriculum({ course })
  assert.equal(
    curriculum.sections.some(({ lessons }) => lessons.some(({ isCompleted }) => isCompleted)),
    false,
  )
})
