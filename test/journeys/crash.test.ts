import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import * as z from 'zod'
import { buy } from '#test/buy.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'], env: { LECTERN_ENCODERS: '2' } })
let teacher: Someone
let learner: Someone

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
})
after(() => school.close())

const control = (path: string, body: unknown): Promise<Response> =>
  fetch(`${school.url}/sandbox/stripe/api/${path}`, { method: 'POST', body: JSON.stringify(body) })
const letters = async (to: string, subject: RegExp): Promise<number> => {
  const answer = await fetch(`${school.url}/sandbox/mail/api/messages?to=${encodeURIComponent(to)}`)
  // The stand-in's own documented answer.
  const messages = (await answer.json()) as { subject: string }[]
  return messages.filter((letter) => subject.test(letter.subject)).length
}
const sold = async (title: string) => {
  const made = await aCourseOf(teacher, { title, kind: 'article', amountMinor: 1900 })
  await teacher.client.courses.publish({ course: made.course })
  return made
}
const sessionOf = (checkoutUrl: string | undefined): string => checkoutUrl?.split('/').at(-1) ?? ''

test('the server killed while a video is encoded finishes it after a restart, without making a finished piece again', async () => {
  const film = await aFilm(join(school.data, 'film.mp4'), { seconds: 80, width: 426, height: 240 })
  const { lesson } = await aCourseOf(teacher, { title: 'Killed', kind: 'video' })
  const video = await sendFilm(teacher, lesson, film)
  const store = join(school.data, 'objects', 'objects.sqlite')
  const stored = (): Map<string, string> => {
    const database = new DatabaseSync(store, { readOnly: true })
    const rows = database.prepare('SELECT key, blob FROM objects WHERE key LIKE ?').all(`media/${video}/%p/%.m4s`)
    database.close()
    return new Map(rows.map((row) => [String(row['key']), String(row['blob'])]))
  }
  const finished = (): boolean => {
    const database = new DatabaseSync(join(school.data, 'transcoder', 'transcoder.sqlite'), { readOnly: true })
    const row = database.prepare("SELECT count(*) AS count FROM pieces WHERE piece LIKE 'chunk%'").get()
    database.close()
    return Number(row?.['count']) > 0
  }
  const made = await eventually('a first finished piece', () => (finished() ? stored() : undefined))
  // A second piece may be half stored by now; only what is on record as finished must not be made again.
  const first = new Map([...made].filter(([key]) => /\/0000[0-5]\.m4s$/.test(key)))
  await school.kill()
  const kept = stored()
  await school.start()
  await untilReady(teacher, video)
  const ended = stored()
  assert.ok(ended.size > kept.size, 'the kill came before the end')
  assert.ok(first.size > 0)
  for (const [key, blob] of first) assert.equal(ended.get(key), blob, `${key} was made again`)
})

test('the server killed between a webhook’s insert and its processing enrols the learner after a restart, with one letter', async () => {
  const { course } = await sold('Paid, then killed')
  const order = await buy(learner, course)
  assert.equal(order.state, 'open')
  // The provider answers no questions, so that what the webhook told must wait in the inbox.
  await control('faults', { api: 'down' })
  await control(`sessions/${sessionOf(order.checkoutUrl)}/pay`, {})
  const inbox = (): number => {
    const database = new DatabaseSync(join(school.data, 'school.sqlite'), { readOnly: true })
    const row = database.prepare("SELECT count(*) AS count FROM items WHERE pk LIKE 'hook#%'").get()
    database.close()
    return Number(row?.['count'])
  }
  await eventually('the webhook to be in the inbox', () => (inbox() > 0 ? true : undefined))
  assert.deepEqual((await learner.client.learning.mine({})).enrolled, [])
  await school.kill()
  await school.start()
  await control('faults', { api: 'none' })
  await eventually('the enrolment', async () => ((await learner.client.learning.mine({})).enrolled.length > 0 ? true : undefined), 90)
  assert.equal((await learner.client.payments.order({ order: order.id })).state, 'paid')
  await eventually('the letter', async () => ((await letters(learner.email, /Paid, then killed/)) > 0 ? true : undefined))
  assert.equal(await letters(learner.email, /Paid, then killed/), 1)
})

test('with the payment provider down everything else works, playback too, and the order is kept until it is back', async () => {
  const { course, lesson, slug } = await sold('Sold in a storm')
  await eventually('the catalogue', async () => ((await fetch(`${school.url}/catalogue/${slug}.json`)).ok ? true : undefined))
  await control('faults', { api: 'down' })
  const order = await buy(learner, course)
  assert.equal(order.state, 'waiting')
  assert.equal((await fetch(`${school.url}/courses/${slug}`)).status, 200)
  assert.equal((await fetch(`${school.url}/auth/.well-known/openid-configuration`)).status, 200)
  assert.equal((await learner.client.learning.mine({})).enrolled.length, 1)
  assert.equal((await teacher.client.learning.lesson({ lesson })).title, 'The lesson')
  const { courses } = await teacher.client.courses.mine({})
  const filmed = await teacher.client.courses.get({ course: courses.find(({ title }) => title === 'Killed')?.id ?? '' })
  const opened = await fetch(`${school.url}/api/lessons/${filmed.sections[0]?.lessons[0]?.id}/playback`, {
    method: 'POST',
    headers: { authorization: `Bearer ${teacher.token}` },
  })
  const cookie = opened.headers.getSetCookie().map((line) => line.slice(0, line.indexOf(';')))
  const { masterUrl } = z.object({ masterUrl: z.string() }).parse(await opened.json())
  assert.equal((await fetch(`${school.url}${masterUrl}`, { headers: { cookie: cookie.join('; ') } })).status, 200)
  await control('faults', { api: 'none' })
  const again = await eventually(
    'the checkout page',
    async () => {
      const tried = await learner.client.payments.retry({ order: order.id })
      return tried.state === 'open' ? tried : undefined
    },
    60,
  )
  assert.equal(again.id, order.id)
})
