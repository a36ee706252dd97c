import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { SHELL_KEY } from '#core/shell.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const SHELL = '<!doctype html><title>x</title><div id="app"></div>'

/** A free course of five lessons, published, and people who follow it and have done so many of them. */
const aSchool = async () => {
  const school = await openSchool()
  after(() => school.close())
  await school.store.put(SHELL_KEY, SHELL, { type: 'text/html' })
  const teacher = await school.person('Theo', 'instructor')
  const rival = await school.person('Rita', 'instructor')
  const owner = await school.person('Olga', 'admin')
  const place = await aCourse(teacher)
  const lessons: string[] = []
  for (const title of ['One', 'Two', 'Three', 'Four', 'Five']) lessons.push(await aLesson(teacher, { ...place, title }))
  const { course } = place
  await teacher.client.courses.publish({ course })
  await school.settle()
  const aLearner = async (name: string, done = 1) => {
    const learner = await school.person(name)
    await learner.client.learning.enrol({ course })
    for (const lesson of lessons.slice(0, done)) await learner.client.learning.complete({ lesson, isCompleted: true })
    return learner
  }
  const aReview = async (name: string, stars: number, text = `Says ${name}.`) => {
    const learner = await aLearner(name)
    const { review } = await learner.client.reviews.write({ course, stars, text })
    return { learner, id: review?.id ?? '' }
  }
  const published = async () => {
    await school.settle()
    const slug = (await teacher.client.courses.get({ course })).slug
    const read = async (key: string) => new TextDecoder().decode((await school.store.get(key))?.bytes)
    return { course: JSON.parse(await read(`catalogue/${slug}.json`)), page: await read(`catalogue/pages/${slug}.html`) }
  }
  return { school, teacher, rival, owner, course, aLearner, aReview, published }
}

test('whoever has done a fifth of a course may review it, and nobody else', async () => {
  const { school, teacher, course, aLearner } = await aSchool()
  const early = await aLearner('Early', 0)
  const stranger = await school.person('Stefan')
  assert.deepEqual(await early.client.reviews.mine({ course }), { may: 'early', percent: 0 })
  assert.equal(await refusalOf(early.client.reviews.write({ course, stars: 5, text: '' })), 'not-ready')
  assert.equal(await refusalOf(stranger.client.reviews.write({ course, stars: 5, text: '' })), 'not-enrolled')
  assert.equal(await refusalOf(teacher.client.reviews.write({ course, stars: 5, text: '' })), 'not-allowed')
  assert.equal(await refusalOf(school.visitor.reviews.mine({ course })), 'not-signed-in')
  const learner = await aLearner('Lena', 1)
  assert.equal((await learner.client.reviews.write({ course, stars: 4, text: ' Good\n' })).review?.text, ' Good\n')
  assert.equal(await refusalOf(learner.client.reviews.write({ course, stars: 0, text: '' })), 'bad-input')
})

test('a learner has one review, changes it, and takes it back', async () => {
  const { school, course, aReview } = await aSchool()
  const { learner } = await aReview('Lena', 2)
  assert.equal(await refusalOf(learner.client.reviews.write({ course, stars: 5, text: 'At once' })), 'too-many')
  school.clock.pass(60)
  await learner.client.reviews.write({ course, stars: 5, text: 'Better now' })
  const { reviews, summary } = await school.visitor.reviews.ofCourse({ course })
  assert.deepEqual(
    reviews.map(({ name, stars, text, isEdited }) => ({ name, stars, text, isEdited })),
    [{ name: 'Lena', stars: 5, text: 'Better now', isEdited: true }],
  )
  assert.deepEqual(summary, { count: 1, stars: [0, 0, 0, 0, 1], hidden: 0 })
  assert.deepEqual(await learner.client.reviews.withdraw({ course }), { may: 'yes', percent: 20 })
  assert.equal((await school.visitor.reviews.ofCourse({ course })).summary.count, 0)
})

test('an average is told of three reviews or more, on the page and to search engines, and of what everybody can read', async () => {
  const { school, owner, course, aReview, published } = await aSchool()
  await aReview('Anna', 5)
  const { id } = await aReview('Ben', 1)
  assert.equal((await school.visitor.reviews.ofCourse({ course })).summary.average, undefined)
  assert.doesNotMatch((await published()).page, /AggregateRating/)
  await aReview('Cem', 5)
  assert.equal((await school.visitor.reviews.ofCourse({ course })).summary.average, 3.7)
  const { course: shown, page } = await published()
  assert.deepEqual(shown.rating, { average: 3.7, count: 3 })
  // Whoever only looks asks the school for nothing: the first page lies at the edge.
  assert.deepEqual(shown.reviews, JSON.parse(JSON.stringify(await school.visitor.reviews.ofCourse({ course }))))
  assert.match(page, /"aggregateRating":\{"@type":"AggregateRating","ratingValue":3.7,"reviewCount":3/)
  await owner.client.reviews.judge({ review: id, isHidden: true, reason: 'Names somebody else.' })
  assert.equal((await published()).course.rating, undefined)
  assert.deepEqual((await school.visitor.reviews.ofCourse({ course })).summary, { count: 2, stars: [0, 0, 0, 0, 2], hidden: 1 })
})

test('reviews written at the same moment are all counted', async () => {
  const { school, course, aLearner } = await aSchool()
  const learners = await Promise.all(['A', 'B', 'C', 'D', 'E', 'F'].map((name) => aLearner(name)))
  await Promise.all(learners.map(({ client }, at) => client.reviews.write({ course, stars: (at % 5) + 1, text: '' })))
  assert.deepEqual((await school.visitor.reviews.ofCourse({ course })).summary, { count: 6, stars: [2, 1, 1, 1, 1], hidden: 0, average: 2.7 })
})

test('the teacher answers a review, and takes one out of sight and back with a reason that is kept', async () => {
  const { school, teacher, rival, course, aReview } = await aSchool()
  const { learner, id } = await aReview('Lena', 2)
  assert.equal(await refusalOf(rival.client.reviews.reply({ review: id, text: 'Mine' })), 'not-found')
  assert.equal(await refusalOf(rival.client.reviews.judge({ review: id, isHidden: true, reason: 'x' })), 'not-found')
  assert.equal(await refusalOf(rival.client.reviews.forStaff({ course })), 'not-found')
  assert.equal(await refusalOf(learner.client.reviews.reply({ review: id, text: 'Mine' })), 'not-allowed')
  await teacher.client.reviews.reply({ review: id, text: 'Thank you.' })
  assert.equal((await school.visitor.reviews.ofCourse({ course })).reviews[0]?.reply?.text, 'Thank you.')
  await teacher.client.reviews.judge({ review: id, isHidden: true, reason: 'Spam' })
  assert.deepEqual((await school.visitor.reviews.ofCourse({ course })).reviews, [])
  const { reviews } = await teacher.client.reviews.forStaff({ course, state: 'hidden' })
  assert.deepEqual([reviews[0]?.hidden?.reason, reviews[0]?.hidden?.by], ['Spam', 'Theo'])
  // Its writer learns of it, and writing it anew brings it back into nobody's sight.
  assert.equal((await learner.client.reviews.mine({ course })).review?.hidden?.reason, 'Spam')
  school.clock.pass(60)
  await learner.client.reviews.write({ course, stars: 1, text: 'Again' })
  assert.deepEqual((await school.visitor.reviews.ofCourse({ course })).summary, { count: 0, stars: [0, 0, 0, 0, 0], hidden: 1 })
  await teacher.client.reviews.judge({ review: id, isHidden: false, reason: 'A mistake' })
  assert.equal((await school.visitor.reviews.ofCourse({ course })).summary.count, 1)
})

test('whoever reports a review is not named to anybody, and its teacher is written to once', async () => {
  const { school, teacher, course, aReview, aLearner } = await aSchool()
  const { id } = await aReview('Lena', 1)
  const [one, two] = [await aLearner('One'), await aLearner('Two')]
  for (const { client } of [one, one, two]) await client.reviews.report({ review: id, reason: 'Rude' })
  await school.settle()
  const { reviews } = await teacher.client.reviews.forStaff({ course })
  assert.equal(reviews[0]?.reports.length, 2)
  assert.doesNotMatch(JSON.stringify(reviews), new RegExp(one.id))
  assert.equal(school.letters.filter(({ subject }) => subject.includes('was reported')).length, 1)
  assert.doesNotMatch(JSON.stringify(await school.visitor.reviews.ofCourse({ course })), /Rude|prs_/)
})

test('many reviews come a page at a time', async () => {
  const { school, course, aReview } = await aSchool()
  for (let at = 0; at < 12; at += 1) {
    school.clock.pass(1)
    await aReview(`L${at}`, 4)
  }
  const first = await school.visitor.reviews.ofCourse({ course })
  const second = await school.visitor.reviews.ofCourse({ course, page: first.next })
  assert.deepEqual([first.reviews.length, first.reviews[0]?.name, second.reviews.length, second.next], [10, 'L11', 2, undefined])
})

test('what a sales page says is published with the course, and search engines read its questions', async () => {
  const { teacher, rival, course, published } = await aSchool()
  const sales = {
    audience: ['Painters who work by day'],
    needs: ['A brush'],
    teacher: { text: 'Paints *light*.' },
    questions: [{ question: 'Do I need oils?', answer: 'No, **any** paint </script><b>.' }],
    refunds: 'Money back within 30 days.',
  }
  await teacher.client.courses.update({ course, sales })
  assert.equal((await published()).course.sales, undefined)
  await teacher.client.courses.publish({ course })
  const { course: shown, page } = await published()
  assert.deepEqual(shown.sales, sales)
  assert.match(page, /"@type":"FAQPage"/)
  assert.doesNotMatch(page, /<b>\./)
  assert.equal(await refusalOf(rival.client.courses.update({ course, sales })), 'not-found')
})

test('a trailer is a video of the course that everybody may watch', async () => {
  const { teacher, course } = await aSchool()
  const { sections, sales } = await teacher.client.courses.get({ course })
  const section = sections[0]?.id ?? ''
  const article = sections[0]?.lessons[0]?.id ?? ''
  const video = await aLesson(teacher, { course, section, title: 'Film', kind: 'video' })
  const set = (trailer: string) => refusalOf(teacher.client.courses.update({ course, sales: { ...sales, trailer } }))
  assert.equal(await set(article), 'bad-input')
  assert.equal(await set(video), 'bad-input')
  await teacher.client.courses.updateLesson({ lesson: video, isPreview: true })
  assert.equal(await set(video), 'answered')
  const elsewhere = await aCourse(teacher, { title: 'Other' })
  const other = await aLesson(teacher, { ...elsewhere, title: 'Other film', kind: 'video' })
  await teacher.client.courses.updateLesson({ lesson: other, isPreview: true })
  assert.equal(await set(other), 'bad-input')
})
