import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Fact } from '#contract/grants.ts'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { aCourse, aLesson, anUploadedVideo, encode } from '#test/builders.ts'
import { buy } from '#test/buy.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const owner = await school.person('Olive', 'admin')

const place = await aCourse(teacher, { title: 'Priced' })
const shut = await anUploadedVideo(school, teacher, { ...place, title: 'Behind the lock' })
const preview = await anUploadedVideo(school, teacher, { ...place, title: 'Preview' })
await encode(school, shut)
await encode(school, preview)
await teacher.client.courses.updateLesson({ lesson: preview.lesson, isPreview: true })
await teacher.client.courses.update({ course: place.course, price: { amountMinor: 4900, currency: 'EUR' } })
await teacher.client.courses.publish({ course: place.course })
await school.settle()
const { course } = place

type Someone = Awaited<ReturnType<typeof school.person>>

const now = (): string => school.clock.now().toISOString()
const aDay = 24 * 3600
const inDays = (days: number): string => new Date(school.clock.now().getTime() + days * aDay * 1000).toISOString()

/** Somebody to whom all this has happened, a minute after each other. */
const someoneWith = async (name: string, ...facts: Pick<Fact, 'kind' | 'order' | 'until'>[]): Promise<Someone> => {
  const person = await school.person(name)
  const since = now()
  const dated = facts.map((fact, place) => ({ id: `fct_${name}${place}`, ...fact, at: new Date(Date.parse(since) + place * 60_000).toISOString() }))
  school.clock.pass(facts.length * 60)
  if (facts.length > 0) await school.world.tables.commit([enrolmentRecords.add({ learner: person.id, course, since, facts: dated })])
  return person
}

const explained = ({ email }: Pick<Someone, 'email'>, lesson: string, at?: string) =>
  owner.client.grants.explain({ email, lesson, ...(at !== undefined && { at }) })
const verdict = async (...asked: Parameters<typeof explained>): Promise<string> => {
  const { isOpen, because } = await explained(...asked)
  return `${isOpen ? 'open' : 'closed'}: ${because}`
}

test('what support is told is what the lesson page and the player are answered, whoever it is about', async () => {
  const paid = { kind: 'paid', order: 'ord_1' } as const
  const cases: [Someone, string, string, string][] = [
    [owner, shut.lesson, 'open: admin', 'answered'],
    [teacher, shut.lesson, 'open: teaches', 'answered'],
    [await someoneWith('Lena', paid), shut.lesson, 'open: paid', 'answered'],
    [await someoneWith('Greta', { kind: 'gifted', until: inDays(30) }), shut.lesson, 'open: gifted', 'answered'],
    [await someoneWith('Stefan'), shut.lesson, 'closed: not-enrolled', 'not-enrolled'],
    [await someoneWith('Pia'), preview.lesson, 'open: preview', 'answered'],
    [await someoneWith('Rolf', paid, { kind: 'refunded', order: 'ord_1' }), shut.lesson, 'closed: refunded', 'access-ended'],
    [await someoneWith('Emma', paid, { kind: 'ended' }), shut.lesson, 'closed: ended', 'access-ended'],
    [
      await someoneWith('Xaver', { kind: 'gifted', until: new Date(school.clock.now().getTime() + 30_000).toISOString() }),
      shut.lesson,
      'closed: expired',
      'access-ended',
    ],
  ]
  for (const [person, lesson, says, answer] of cases) {
    assert.equal(await verdict(person, lesson), says, person.name)
    assert.equal(await refusalOf(person.client.learning.lesson({ lesson })), answer, person.name)
    assert.equal(await refusalOf(person.client.watching.open({ lesson })), answer, person.name)
  }
})

test('a closed account is told as closed, and its token is nobody’s', async () => {
  const dora = await someoneWith('Dora', { kind: 'paid', order: 'ord_2' })
  await school.world.identity.disable(dora.id)
  assert.equal(await verdict(dora, shut.lesson), 'closed: disabled')
  assert.equal(await refusalOf(dora.client.watching.open({ lesson: shut.lesson })), 'not-signed-in')
})

test('the reason an access ended reaches the browser beside its code', async () => {
  const rita = await someoneWith('Rita', { kind: 'paid', order: 'ord_3' }, { kind: 'refunded', order: 'ord_3' })
  const answer = await school.api(new Request(`http://school.test/api/lessons/${shut.lesson}`, { headers: { authorization: `Bearer ${rita.id}` } }))
  assert.equal(answer.status, 403)
  // The wire format of a refusal.
  const { code, data } = (await answer.json()) as { code: string; data: unknown }
  assert.deepEqual({ code, data }, { code: 'access-ended', data: { because: 'refunded' } })
})

test('a lesson that is in the draft only is its teacher’s and the admins’, whoever has paid for the course', async () => {
  const draft = await aLesson(teacher, { ...place, title: 'Not yet' })
  const paul = await someoneWith('Paul', { kind: 'paid', order: 'ord_4' })
  for (const [person, says, answer] of [
    [paul, 'closed: hidden', 'not-found'],
    [teacher, 'open: teaches', 'answered'],
    [owner, 'open: admin', 'answered'],
  ] as const) {
    assert.equal(await verdict(person, draft), says)
    assert.equal(await refusalOf(person.client.learning.lesson({ lesson: draft })), answer)
  }
  const { lesson, rights } = await explained(paul, draft)
  assert.equal(lesson.isPublished, false)
  assert.equal(rights[0]?.isRunning, true)
})

test('a course that has left the catalogue stays open to whoever has it, and can still be given', async () => {
  const other = await aCourse(teacher, { title: 'Leaving' })
  const lesson = await aLesson(teacher, { ...other, title: 'Stays' })
  await teacher.client.courses.publish({ course: other.course })
  await teacher.client.courses.unpublish({ course: other.course })
  const hugo = await someoneWith('Hugo')
  assert.equal(await verdict(hugo, lesson), 'closed: hidden')
  assert.equal(await refusalOf(hugo.client.learning.lesson({ lesson })), 'not-found')
  await owner.client.grants.give({ email: hugo.email, course: other.course, note: 'Asked for it in time' })
  assert.equal(await verdict(hugo, lesson), 'open: gifted')
  assert.equal(await refusalOf(hugo.client.learning.lesson({ lesson })), 'answered')
})

test('an admin gives a course until a day: it opens with a letter, and closes by itself', async () => {
  const gina = await someoneWith('Gina')
  const before = now()
  school.clock.pass(1)
  const until = inDays(7)
  await owner.client.grants.give({ email: gina.email, course, until, note: 'Won the raffle' })
  await school.settle()
  assert.deepEqual(
    school.letters.filter(({ to }) => to === gina.email).map(({ subject }) => subject),
    ['You are in: Priced'],
  )
  const words = school.letters.find(({ to }) => to === gina.email)?.text ?? ''
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(until))
  assert.ok(words.includes(`It is open to you until ${day}`), words)
  const { facts, periods, until: told } = await explained(gina, shut.lesson)
  assert.deepEqual([facts[0]?.kind, facts[0]?.by?.name, facts[0]?.note], ['gifted', 'Olive', 'Won the raffle'])
  assert.deepEqual([told, periods], [until, [{ from: facts[0]?.at, to: until }]])
  assert.equal(await verdict(gina, shut.lesson, before), 'closed: not-enrolled')
  assert.equal(await verdict(gina, shut.lesson, inDays(8)), 'closed: expired')
  assert.equal((await gina.client.learning.mine({})).enrolled.length, 1)
  school.clock.pass(7 * aDay)
  assert.equal(await refusalOf(gina.client.watching.open({ lesson: shut.lesson })), 'access-ended')
  assert.equal((await gina.client.learning.mine({})).enrolled.length, 0)
})

test('who has a course already is given more of it without another letter; who comes back has one', async () => {
  const otto = await someoneWith('Otto', { kind: 'paid', order: 'ord_5' })
  const letters = () => school.letters.filter(({ to, subject }) => to === otto.email && subject.startsWith('You are in')).length
  await owner.client.grants.give({ email: otto.email, course, note: 'For good measure' })
  await school.settle()
  assert.equal(letters(), 0)
  await owner.client.grants.end({ email: otto.email, course, note: 'A mistake' })
  await owner.client.grants.give({ email: otto.email, course, note: 'Back again' })
  await school.settle()
  assert.equal(letters(), 1)
  await owner.client.grants.end({ email: otto.email, course, note: 'Another' })
  await owner.client.grants.give({ email: otto.email, course, note: 'And back' })
  await school.settle()
  assert.equal(letters(), 2)
})

test('an admin ends an access: all its rights, at once, and the school hears of it', async () => {
  const nora = await someoneWith('Nora', { kind: 'paid', order: 'ord_6' }, { kind: 'gifted' })
  const told = () =>
    school.database
      .prepare("SELECT payload FROM outbox WHERE name = 'enrolment.ended'")
      .all()
      .map(({ payload }) => JSON.parse(String(payload)))
  const before = told().length
  await owner.client.grants.end({ email: nora.email, course, note: 'Shared the password' })
  assert.deepEqual(told().slice(before), [{ learner: nora.id, course, because: 'ended' }])
  assert.equal(await refusalOf(nora.client.watching.open({ lesson: shut.lesson })), 'access-ended')
  // A door the school has closed is not for sale.
  assert.equal(await refusalOf(buy(nora, course)), 'access-ended')
  const { rights } = await explained(nora, shut.lesson)
  assert.deepEqual(
    rights.map(({ endedBy, isRunning }) => [endedBy?.note, isRunning]),
    [
      ['Shared the password', false],
      ['Shared the password', false],
    ],
  )
  assert.equal(await refusalOf(owner.client.grants.end({ email: nora.email, course, note: 'Again' })), 'conflict')
})

test('only an admin asks, gives and ends; nobody, nothing and the past are refused', async () => {
  const mia = await someoneWith('Mia')
  for (const { client } of [mia, teacher]) {
    assert.equal(await refusalOf(client.grants.explain({ email: mia.email, lesson: shut.lesson })), 'not-allowed')
    assert.equal(await refusalOf(client.grants.give({ email: mia.email, course, note: 'Please' })), 'not-allowed')
    assert.equal(await refusalOf(client.grants.end({ email: owner.email, course, note: 'Please' })), 'not-allowed')
  }
  assert.equal(await refusalOf(school.visitor.grants.explain({ email: mia.email, lesson: shut.lesson })), 'not-signed-in')
  const draft = await aCourse(teacher, { title: 'Never published' })
  const { grants } = owner.client
  await assert.rejects(grants.explain({ email: 'nobody@lectern.test', lesson: shut.lesson }), /Nobody has an account with the address nobody@lectern\.test/)
  assert.equal(await refusalOf(grants.explain({ email: mia.email, lesson: 'les_00000000' })), 'not-found')
  assert.equal(await refusalOf(grants.give({ email: 'nobody@lectern.test', course, note: 'x' })), 'not-found')
  assert.equal(await refusalOf(grants.give({ email: mia.email, course: draft.course, note: 'x' })), 'not-found')
  assert.equal(await refusalOf(grants.give({ email: mia.email, course, until: now(), note: 'x' })), 'bad-input')
  assert.equal(await refusalOf(grants.give({ email: mia.email, course, note: '   ' })), 'bad-input')
  assert.equal(await refusalOf(grants.end({ email: mia.email, course, note: 'x' })), 'conflict')
  assert.equal(await refusalOf(mia.client.watching.open({ lesson: shut.lesson })), 'not-enrolled')
})

test('gifts at the same moment are all written, with one letter; a ledger takes no more than two hundred facts', async () => {
  const kurt = await someoneWith('Kurt')
  const gift = () => owner.client.grants.give({ email: kurt.email, course, note: 'Many at once' })
  await Promise.all([gift(), gift(), gift()])
  await school.settle()
  assert.equal((await explained(kurt, shut.lesson)).facts.length, 3)
  assert.equal(school.letters.filter(({ to }) => to === kurt.email).length, 1)
  const full = await someoneWith('Full', ...Array.from({ length: 200 }, () => ({ kind: 'gifted' as const })))
  assert.equal(await refusalOf(owner.client.grants.give({ email: full.email, course, note: 'One more' })), 'too-many')
  await owner.client.grants.end({ email: full.email, course, note: 'Enough' })
  assert.equal(await refusalOf(full.client.watching.open({ lesson: shut.lesson })), 'access-ended')
})
