import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { HOUR_MS } from '#core/moments.ts'
import type { AlertKind, Message } from '#ports/alerts.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { lookAtAlerts } from './digest.ts'
import { quietly } from './quiet.ts'

const HOUR = HOUR_MS / 1000

/** A school whose owner is written to. `start` is the program begun anew over the same tables. */
const watched = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const letters: Message[] = []
  const post = { isShut: false }
  const { tables, clock } = school.world
  const messenger = {
    tell: async (message: Message) => {
      if (post.isShut) throw new Error('The post is shut.')
      if (!letters.some(({ id }) => id === message.id)) letters.push(message)
    },
  }
  const start = () => {
    school.world.alerts = quietly({ tables, clock, messenger })
  }
  start()
  const tell = (id: string, kind: AlertKind = 'payments') => school.world.alerts.tell({ id, kind, subject: `Held: ${id}`, text: `Look at ${id}.` })
  /** Looks each minute, as the timer does. */
  const pass = async (hours: number): Promise<void> => {
    for (let minute = 0; minute < hours * 60; minute += 10) {
      school.clock.pass(600)
      await lookAtAlerts(school.world)
    }
  }
  const subjects = () => letters.map(({ subject }) => subject)
  return { school, letters, subjects, post, start, tell, pass }
}

test('the first of a kind is told at once, more of it after an hour and then once a day, and that it is over when nothing comes', async (t) => {
  const { tell, pass, subjects, letters } = await watched(t)
  await tell('a')
  assert.deepEqual(subjects(), ['Held: a'])
  for (const id of ['b', 'c', 'd']) await tell(id)
  await pass(0.5)
  assert.equal(letters.length, 1)
  await pass(0.5)
  assert.deepEqual(subjects().slice(1), ['3 more: payments'])
  assert.match(letters[1]?.text ?? '', /Held: b\n.*Held: c\n.*Held: d/)
  await tell('e')
  await pass(23)
  assert.equal(letters.length, 2)
  await pass(1)
  assert.deepEqual(subjects().slice(2), ['One more: payments'])
  await pass(23)
  assert.equal(letters.length, 3)
  await pass(1)
  assert.deepEqual(subjects().slice(3), ['All clear: payments'])
  await tell('f')
  assert.deepEqual(subjects().slice(4), ['Held: f'])
})

test('one thing that happened once has no end to be told of, and another kind waits for nothing', async (t) => {
  const { tell, pass, subjects } = await watched(t)
  await tell('a')
  await tell('b', 'films')
  await pass(48)
  assert.deepEqual(subjects(), ['Held: a', 'Held: b'])
})

test('what is told again and again while it lasts is one letter, and an all-clear once it is told no more', async (t) => {
  const { tell, pass, subjects } = await watched(t)
  for (let turn = 0; turn < 30; turn += 1) {
    await tell('unreachable', 'content')
    await pass(1 / 6)
  }
  assert.deepEqual(subjects(), ['Held: unreachable'])
  await pass(3)
  assert.deepEqual(subjects(), ['Held: unreachable', 'All clear: courses in Git'])
})

test('nothing is told twice after a restart, and nothing that was gathered is lost by one', async (t) => {
  const { tell, pass, start, subjects } = await watched(t)
  await tell('a')
  await tell('b')
  start()
  await tell('a')
  await tell('b')
  assert.deepEqual(subjects(), ['Held: a'])
  await pass(1)
  assert.deepEqual(subjects(), ['Held: a', 'One more: payments'])
  start()
  await tell('b')
  await pass(1)
  assert.equal(subjects().length, 2)
})

test('what the post did not take is told when it is told again, letters about many as well', async (t) => {
  const { tell, pass, post, subjects, school } = await watched(t)
  post.isShut = true
  await assert.rejects(tell('a'), /shut/)
  await tell('b')
  school.clock.pass(HOUR)
  await assert.rejects(lookAtAlerts(school.world), /shut/)
  post.isShut = false
  await tell('a')
  await pass(1)
  assert.deepEqual(subjects(), ['Held: a', 'One more: payments'])
})

test('many that come at once are one letter and one that gathers the others', async (t) => {
  const { tell, pass, subjects } = await watched(t)
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => tell(id)))
  assert.equal(subjects().length, 1)
  await pass(1)
  assert.deepEqual(subjects().slice(1), ['4 more: payments'])
})

test('an owner has no letters about a kind until a day of theirs, and one about all of it then', async (t) => {
  const { school, tell, pass, subjects } = await watched(t)
  const [owner, admin] = [await school.person('Olga', 'owner'), await school.person('Ada', 'admin')]
  const until = new Date(school.clock.now().getTime() + 2 * 24 * HOUR_MS).toISOString()
  assert.equal(await refusalOf(admin.client.alerts.silence({ kind: 'payments', until })), 'not-allowed')
  assert.equal(await refusalOf(owner.client.alerts.silence({ kind: 'payments', until: '2020-01-01T00:00:00Z' })), 'bad-input')
  assert.equal(await refusalOf(owner.client.alerts.silence({ kind: 'payments', until: '2030-01-01T00:00:00Z' })), 'bad-input')
  await owner.client.alerts.silence({ kind: 'payments', until })
  await tell('a')
  await tell('b')
  await pass(47)
  assert.deepEqual(subjects(), [])
  const { kinds, latest } = await admin.client.alerts.list({})
  const payments = kinds.find(({ kind }) => kind === 'payments')
  assert.deepEqual([payments?.waiting, payments?.nextAt, payments?.silentUntil], [2, until, until])
  assert.deepEqual(latest.map(({ subject, isWaiting }) => [subject, isWaiting]).toSorted(), [
    ['Held: a', true],
    ['Held: b', true],
  ])
  await pass(1)
  assert.deepEqual(subjects(), ['2 more: payments'])
})

test('who lifts a silence is told of what has gathered within the minute', async (t) => {
  const { school, tell, pass, subjects } = await watched(t)
  const owner = await school.person('Olga', 'owner')
  await owner.client.alerts.silence({ kind: 'payments', until: new Date(school.clock.now().getTime() + 24 * HOUR_MS).toISOString() })
  await tell('a')
  await owner.client.alerts.unsilence({ kind: 'payments' })
  await pass(1 / 6)
  assert.deepEqual(subjects(), ['One more: payments'])
})

test('what still holds after three months is told once more', async (t) => {
  const { school, tell, subjects } = await watched(t)
  await tell('a')
  school.clock.pass(91 * 24 * HOUR)
  await lookAtAlerts(school.world)
  await tell('a')
  assert.deepEqual(subjects(), ['Held: a', 'Held: a'])
})
