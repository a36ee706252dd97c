import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { event } from '#core/events.ts'
import { tellNews } from '#core/media/transcode.ts'
import type { Event } from '#ports/tables.ts'
import { aCourse, anUploadedVideo } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { BOUNDS } from './bounds.ts'

const opened = async (t: { after(close: () => Promise<void>): void }, disk: { freeBytes?: () => number } = {}) => {
  const school = await openSchool(disk)
  t.after(() => school.close())
  const [admin, learner] = [await school.person('Ada', 'admin'), await school.person('Lena')]
  const taken = school.post.take
  const happens = async (happening: Event) => {
    await school.world.tables.commit([], [happening])
    await school.settle()
  }
  /** Has something happen that a learner is written to about. */
  const something = () => happens(event(school.world, 'enrolment.ended', { learner: learner.id, course: 'crs_none', because: 'ended' }))
  /** The same, by a letter that is written once for several happenings, so that its id is none of theirs. */
  const somethingElse = () => happens(event(school.world, 'erasure.hindered', { erasure: 'ers_1', person: learner.id, because: 'teaches' }))
  return {
    ...{ school, learner, admin, something, somethingElse },
    operations: admin.client.operations,
    refuse: () => {
      school.post.take = ({ to }) => {
        throw new Error(`550 <${to}> is over quota`)
      }
    },
    takeAgain: () => {
      school.post.take = taken
    },
    /** A status is held for half a minute. */
    statusLater: () => {
      school.clock.pass(31)
      return school.visitor.operations.status({})
    },
  }
}

test('a letter that the post refuses is in the log with what the post said, and with nobody’s whole address', async (t) => {
  const { operations, learner, something, refuse, takeAgain, school } = await opened(t)
  refuse()
  await something()
  const [failed, ...others] = (await operations.letters({ show: 'failed' })).letters
  assert.deepEqual([failed?.to, failed?.kind, failed?.state, others.length], ['l…@lectern.test', 'course', 'failed', 0])
  assert.equal(failed?.reason, '550 <l…@lectern.test> is over quota')
  assert.equal((await operations.attention({})).failedLetters, 1)
  takeAgain()
  school.clock.pass(60)
  await school.settle()
  const { letters } = await operations.letters({})
  assert.deepEqual(
    letters.map(({ state, attempts }) => [state, attempts]),
    [['sent', 2]],
  )
  assert.doesNotMatch(JSON.stringify(letters), new RegExp(learner.email))
})

for (const id of ['that of what happened', 'one of its own'])
  test(`a letter whose id is ${id}, given up after three days, is written when its delivery is tried again`, async (t) => {
    const { operations, something, somethingElse, refuse, takeAgain, school } = await opened(t)
    refuse()
    await (id === 'one of its own' ? somethingElse() : something())
    for (let tries = 0; tries < 40; tries += 1) {
      school.clock.pass(7 * 3600)
      await school.settle()
    }
    const letter = (await operations.letters({ show: 'failed' })).letters[0]
    assert.ok(letter?.givenUp)
    takeAgain()
    await operations.replay(letter.givenUp)
    await school.settle()
    assert.deepEqual(
      (await operations.letters({})).letters.map(({ state }) => state),
      ['sent'],
    )
  })

test('letters older than thirty days are in no log', async (t) => {
  const { operations, something, school } = await opened(t)
  await something()
  school.clock.pass(31 * 24 * 3600)
  await school.timers.find(({ name }) => name === 'operations.sweep-letters')?.run(school.world)
  assert.deepEqual((await operations.letters({})).letters, [])
})

test('everybody is told that letters are late once the post has refused several, since when, and nothing else', async (t) => {
  const { something, refuse, takeAgain, statusLater, school } = await opened(t)
  assert.equal((await statusLater()).state, 'normal')
  refuse()
  const since = school.clock.now().toISOString()
  for (let letters = 0; letters <= BOUNDS.lettersFailed; letters += 1) await something()
  const late = await statusLater()
  assert.deepEqual(
    late.parts.find(({ part }) => part === 'letters'),
    { part: 'letters', state: 'delayed', since },
  )
  assert.doesNotMatch(JSON.stringify(late), /@|550|Lena/)
  takeAgain()
  school.clock.pass(600)
  await school.settle()
  assert.equal((await statusLater()).state, 'normal')
})

test('whoever asks how the school is may keep the answer for half a minute; no other answer may be kept', async (t) => {
  const { school } = await opened(t)
  const kept = async (path: string) => (await school.api(new Request(`http://school.test/api${path}`))).headers.get('cache-control')
  assert.deepEqual([await kept('/status'), await kept('/health')], ['public, max-age=30', 'no-store'])
})

test('an admin sees films of every teacher, those in trouble apart; several that fail at once make films late', async (t) => {
  const { school, operations, statusLater } = await opened(t)
  const teacher = await school.person('Theo', 'instructor')
  const place = await aCourse(teacher, { title: 'Light' })
  for (let films = 0; films <= BOUNDS.filmsFailed; films += 1) {
    const { video, job } = await anUploadedVideo(school, teacher, { ...place, title: `Film ${films}` })
    await tellNews(school.world, { kind: 'failed', job, video, fault: 'internal', detail: 'worker gone' })
    await school.settle()
  }
  school.clock.pass(1)
  const { video } = await anUploadedVideo(school, teacher, { ...place, title: 'On its way' })
  const titles = async (show: 'trouble' | 'moving') =>
    (await operations.films({ show })).films.map(({ lesson, course, teacher: by }) => [lesson, course?.title, by])
  assert.deepEqual(await titles('moving'), [['On its way', 'Light', 'Theo']])
  assert.equal((await titles('trouble')).length, BOUNDS.filmsFailed + 1)
  assert.equal((await operations.films({})).films[0]?.video.id, video)
  assert.deepEqual([(await operations.attention({})).failedFilms, (await statusLater()).parts.find(({ part }) => part === 'films')?.state], [3, 'delayed'])
  const { checks } = await operations.checks({})
  assert.equal(checks.find(({ name }) => name === 'Films')?.state, 'doubtful')
  const [failed] = (await operations.films({ show: 'trouble' })).films
  const again = await (await school.person('Olga', 'admin')).client.media.retry({ video: failed?.video.id ?? '' })
  assert.equal(again.state, 'uploaded')
})

test('a film that was called off stands among those in trouble, as in its teacher’s own list', async (t) => {
  const { school, operations } = await opened(t)
  const teacher = await school.person('Theo', 'instructor')
  const { video } = await anUploadedVideo(school, teacher, { ...(await aCourse(teacher, { title: 'Light' })), title: 'Called off' })
  await teacher.client.media.cancel({ video })
  const idsOf = async (show: 'trouble' | 'moving') => (await operations.films({ show })).films.map((film) => film.video.id)
  assert.deepEqual([await idsOf('trouble'), await idsOf('moving')], [[video], []])
})

test('the store is weighed when an admin asks, and a disk that runs full wants attention', async (t) => {
  const { school, operations } = await opened(t, { freeBytes: () => 3e9 })
  assert.equal((await operations.storage({})).weighed, undefined)
  await school.store.put('media/vid_gone/master.m3u8', 'x'.repeat(70), { type: 'text/plain' })
  await school.store.put('files/one', 'x'.repeat(30), { type: 'text/plain' })
  await operations.weigh({})
  assert.equal((await operations.storage({})).isWeighing, true)
  await school.settle()
  const { weighed, isWeighing, databaseBytes } = await operations.storage({})
  const shares = weighed?.shares.filter(({ what }) => what !== 'other') ?? []
  assert.deepEqual(
    [shares, isWeighing, databaseBytes],
    [
      [
        { what: 'films', objects: 1, bytes: 70 },
        { what: 'files', objects: 1, bytes: 30 },
      ],
      false,
      4096,
    ],
  )
  assert.deepEqual((await operations.attention({})).disk, { freeBytes: 3e9, isLow: true })
})

test('the rules that wake somebody have the bounds of the status page', async () => {
  const rules = await readFile(new URL('../../docs/operations/prometheus-rules.yml', import.meta.url), 'utf8')
  const bound = (alert: string): number => Number(new RegExp(`alert: ${alert}\\n\\s+expr: .* [<>] ([\\d.e]+)\\n`).exec(rules)?.[1])
  const { stuckSeconds, lettersFailed, filmsFailed, lowBytes } = BOUNDS
  assert.deepEqual(['QueueStuck', 'LettersFail', 'FilmsFail', 'DiskSmall'].map(bound), [stuckSeconds, lettersFailed, filmsFailed, lowBytes])
})
