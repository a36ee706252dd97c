import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { refusalOf } from '#test/school.ts'
import { streamRecords, streamsBegunOn, viewerRecords, visitorsBegunOn } from './records.ts'
import { touchStream } from './streams.ts'
import { aClassroom, opener, type Person, peopleOf, play, tell } from './watching.fixture.ts'

const classroom = await aClassroom()
const { school, teacher, owner, course, first, second, preview } = classroom
after(() => school.close())
const open = opener()
const { tables } = school.world

const { somebody, aLearner } = peopleOf(classroom)
const running = async ({ client }: Person): Promise<number> => (await client.watching.streams({})).streams.length
const listed = async ({ id }: Person): Promise<string[]> => (await viewerRecords.get(tables, { person: id }))?.value.streams ?? []
const clear = async (): Promise<void> => school.timers.find(({ name }) => name === 'watching.clear-streams')?.run(school.world)

test('a teacher who opens a hundred previews and leaves them can still watch, and so can one who left two hundred before that was bounded', async () => {
  for (let opened = 0; opened < 100; opened += 1) {
    school.clock.pass(2)
    await open(teacher, { lesson: first })
  }
  assert.ok((await listed(teacher)).length <= 24)
  const { stream } = await open(owner, { lesson: first })
  const [viewer, one] = [await viewerRecords.get(tables, { person: owner.id }), await streamRecords.get(tables, { id: stream })]
  assert.ok(viewer && one)
  const old = Array.from({ length: 200 }, (_, place) => ({ ...one.value, id: `str_old${place}` }))
  for (const each of old) await tables.commit([streamRecords.add(each)])
  await tables.commit([viewerRecords.replace(viewer, { ...viewer.value, streams: old.map(({ id }) => id) })])
  school.clock.pass(61)
  await open(owner, { lesson: first })
  assert.equal((await listed(owner)).length, 1)
  for (const { id } of old) assert.equal((await streamRecords.get(tables, { id }))?.value.ended, 'idle')
})

test('whoever opens or tells more than once a second for a minute is asked to wait, and may go on after it', async () => {
  const learner = await aLearner()
  const outcomes: string[] = []
  for (let opened = 0; opened < 62; opened += 1) outcomes.push(await refusalOf(open(learner, { lesson: first, browser: 'in-a-hurry' })))
  assert.deepEqual([outcomes.slice(0, 61).every((each) => each === 'answered'), outcomes[61]], [true, 'too-many'])
  school.clock.pass(60)
  const { stream } = await open(learner, { lesson: first, browser: 'in-a-hurry' })
  for (let told = 0; told < 59; told += 1) await tell(learner, { stream })
  assert.equal(await refusalOf(tell(learner, { stream })), 'too-many')
  assert.equal(await refusalOf(open(learner, { lesson: first, browser: 'in-a-hurry', stream })), 'too-many')
  school.clock.pass(60)
  assert.equal(await refusalOf(tell(learner, { stream })), 'answered')
})

test('ten previews renewed at the same moment after enrolling take the places there are, and no more', async () => {
  const guest = await somebody()
  const previews = await Promise.all(Array.from({ length: 10 }, (_, place) => open(guest, { lesson: preview, browser: `guest-${place}-x` })))
  await guest.client.learning.enrol({ course })
  const outcomes = await Promise.all(previews.map(({ stream }, place) => refusalOf(open(guest, { lesson: preview, browser: `guest-${place}-x`, stream }))))
  assert.deepEqual([outcomes.filter((each) => each === 'answered').length, outcomes.filter((each) => each === 'too-many-streams').length], [2, 8])
  assert.equal(await running(guest), 2)
})

/** Three that nobody ended: one more than there are places for, all asleep. */
const asleep = async (): Promise<{ learner: Person; streams: string[] }> => {
  const learner = await somebody()
  const streams = await Promise.all([1, 2, 3].map(async (place) => (await open(learner, { lesson: preview, browser: `sleeper-${place}` })).stream))
  await learner.client.learning.enrol({ course })
  for (const [place, stream] of streams.entries()) {
    await open(learner, { lesson: preview, browser: `sleeper-${place + 1}`, stream })
    if (place === 1) school.clock.pass(61)
  }
  school.clock.pass(61)
  return { learner, streams }
}

test('of three that come back from sleep at the same moment two go on, and the third hears that it has ended', async () => {
  const { learner, streams } = await asleep()
  const answers = await Promise.all(streams.map((stream) => tell(learner, { stream })))
  assert.deepEqual(answers.map(({ ended }) => ended ?? 'runs').sort(), ['idle', 'runs', 'runs'])
  assert.equal(await running(learner), 2)
})

test('bytes that go to three sleepers at the same moment wake two', async () => {
  const { learner, streams } = await asleep()
  for (const _ of streams) await Promise.all(streams.map((stream) => touchStream(school.world, stream)))
  assert.equal(await running(learner), 2)
})

test('a sleeper that finds its place taken is believed for the minute it counted as running', async () => {
  const { learner, streams } = await asleep()
  const [one = '', two = '', late = ''] = streams
  await Promise.all([tell(learner, { stream: one }), tell(learner, { stream: two })])
  for (const told of [1, 2, 3]) {
    await play(classroom, learner, { stream: one, from: told * 20, seconds: 20 })
    await tell(learner, { stream: two })
  }
  const before = (await learner.client.learning.lesson({ lesson: preview })).watched.reduce(
    (sum, { fromSeconds, toSeconds }) => sum + toSeconds - fromSeconds,
    0,
  )
  const { ended, progress } = await tell(learner, { stream: late, watched: [[200, 600]], isLeaving: true })
  assert.equal(ended, 'left')
  const after_ = (progress?.watched ?? []).reduce((sum, { fromSeconds, toSeconds }) => sum + toSeconds - fromSeconds, 0)
  assert.ok(after_ - before <= 181, `${after_ - before} s`)
})

test('fewer places hold for those that run at their next renewal: who began first stays', async () => {
  const learner = await aLearner()
  const one = await open(learner, { lesson: first, browser: 'began-first' })
  school.clock.pass(1)
  const two = await open(learner, { lesson: second, browser: 'began-second' })
  await owner.client.watching.putPolicy({ streams: 1, hasWatermark: false })
  const again = [
    { lesson: second, browser: 'began-second', stream: two.stream },
    { lesson: first, browser: 'began-first', stream: one.stream },
  ]
  assert.deepEqual(await Promise.all(again.map((at) => refusalOf(open(learner, at)))), ['too-many-streams', 'answered'])
  assert.equal((await tell(learner, { stream: two.stream })).ended, 'idle')
  assert.equal((await tell(learner, { stream: one.stream })).ended, undefined)
  await owner.client.watching.putPolicy({ streams: 2, hasWatermark: false })
})

test('a new password ends what was begun before it: it is neither renewed nor believed, and takes no place', async () => {
  const learner = await aLearner()
  const [one, two] = [await open(learner, { lesson: first, browser: 'the-thief' }), await open(learner, { lesson: second })]
  school.clock.pass(1)
  school.endSessions(learner.id)
  school.clock.pass(30)
  assert.equal(await running(learner), 0)
  const { ended, progress } = await tell(learner, { stream: two.stream, watched: [[0, 90]] })
  assert.equal(ended, 'signed-out')
  assert.deepEqual(progress?.watched, [{ fromSeconds: 0, toSeconds: 3 }])
  const renewed = await open(learner, { lesson: first, browser: 'the-thief', stream: one.stream })
  assert.notEqual(renewed.stream, one.stream)
  assert.equal((await streamRecords.get(tables, { id: one.stream }))?.value.ended, 'signed-out')
  assert.equal(await running(learner), 1)
})

test('visitors’ streams are kept a day, people’s a month, and a run that is cut short is gone on with by the next', async () => {
  const visitor = { client: school.visitor }
  const begun = school.clock.now().toISOString().slice(0, 10)
  const [seen, learner] = [await open(visitor, { lesson: preview }), await aLearner()]
  const own = await open(learner, { lesson: first })
  const stored = await streamRecords.get(tables, { id: seen.stream })
  assert.ok(stored)
  const flood = Array.from({ length: 4500 }, (_, place) => streamRecords.add({ ...stored.value, id: `str_flood${place}` }))
  while (flood.length > 0) await tables.commit(flood.splice(0, 100))
  const left = async (): Promise<number> => {
    let [count, page] = [0, await streamRecords.listIndex(tables, visitorsBegunOn(begun), { limit: 1000 })]
    for (count = page.items.length; page.next !== undefined; count += page.items.length)
      page = await streamRecords.listIndex(tables, visitorsBegunOn(begun), { limit: 1000, page: page.next })
    return count
  }
  school.clock.pass(23 * 3600)
  const before = await left()
  await clear()
  assert.equal(await left(), before)
  const fresh = await open(visitor, { lesson: preview })
  school.clock.pass(3601)
  await clear()
  const after_ = await left()
  assert.ok(after_ > 0 && after_ < before, `${before} → ${after_}`)
  for (let run = 0; run < 3; run += 1) await clear()
  assert.equal(await refusalOf(tell(visitor, { stream: seen.stream })), 'not-found')
  assert.equal(await refusalOf(tell(visitor, { stream: fresh.stream })), 'answered')
  assert.ok((await streamRecords.listIndex(tables, streamsBegunOn(begun), { limit: 1000 })).items.some(({ id }) => id === own.stream))
})
