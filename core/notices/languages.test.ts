import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { LetterLanguage } from '#contract/notifications.ts'
import type { Recipient } from '#contract/payments.ts'
import { event } from '#core/events.ts'
import { aMembersSchool, aPublishedCourse } from '#core/memberships/school.fixture.ts'
import { orderRecords } from '#core/payments/records.ts'
import { settle } from '#core/payments/settle.ts'
import { aCheckout, anOrder } from '#test/payments.ts'
import { openSchool } from '#test/school.ts'
import { formatsIn } from './words/formats.ts'

/** A school in which Lena, who reads `language`, has paid for a course of one lesson. */
const aBought = async (t: TestContext, language: LetterLanguage | undefined, recipient: Recipient = { kind: 'me' }) => {
  const school = await openSchool()
  t.after(() => school.close())
  const teacher = await school.person('Tove', 'instructor')
  const lena = await school.person('Lena')
  const nora = await school.person('Nora')
  await nora.client.notifications.setLanguage({ language: 'es' })
  if (language !== undefined) await lena.client.notifications.setLanguage({ language })
  const { course } = await aPublishedCourse(school, teacher, 'Colour')
  const courses = [{ id: course, slug: 'colour', title: 'Colour' }]
  const order = anOrder({ learner: lena.id, email: lena.email, item: { kind: 'course', course }, courses, recipient })
  await school.world.tables.commit([orderRecords.add(order)])
  await settle(school.world, order.id, aCheckout())
  await school.settle()
  const to = (email: string) => school.letters.filter((letter) => letter.to === email)
  return { ...school, teacher, lena, nora, course, to }
}

test('who reads German is welcomed and has their receipt in German, with its dates, its money and its frame', async (t) => {
  const school = await aBought(t, 'de')
  const letters = school.to(school.lena.email)
  assert.deepEqual(letters.map(({ subject }) => subject).toSorted(), ['Ihr Beleg 2026-000001', 'Sie sind dabei: Colour'])
  const [receipt, welcome] = letters.toSorted((one, other) => one.subject.localeCompare(other.subject))
  assert.match(receipt?.text ?? '', /Ihr Beleg vom 4\. Mai 2026\.[\s\S]*Colour +49,00 EUR\nInsgesamt bezahlt +49,00 EUR[\s\S]*Beleg öffnen: http/)
  assert.match(welcome?.text ?? '', /Willkommen bei „Colour“ mit Tove\. Die Lektion steht Ihnen ab sofort offen\./)
  for (const { html } of letters) assert.match(html, /<html lang="de">/)
})

test('who has never told is written to in English', async (t) => {
  const school = await aBought(t, undefined)
  const letters = school.to(school.lena.email)
  assert.deepEqual(letters.map(({ subject }) => subject).toSorted(), ['You are in: Colour', 'Your receipt 2026-000001'])
  for (const { html } of letters) assert.match(html, /<html lang="en">/)
})

test('who reads Spanish is told of a membership in Spanish', async (t) => {
  const school = await aMembersSchool(t)
  await school.learner.client.notifications.setLanguage({ language: 'es' })
  await school.subscribe(await school.anOffer({ kind: 'membership', trialDays: 0 }))
  const letter = school.letters.find(({ subject }) => subject === 'Ya eres miembro: All of it')
  assert.match(letter?.text ?? '', /«All of it»[\s\S]*pagada hasta el 4 de junio de 2026 y se renueva por 15,00 EUR al mes\.[\s\S]*Abrir tus cursos: http/)
  assert.match(letter?.html ?? '', /<html lang="es">/)
})

test('an invitation speaks as whoever has its address reads, and as its buyer does where nobody has it', async (t) => {
  for (const [to, subject] of [
    ['nora@lectern.test', 'Lena tiene un regalo para ti: Colour'],
    ['stranger@lectern.test', 'Lena hat ein Geschenk für Sie: Colour'],
  ] as const) {
    const school = await aBought(t, 'de', { kind: 'gift', to })
    assert.equal(school.to(to)[0]?.subject, subject)
    assert.ok(school.to(school.lena.email).some((letter) => letter.subject === 'Ihr Geschenk: Colour'))
  }
})

test('a letter that leads to a desk is in English, as the desks are, whatever its teacher reads', async (t) => {
  const { world, teacher, course, to, settle: settled } = await aBought(t, 'de')
  await teacher.client.notifications.setLanguage({ language: 'de' })
  await world.tables.commit([], [event(world, 'course.publish-refused', { course, teacher: teacher.id, says: 'It has no lesson.' })])
  await settled()
  const letter = to(teacher.email).at(-1)
  assert.equal(letter?.subject, 'Not published: Colour')
  assert.match(letter?.html ?? '', /<html lang="en">/)
})

test('moments and money are written as their language has it, to the last digit', () => {
  const at = '2026-11-03T10:00:00.000Z'
  const [yen, much] = [
    { amountMinor: 500, currency: 'JPY' },
    { amountMinor: 123_456_789, currency: 'EUR' },
  ]
  const said = (language: LetterLanguage): string[] => {
    const { day, weekday, moment, money } = formatsIn(language)
    return [day(at), weekday(at), moment(at), money(yen), money(much)]
  }
  assert.deepEqual(said('en'), ['3 November 2026', 'Tuesday, 3 November 2026', '3 November 2026 at 10:00 (UTC)', '500 JPY', '1234567.89 EUR'])
  assert.deepEqual(said('de'), ['3. November 2026', 'Dienstag, 3. November 2026', '3. November 2026 um 10:00 (UTC)', '500 JPY', '1234567,89 EUR'])
  assert.deepEqual(said('es'), [
    '3 de noviembre de 2026',
    'martes, 3 de noviembre de 2026',
    '3 de noviembre de 2026 a las 10:00 (UTC)',
    '500 JPY',
    '1234567,89 EUR',
  ])
})
