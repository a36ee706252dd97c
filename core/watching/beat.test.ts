import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { aClassroom, opener, type Person, peopleOf, play, tell } from './watching.fixture.ts'

const classroom = await aClassroom()
const { school, teacher, owner, course, first, second } = classroom
after(() => school.close())
const open = opener()

const { aLearner } = peopleOf(classroom)

const share = async ({ client }: Person, lesson = first): Promise<number> =>
  (await client.learning.curriculum({ course })).sections.flatMap(({ lessons }) => lessons).find(({ id }) => id === lesson)?.share ?? 0

test('one forged beat for the whole film is believed for the time that has passed, and completes nothing', async () => {
  const learner = await aLearner()
  const { stream } = await open(learner, { lesson: first })
  school.clock.pass(2)
  const { progress } = await tell(learner, { stream, watched: [[0, 600]] })
  assert.equal(progress?.isCompleted, false)
  assert.deepEqual(progress?.watched, [{ fromSeconds: 0, toSeconds: 6 }])
  const [enrolled] = (await learner.client.learning.mine({})).enrolled
  assert.equal(enrolled?.completed, 0)
})

test('opening again and again is worth no more than the time it takes', async () => {
  const learner = await aLearner()
  for (let tried = 0; tried < 25; tried += 1) {
    const { stream } = await open(learner, { lesson: first, browser: 'impatient' })
    school.clock.pass(0.2)
    await tell(learner, { stream, watched: [[0, 600]], isLeaving: tried % 2 === 0 })
  }
  assert.ok((await share(learner)) * 600 <= 3 * 5 * 1.05 + 0.01, `${(await share(learner)) * 600} s`)
})

test('watching it through completes a lesson at nine tenths, at three times the speed too', async () => {
  for (const speed of [1, 3]) {
    const learner = await aLearner()
    const { stream } = await open(learner, { lesson: first })
    const before = await play(classroom, learner, { stream, from: 0, seconds: 520 / speed, speed })
    assert.equal(before?.progress?.isCompleted, false)
    const at = await play(classroom, learner, { stream, from: 520, seconds: 21 / speed, speed })
    assert.equal(at?.progress?.isCompleted, true)
    const lesson = await learner.client.learning.lesson({ lesson: first })
    assert.equal(lesson.isCompleted, true)
    assert.deepEqual(lesson.watched, [{ fromSeconds: 0, toSeconds: 541 }])
    assert.equal((await learner.client.learning.mine({})).enrolled[0]?.completed, 1)
  }
})

test('the teacher’s own share completes it once that is published; where it is the learner’s word, watching does not', async () => {
  await teacher.client.courses.update({ course, completion: { by: 'watching', percent: 50 } })
  await teacher.client.courses.publish({ course })
  const learner = await aLearner()
  const one = await open(learner, { lesson: first })
  assert.equal((await play(classroom, learner, { stream: one.stream, from: 0, seconds: 290 }))?.progress?.isCompleted, false)
  assert.equal((await play(classroom, learner, { stream: one.stream, from: 290, seconds: 10 }))?.progress?.isCompleted, true)
  await teacher.client.courses.update({ course, completion: { by: 'learner' } })
  await teacher.client.courses.publish({ course })
  const two = await open(learner, { lesson: second })
  assert.equal((await play(classroom, learner, { stream: two.stream, from: 0, seconds: 600 }))?.progress?.isCompleted, false)
  assert.equal((await learner.client.learning.complete({ lesson: second, isCompleted: true })).isCompleted, true)
  await teacher.client.courses.update({ course, completion: { by: 'watching', percent: 100 } })
  await teacher.client.courses.publish({ course })
  const whole = await aLearner()
  const three = await open(whole, { lesson: first })
  assert.equal((await play(classroom, whole, { stream: three.stream, from: 0, seconds: 580 }))?.progress?.isCompleted, false)
  assert.equal((await play(classroom, whole, { stream: three.stream, from: 580, seconds: 19.4 }))?.progress?.isCompleted, true)
  await teacher.client.courses.update({ course, completion: { by: 'watching', percent: 90 } })
  await teacher.client.courses.publish({ course })
})

test('the same beat said ten times is one', async () => {
  const learner = await aLearner()
  const { stream } = await open(learner, { lesson: first })
  school.clock.pass(20)
  const answers = await Promise.all(Array.from({ length: 10 }, () => tell(learner, { stream, watched: [[30, 50]] })))
  for (const { progress } of answers) assert.deepEqual(progress?.watched, [{ fromSeconds: 30, toSeconds: 50 }])
})

test('what was played offline counts when it is told, up to ten minutes of it', async () => {
  const learner = await aLearner()
  const { stream } = await open(learner, { lesson: first })
  school.clock.pass(400)
  const told = await tell(learner, { stream, watched: [[0, 400]] })
  assert.deepEqual(told.progress?.watched, [{ fromSeconds: 0, toSeconds: 400 }])
  school.clock.pass(3600)
  const late = await tell(learner, { stream, watched: [[400, 600]] })
  assert.equal(late.progress?.isCompleted, true)
})

test('what a page showed before it was loaded again still counts', async () => {
  const learner = await aLearner()
  const { stream } = await open(learner, { lesson: first, browser: 'reloading' })
  school.clock.pass(40)
  await open(learner, { lesson: first, browser: 'reloading' })
  school.clock.pass(5)
  const late = await tell(learner, { stream, watched: [[0, 40]], isLeaving: true })
  assert.deepEqual(late.progress?.watched, [{ fromSeconds: 0, toSeconds: 40 }])
  assert.equal((await tell(learner, { stream, isLeaving: true })).ended, 'left')
  school.clock.pass(100)
  const forged = await tell(learner, { stream, watched: [[40, 600]] })
  assert.ok((forged.progress?.share ?? 1) * 600 <= 3 * 45 + 1.1, 'an ended stream gains no more time')
})

test('however many streams are opened, a learner gains no more than their places times three', async () => {
  const learner = await aLearner()
  const browsers = ['one-brow', 'two-brow', 'three-br', 'four-bro', 'five-bro']
  const streams = new Map<string, string>()
  for (let passed = 0; passed < 60; passed += 5) {
    for (const browser of browsers) {
      const opened = await open(learner, { lesson: first, browser, ...(streams.has(browser) && { stream: streams.get(browser) ?? '' }) }).catch(() => undefined)
      if (opened) streams.set(browser, opened.stream)
    }
    school.clock.pass(5)
    for (const stream of streams.values()) await tell(learner, { stream, watched: [[0, 600]] })
  }
  assert.equal(streams.size, 2)
  assert.ok((await share(learner)) * 600 <= 2 * 3 * 60 + 2.2, `${(await share(learner)) * 600} s in a minute`)
})

test('where one stops is where another device begins', async () => {
  const learner = await aLearner()
  const { stream } = await open(learner, { lesson: first })
  await play(classroom, learner, { stream, from: 0, seconds: 80 })
  await tell(learner, { stream, positionSeconds: 333, isLeaving: true })
  assert.equal((await learner.client.learning.lesson({ lesson: first })).positionSeconds, 333)
  const [enrolled] = (await learner.client.learning.mine({})).enrolled
  assert.deepEqual([enrolled?.next?.lesson, enrolled?.next?.positionSeconds], [first, 333])
})

test('a device that comes back late adds what it showed and does not take one back to where it was', async () => {
  const learner = await aLearner()
  const offline = await open(learner, { lesson: first })
  school.clock.pass(90)
  const other = await open(learner, { lesson: first })
  await play(classroom, learner, { stream: other.stream, from: 200, seconds: 60 })
  const { progress } = await tell(learner, { stream: offline.stream, watched: [[0, 30]], isLeaving: true })
  assert.equal(progress?.positionSeconds, 260)
  assert.deepEqual(progress?.watched, [
    { fromSeconds: 0, toSeconds: 30 },
    { fromSeconds: 200, toSeconds: 260 },
  ])
})

test('a right that ends closes the stream with its next beat', async () => {
  const learner = await aLearner()
  const { stream } = await open(learner, { lesson: first })
  school.clock.pass(10)
  assert.equal((await tell(learner, { stream, watched: [[0, 10]] })).ended, undefined)
  await owner.client.grants.end({ email: learner.email, course, note: 'Asked for it.' })
  school.clock.pass(10)
  assert.equal((await tell(learner, { stream, watched: [[10, 20]] })).ended, 'closed')
})

test('what staff watch is no progress', async () => {
  const { stream } = await open(teacher, { lesson: first })
  school.clock.pass(20)
  assert.equal((await tell(teacher, { stream, watched: [[0, 20]] })).progress, undefined)
})

test('who follows a course by a membership or a seat leaves evidence like anybody who has paid', async () => {
  for (const kind of ['subscribed', 'seated'] as const) {
    const member = await school.person(`Member${kind}`)
    const at = school.clock.now().toISOString()
    const facts = [{ id: `fct_${kind}`, kind, at, order: `ord_${kind}` }]
    await school.world.tables.commit([enrolmentRecords.add({ learner: member.id, course, since: at, facts })])
    const { stream } = await open(member, { lesson: first })
    const told = await play(classroom, member, { stream, from: 0, seconds: 10 })
    assert.deepEqual(told?.progress?.watched, [{ fromSeconds: 0, toSeconds: 10 }])
  }
})
