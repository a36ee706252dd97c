import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveSession } from '#contract/live.ts'
import { aCourse, lessonNamed } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { icsFile } from './ics.ts'

const LINK = 'https://meet.example/secret-room'
// The test's clock begins on 4 May 2026 at nine.
const at = (of: Partial<LiveSession> = {}): LiveSession => ({ startsAt: '2026-05-04T18:00:00.000Z', minutes: 60, link: LINK, opensMinutes: 15, ...of })

/** A free course with a session this evening, published; somebody learns in it. */
const aLiveSchool = async (t: { after(end: () => Promise<void>): void }, session = at()) => {
  const school = await openSchool()
  t.after(school.close)
  const [teacher, learner] = [await school.person('Lena', 'instructor'), await school.person('Mia')]
  const { course, section } = await aCourse(teacher)
  const lesson = lessonNamed(
    await teacher.client.courses.addLesson({ course, section, title: 'Questions; and answers', kind: 'live' }),
    'Questions; and answers',
  )
  assert.equal(await refusalOf(teacher.client.courses.publish({ course })), 'not-ready', 'a session without a time')
  await teacher.client.calendar.setSession({ lesson, session })
  await teacher.client.courses.publish({ course })
  await school.settle()
  await learner.client.learning.enrol({ course })
  return { school, teacher, learner, course, section, lesson }
}

const HOUR = 3600

test('the link of a session is shown when it is time, to those who have the course, and to nobody else', async (t) => {
  const { school, teacher, learner, course, lesson } = await aLiveSchool(t)
  const stranger = await school.person('Sam')
  const look = async () => {
    const { link, state } = await learner.client.calendar.session({ lesson })
    return [link, state]
  }
  const early = await learner.client.calendar.session({ lesson })
  assert.deepEqual([early.link, early.linkAt, early.state, early.now], [undefined, '2026-05-04T17:45:00.000Z', 'upcoming', '2026-05-04T09:00:00.000Z'])
  assert.equal((await teacher.client.calendar.session({ lesson })).link, LINK, 'its teacher has it always')
  school.clock.pass(8.75 * HOUR)
  assert.deepEqual(await look(), [LINK, 'upcoming'])
  school.clock.pass(0.25 * HOUR)
  assert.deepEqual(await look(), [LINK, 'now'])
  for (const { client } of [stranger, { client: school.visitor }]) assert.notEqual(await refusalOf(client.calendar.session({ lesson })), 'answered')
  const seen = [
    await learner.client.learning.lesson({ lesson }),
    await learner.client.learning.curriculum({ course }),
    await school.visitor.learning.curriculum({ course }),
    (await learner.client.calendar.session({ lesson })).file,
    Buffer.from((await school.store.get(`catalogue/courses/${course}.json`))?.bytes ?? []).toString(),
  ]
  assert.doesNotMatch(JSON.stringify(seen), /secret-room/)
  school.clock.pass(HOUR)
  assert.deepEqual(await look(), [undefined, 'over'])
})

test('a session that is a preview tells everybody when it is, and the link to no one who has not enrolled', async (t) => {
  const { school, teacher, course, lesson } = await aLiveSchool(t, at({ opensMinutes: undefined }))
  await teacher.client.courses.updateLesson({ lesson, isPreview: true })
  await teacher.client.courses.publish({ course })
  const seen = await school.visitor.calendar.session({ lesson })
  assert.deepEqual([seen.startsAt, seen.link, seen.linkAt, seen.mayJoin], ['2026-05-04T18:00:00.000Z', undefined, undefined, false])
})

test('a link without a time of its own is there from the first on, and only https leads anywhere', async (t) => {
  const { teacher, learner, lesson } = await aLiveSchool(t, at({ opensMinutes: undefined }))
  assert.equal((await learner.client.calendar.session({ lesson })).link, LINK)
  for (const link of ['javascript:alert(1)', 'http://meet.example/', 'https://meet.example/"onclick', ' https://meet.example/', 'https://a b'])
    assert.equal(await refusalOf(teacher.client.calendar.setSession({ lesson, session: at({ link }) })), 'bad-input', link)
})

test('a calendar shows sessions, what is due and what opens, of the courses one follows or teaches', async (t) => {
  const { school, teacher, learner, course, section, lesson } = await aLiveSchool(t)
  const essay = lessonNamed(await teacher.client.courses.addLesson({ course, section, title: 'An essay', kind: 'assignment' }), 'An essay')
  await teacher.client.assignments.write({ lesson: essay, rules: { takes: 'text', passPercent: 50, rubric: [], dueAt: '2026-05-10T12:00:00.000Z' } })
  const later = (await teacher.client.courses.addSection({ course, title: 'Later' })).sections.at(-1)?.id ?? ''
  await teacher.client.courses.addLesson({ course, section: later, title: 'Shade', kind: 'article' })
  await teacher.client.courses.openSection({ course, section: later, opens: { by: 'days', days: 3 } })
  await teacher.client.courses.publish({ course })
  await school.settle()
  const range = { from: '2026-05-01T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' }
  const { entries } = await learner.client.calendar.mine(range)
  assert.deepEqual(
    entries.map(({ kind, at: moment, title, lesson: leads }) => [kind, moment, title, leads]),
    [
      ['session', '2026-05-04T18:00:00.000Z', 'Questions; and answers', lesson],
      ['opening', '2026-05-07T09:00:00.000Z', 'Later', undefined],
      ['due', '2026-05-10T12:00:00.000Z', 'An essay', essay],
    ],
  )
  assert.deepEqual(
    (await teacher.client.calendar.mine(range)).entries.map(({ kind, isMine }) => [kind, isMine]),
    [
      ['session', true],
      ['due', true],
    ],
  )
  assert.deepEqual((await (await school.person('Sam')).client.calendar.mine(range)).entries, [])
  assert.equal((await learner.client.calendar.mine({ from: '2026-05-05T00:00:00.000Z', to: '2026-05-09T00:00:00.000Z' })).entries.length, 1)
  assert.equal(await refusalOf(learner.client.calendar.mine({ from: range.from, to: '2028-01-01T00:00:00.000Z' })), 'bad-input')
})

const unfolded = (file: string): string[] => file.replaceAll('\r\n ', '').split('\r\n')

test('another program reads the calendar by its address, until that is made anew or closed', async (t) => {
  const { school, learner, lesson } = await aLiveSchool(t)
  const { calendar } = learner.client
  assert.equal((await calendar.feed({})).url, undefined)
  const { url } = await calendar.makeFeed({})
  assert.equal((await calendar.feed({})).url, url)
  const read = (address: string) => school.api(new Request(address))
  const answer = await read(url)
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/calendar; charset=utf-8'])
  const lines = unfolded(await answer.text())
  for (const line of [`UID:${lesson}@school.test`, 'DTSTART:20260504T180000Z', 'DTEND:20260504T190000Z', 'SUMMARY:Questions\\; and answers'])
    assert.ok(lines.includes(line), line)
  assert.doesNotMatch(lines.join(), /secret-room/)
  const { url: other } = await calendar.makeFeed({})
  assert.deepEqual([(await read(url)).status, (await read(other)).status], [404, 200])
  await school.world.identity.disable(learner.id)
  assert.equal((await read(other)).status, 404, 'of somebody whose account is closed')
})

test('an address that was closed leads nowhere', async (t) => {
  const { school, learner } = await aLiveSchool(t)
  const { url } = await learner.client.calendar.makeFeed({})
  await learner.client.calendar.removeFeed({})
  assert.equal((await school.api(new Request(url))).status, 404)
  assert.equal((await learner.client.calendar.feed({})).url, undefined)
})

test('a calendar file keeps every sign of a title, in lines no longer than calendars take', () => {
  const title = `Öl, Licht; und \\Schatten\n${'🦉'.repeat(60)}\r\nBEGIN:VEVENT`
  const file = icsFile([{ uid: 'a@b', startsAt: '2026-05-04T18:00:00Z', minutes: 30, title, url: 'https://school.test/' }], { name: 'Ä', now: new Date(0) })
  assert.ok(file.split('\r\n').every((line) => Buffer.byteLength(line) <= 75))
  assert.equal(file.split('\r\n').filter((line) => line === 'BEGIN:VEVENT').length, 1)
  assert.ok(unfolded(file).includes(`SUMMARY:Öl\\, Licht\\; und \\\\Schatten\\n${'🦉'.repeat(60)}\\nBEGIN:VEVENT`))
})
