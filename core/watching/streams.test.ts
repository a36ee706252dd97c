import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { refusalOf } from '#test/school.ts'
import { aClassroom, opener, type Person, peopleOf, play, tell } from './watching.fixture.ts'

const classroom = await aClassroom()
const { school, teacher, owner, course, first, second, preview } = classroom
after(() => school.close())
const open = opener()

const { aLearner } = peopleOf(classroom)

const running = async ({ client }: Person): Promise<string[]> => (await client.watching.streams({})).streams.map(({ id }) => id)

test('two of a learner’s videos run at once; the third is refused and told where the others are', async () => {
  const learner = await aLearner()
  await open(learner, { lesson: first, device: 'Firefox on Windows' })
  const phone = await open(learner, { lesson: second, device: 'Safari on iPhone' })
  await play(classroom, learner, { stream: phone.stream, from: 100, seconds: 20 })
  assert.equal(await refusalOf(open(learner, { lesson: first })), 'too-many-streams')
  const { streams, most } = await learner.client.watching.streams({})
  assert.equal(most, 2)
  assert.deepEqual(
    streams.map(({ device, lesson, positionSeconds }) => [device, lesson.title, positionSeconds]),
    [
      ['Firefox on Windows', 'First', 0],
      ['Safari on iPhone', 'Second', 120],
    ],
  )
})

test('two that open the last place at the same moment do not both get it', async () => {
  const learner = await aLearner()
  await open(learner, { lesson: first })
  const outcomes = await Promise.all([refusalOf(open(learner, { lesson: second })), refusalOf(open(learner, { lesson: preview }))])
  assert.deepEqual(outcomes.sort(), ['answered', 'too-many-streams'])
})

test('a stream ended from elsewhere makes room, hears of it with its next beat, and cannot be renewed', async () => {
  const learner = await aLearner()
  const [one] = [await open(learner, { lesson: first, browser: 'laptop-1' }), await open(learner, { lesson: second })]
  await learner.client.watching.end({ stream: one.stream })
  await open(learner, { lesson: preview })
  assert.equal((await tell(learner, { stream: one.stream })).ended, 'by-you')
  assert.equal(await refusalOf(open(learner, { lesson: first, browser: 'laptop-1', stream: one.stream })), 'stream-ended')
})

test('a stream is renewed in its place, however full it is', async () => {
  const learner = await aLearner()
  const one = await open(learner, { lesson: first, browser: 'laptop-2' })
  await open(learner, { lesson: second })
  assert.equal((await open(learner, { lesson: first, browser: 'laptop-2', stream: one.stream })).stream, one.stream)
})

test('a stream that says nothing for a minute gives its place away, and is refused when it comes back to a full house', async () => {
  const learner = await aLearner()
  const asleep = await open(learner, { lesson: first, browser: 'asleep-1' })
  const awake = await open(learner, { lesson: second })
  await play(classroom, learner, { stream: awake.stream, from: 0, seconds: 60 })
  assert.equal(await refusalOf(open(learner, { lesson: preview })), 'too-many-streams')
  await play(classroom, learner, { stream: awake.stream, from: 60, seconds: 2 })
  await open(learner, { lesson: preview })
  assert.equal((await tell(learner, { stream: asleep.stream })).ended, 'idle')
  assert.equal(await refusalOf(open(learner, { lesson: first, browser: 'asleep-1', stream: asleep.stream })), 'too-many-streams')
})

test('two pages of a lesson in one browser have one place between them, and the last to leave gives it back', async () => {
  const learner = await aLearner()
  const one = await open(learner, { lesson: first, browser: 'laptop-3' })
  const other = await open(learner, { lesson: first, browser: 'laptop-3' })
  assert.equal(other.stream, one.stream)
  await open(learner, { lesson: second })
  assert.equal((await tell(learner, { stream: one.stream, isLeaving: true })).ended, undefined)
  assert.equal(await refusalOf(open(learner, { lesson: preview })), 'too-many-streams')
  assert.equal((await tell(learner, { stream: other.stream, isLeaving: true })).ended, 'left')
  assert.equal(await refusalOf(open(learner, { lesson: preview })), 'answered')
})

test('a page that says it is leaving gives its place at once', async () => {
  const learner = await aLearner()
  const one = await open(learner, { lesson: first })
  await open(learner, { lesson: second })
  assert.equal((await tell(learner, { stream: one.stream, isLeaving: true })).ended, 'left')
  await open(learner, { lesson: preview })
})

test('the teacher and an admin watch in as many places as they like, and visitors see previews', async () => {
  for (const person of [teacher, owner]) {
    for (let place = 0; place < 4; place += 1) await open(person, { lesson: first })
    assert.deepEqual(await running(person), [])
  }
  const streams = await Promise.all([1, 2, 3, 4].map(() => open({ client: school.visitor }, { lesson: preview })))
  assert.equal(new Set(streams.map(({ stream }) => stream)).size, 4)
})

test('whoever enrols while a preview plays finds no place beyond those there are', async () => {
  const guest = await school.person('Greta')
  const free = await open(guest, { lesson: preview, browser: 'guest-001' })
  await guest.client.learning.enrol({ course })
  await open(guest, { lesson: first })
  await open(guest, { lesson: second })
  assert.equal(await refusalOf(open(guest, { lesson: preview, browser: 'guest-001', stream: free.stream })), 'too-many-streams')
})

test('signing out of a browser ends its streams and no others', async () => {
  const learner = await aLearner()
  const here = await open(learner, { lesson: first, browser: 'this-browser' })
  const there = await open(learner, { lesson: second, browser: 'other-browser' })
  await learner.client.watching.leave({ browser: 'this-browser' })
  assert.deepEqual(await running(learner), [there.stream])
  assert.equal((await tell(learner, { stream: here.stream })).ended, 'signed-out')
})

test('somebody else’s stream is none: it can neither be told of nor ended', async () => {
  const [learner, other] = [await aLearner(), await aLearner()]
  const { stream } = await open(learner, { lesson: first })
  assert.equal(await refusalOf(tell(other, { stream })), 'not-found')
  assert.equal(await refusalOf(other.client.watching.end({ stream })), 'not-found')
  assert.equal(await refusalOf(tell({ client: school.visitor }, { stream })), 'not-signed-in')
  assert.notEqual((await open(other, { lesson: first, stream })).stream, stream)
  assert.deepEqual(await running(learner), [stream])
})

test('the school’s number of places holds from the next opening on', async () => {
  const learner = await aLearner()
  await open(learner, { lesson: first })
  await owner.client.watching.putPolicy({ streams: 1, hasWatermark: true })
  assert.equal(await refusalOf(open(learner, { lesson: second })), 'too-many-streams')
  await owner.client.watching.putPolicy({ streams: 3, hasWatermark: true })
  assert.equal((await open(learner, { lesson: second })).watermark, learner.email)
  assert.equal((await open(teacher, { lesson: second })).watermark, undefined)
  assert.equal(await refusalOf(learner.client.watching.policy({})), 'not-allowed')
  await owner.client.watching.putPolicy({ streams: 2, hasWatermark: false })
})

test('whose account is closed hears nothing more, and what was opened is served no longer', async () => {
  const learner = await aLearner()
  const { stream } = await open(learner, { lesson: first })
  await school.world.identity.disable(learner.id)
  assert.equal(await refusalOf(tell(learner, { stream })), 'not-signed-in')
})

test('streams of a month ago are cleared away, yesterday’s are not', async () => {
  const learner = await aLearner()
  const old = await open(learner, { lesson: first })
  school.clock.pass(31 * 24 * 3600)
  const fresh = await open(learner, { lesson: second })
  await school.timers.find(({ name }) => name === 'watching.clear-streams')?.run(school.world)
  assert.equal(await refusalOf(tell(learner, { stream: old.stream })), 'not-found')
  assert.equal(await refusalOf(tell(learner, { stream: fresh.stream })), 'answered')
})
