import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { HOUR_MS } from '#core/moments.ts'
import type { AlertKind, Message } from '#ports/alerts.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { lookAtAlerts, sweepAlerts } from './digest.ts'
import { quietly } from './quiet.ts'
import { alertStateRecords, heardRecords } from './records.ts'

const HOUR = HOUR_MS / 1000

/** A school whose owner is written to. `start` is the program begun anew over the same tables. */
const watched = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const letters: Message[] = []
  const post: { shutTo: RegExp | undefined } = { shutTo: undefined }
  const { tables, clock } = school.world
  const messenger = {
    tell: async (message: Message) => {
      if (post.shutTo?.test(message.subject)) throw new Error('The post is shut.')
      if (!letters.some(({ id }) => id === message.id)) letters.push(message)
    },
  }
  const start = () => {
    school.world.alerts = quietly({ tables, clock, messenger })
  }
  start()
  const tell = (id: string, kind: AlertKind = 'payments') => school.world.alerts.tell({ id, kind, subject: `Held: ${id}`, text: `Look at ${id}.` })
  /** A turn of the timer, so long after the one before, and the next, which sends what the first has said. */
  const turn = async (seconds: number): Promise<void> => {
    school.clock.pass(seconds)
    await lookAtAlerts(school.world)
    await lookAtAlerts(school.world)
  }
  /** Looks every ten minutes; the timer does so each minute. */
  const pass = async (hours: number): Promise<void> => {
    for (let minutes = 0; minutes < hours * 60; minutes += 10) await turn(600)
  }
  const subjects = () => letters.map(({ subject }) => subject)
  return { school, letters, subjects, post, start, tell, turn, pass }
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
  const { tell, turn, pass, post, subjects } = await watched(t)
  post.shutTo = /./
  await assert.rejects(tell('a'), /shut/)
  await tell('b')
  await assert.rejects(turn(HOUR), AggregateError)
  post.shutTo = undefined
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

test('what has gathered is sent by the turn after the one that counted it, when an index that lags has it too', async (t) => {
  const { school, tell, letters } = await watched(t)
  for (const id of ['a', 'b', 'c']) await tell(id)
  school.clock.pass(HOUR)
  await lookAtAlerts(school.world)
  assert.equal(letters.length, 1)
  await lookAtAlerts(school.world)
  assert.match(letters[1]?.text ?? '', /Held: b\n.*Held: c/)
})

test('that it is over is said in the turn that found so, and a silence holds back what was about to be sent', async (t) => {
  const { school, tell, turn, subjects } = await watched(t)
  const owner = await school.person('Olga', 'owner')
  for (const id of ['a', 'b']) await tell(id)
  school.clock.pass(HOUR)
  await lookAtAlerts(school.world)
  await owner.client.alerts.silence({ kind: 'payments', until: new Date(school.clock.now().getTime() + HOUR_MS).toISOString() })
  await lookAtAlerts(school.world)
  assert.deepEqual(subjects(), ['Held: a'])
  await turn(HOUR)
  assert.deepEqual(subjects(), ['Held: a', 'One more: payments'])
  school.clock.pass(25 * HOUR)
  await lookAtAlerts(school.world)
  assert.deepEqual(subjects(), ['Held: a', 'One more: payments', 'All clear: payments'])
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
  const { school, tell, turn, subjects } = await watched(t)
  const owner = await school.person('Olga', 'owner')
  await owner.client.alerts.silence({ kind: 'payments', until: new Date(school.clock.now().getTime() + 24 * HOUR_MS).toISOString() })
  await tell('a')
  await owner.client.alerts.unsilence({ kind: 'payments' })
  await turn(60)
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

test('a letter that does not go out keeps back no letter about another kind, and the timer tells that it failed', async (t) => {
  const { tell, turn, post, subjects } = await watched(t)
  for (const id of ['a', 'b']) for (const kind of ['payments', 'films'] as const) await tell(`${id} ${kind}`, kind)
  post.shutTo = /: payments/
  await assert.rejects(turn(HOUR), { name: 'AggregateError', message: '1 of 9 kinds of alerts could not be looked after.' })
  assert.deepEqual(subjects().slice(2), ['One more: films'])
  post.shutTo = undefined
  await turn(60)
  assert.deepEqual(subjects().slice(3), ['One more: payments'])
})

test('more alerts than anybody reads are one letter and one page, and go with time', async (t) => {
  const { school, letters, turn } = await watched(t)
  const { tables } = school.world
  const [many, at] = [20_200, school.clock.now().toISOString()]
  const numbered = (number: number) => heardRecords.put({ kind: 'viewers', id: `a${number}`, number, subject: `Held: ${number}`, text: 'Look.', at })
  for (let first = 1; first <= many; first += 100) await tables.commit(Array.from({ length: 100 }, (_, index) => numbered(first + index)))
  const bout = { since: at, first: 1, lastAt: at, hasLasted: false, step: 0, nextAt: at }
  await tables.commit([alertStateRecords.put({ kind: 'viewers', heard: many, told: 0, bout })])
  await turn(60)
  assert.deepEqual([letters.length, letters[0]?.subject], [1, `${many} more: accounts that load films too fast`])
  assert.match(letters[0]?.text ?? '', /Held: 1\n.*Held: 2\n[^…]*Held: 20\n… and 20180 more\.\n/)
  const admin = await school.person('Ada', 'admin')
  const newest = async () => (await admin.client.alerts.list({})).latest.map(({ number }) => number)
  assert.deepEqual((await newest()).toSorted((a, b) => b - a).slice(0, 2), [many, many - 1])
  school.clock.pass(179 * 24 * HOUR)
  await school.world.alerts.tell({ id: 'young', kind: 'viewers', subject: 'Held', text: 'Look.' })
  school.clock.pass(2 * 24 * HOUR)
  await sweepAlerts(school.world)
  assert.deepEqual(await newest(), [many + 1])
})

test('disputes are told one by one, each at once, and have no all-clear; a silence gathers them too', async (t) => {
  const { school, tell, turn, pass, subjects } = await watched(t)
  const owner = await school.person('Olga', 'owner')
  for (const id of ['a', 'b']) await tell(id, 'disputes')
  await Promise.all(['c', 'd'].map((id) => tell(id, 'disputes')))
  assert.deepEqual(subjects().toSorted(), ['Held: a', 'Held: b', 'Held: c', 'Held: d'])
  await pass(1)
  const silence = new Date(school.clock.now().getTime() + HOUR_MS / 4).toISOString()
  await owner.client.alerts.silence({ kind: 'disputes', until: silence })
  for (const id of ['e', 'f']) await tell(id, 'disputes')
  await turn(600)
  assert.equal(subjects().length, 4)
  school.clock.pass(360)
  await tell('g', 'disputes')
  assert.equal(subjects().length, 4, 'not before what came earlier')
  await turn(60)
  await tell('h', 'disputes')
  await pass(48)
  assert.deepEqual(subjects().slice(4), ['3 more: disputes and refunds', 'Held: h'])
})
