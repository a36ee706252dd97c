import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openSchool, refusalOf } from '#test/school.ts'
import { digests } from './digest.ts'
import { notify, telling } from './notify.ts'

const school = await openSchool()
after(() => school.close())
const { world } = school
const lena = await school.person('Lena')
const max = await school.person('Max')
const theo = await school.person('Theo', 'instructor')

const about = (person: string, of: Partial<Parameters<typeof notify>[1]> = {}) => ({
  ...{
    person,
    kind: 'reply' as const,
    id: `n${Math.random()}`,
    subject: 'Max replied: Which window?',
    text: 'The left one.',
    path: '/learn/crs_1/les_1?thread=thr_1',
  },
  ...of,
})
const lettersTo = ({ email }: typeof lena) => school.letters.filter(({ to }) => to === email)
const tokenIn = ({ email }: typeof lena): string =>
  /\/api\/letters\/([\w-]+)\//.exec(school.letters.findLast(({ to }) => to === email)?.unsubscribeUrl ?? '')?.[1] ?? ''

test('who is told of something finds it in the centre and in one letter, however often it is told', async () => {
  const notice = about(lena.id, { id: 'once' })
  assert.deepEqual([await notify(world, notice), await notify(world, notice)], ['told', 'already'])
  await school.settle()
  const { notifications, unread } = await lena.client.notifications.mine({})
  assert.deepEqual(
    notifications.map(({ subject, path, isRead }) => [subject, path, isRead]),
    [['Max replied: Which window?', '/learn/crs_1/les_1?thread=thr_1', false]],
  )
  assert.equal(unread, 1)
  const [letter, ...more] = lettersTo(lena)
  assert.equal(more.length, 0)
  assert.equal(letter?.subject, 'Max replied: Which window?')
  assert.ok(letter?.text.includes('http://school.test/learn/crs_1/les_1?thread=thr_1'))
})

test('a notification goes with the commit it tells of, and leads nowhere but into the school', async () => {
  const writing = telling(world, about(lena.id, { id: 'own-commit' }))
  assert.equal(await world.tables.commit(writing.changes, writing.events), 'done')
  assert.equal(await world.tables.commit(writing.changes, writing.events), 'conflict')
  for (const path of ['https://evil.example', '//evil.example', '/\\evil.example', 'learn']) assert.throws(() => telling(world, about(lena.id, { path })))
})

test('what one has read is read, one by one or all at once, and what comes afterwards is new', async () => {
  for (const id of ['a', 'b', 'c']) await notify(world, about(max.id, { id }))
  const unread = async () => (await max.client.notifications.mine({})).unread
  assert.equal(await unread(), 3)
  await max.client.notifications.read({ ids: ['a', 'nobody’s'], isRead: true })
  assert.equal(await unread(), 2)
  school.clock.pass(1)
  await max.client.notifications.read({ isRead: true })
  assert.equal(await unread(), 0)
  await max.client.notifications.read({ ids: ['b'], isRead: false })
  assert.equal(await unread(), 1)
  school.clock.pass(1)
  await notify(world, about(max.id, { id: 'd' }))
  assert.equal(await unread(), 2)
})

test('nobody reads or marks what others were told', async () => {
  await lena.client.notifications.read({ ids: ['d'], isRead: true })
  assert.equal((await max.client.notifications.mine({})).notifications.find(({ id }) => id === 'd')?.isRead, false)
  assert.ok(!(await lena.client.notifications.mine({})).notifications.some(({ id }) => id === 'd'))
  assert.equal(await refusalOf(school.visitor.notifications.mine({})), 'not-signed-in')
})

test('the list comes by pages, newest first, and by kind', async () => {
  const rita = await school.person('Rita')
  for (let count = 0; count < 30; count += 1) {
    school.clock.pass(1)
    await notify(world, about(rita.id, { id: `p${count}`, subject: `Number ${count}`, kind: count % 10 === 0 ? 'mention' : 'reply' }))
  }
  const first = await rita.client.notifications.mine({ limit: 20 })
  const second = await rita.client.notifications.mine({ limit: 20, ...(first.next !== undefined && { page: first.next }) })
  assert.deepEqual([first.notifications[0]?.subject, first.notifications.length, second.notifications.length, second.next], ['Number 29', 20, 10, undefined])
  const mentions = await rita.client.notifications.mine({ kind: 'mention' })
  assert.deepEqual(
    mentions.notifications.map(({ subject }) => subject),
    ['Number 20', 'Number 10', 'Number 0'],
  )
})

test('learners are not asked about what only teachers hear of, and nobody about what is always written', async () => {
  const kinds = async ({ client }: typeof lena) => (await client.notifications.preferences({})).preferences.map(({ kind }) => kind)
  assert.ok((await kinds(lena)).includes('reply') && !(await kinds(lena)).includes('question'))
  assert.ok((await kinds(theo)).includes('question'))
  assert.ok(!(await kinds(theo)).some((kind) => kind === 'account' || kind === 'moderation'))
  assert.equal(await refusalOf(lena.client.notifications.choose({ kind: 'account', mail: 'never' })), 'not-allowed')
})

test('who wants no letters of a kind gets none, and still finds it in the centre; letters about one’s standing come all the same', async () => {
  await school.settle()
  const before = lettersTo(max).length
  await max.client.notifications.choose({ kind: 'reply', mail: 'never' })
  await notify(world, about(max.id, { id: 'quiet' }))
  await notify(world, about(max.id, { id: 'loud', kind: 'moderation', subject: 'Your post was hidden' }))
  await school.settle()
  const came = lettersTo(max).slice(before)
  assert.deepEqual(
    came.map(({ subject }) => subject),
    ['Your post was hidden'],
  )
  assert.ok((await max.client.notifications.mine({})).notifications.some(({ id }) => id === 'quiet'))
})

test('every letter one may stop says how, by RFC 8058 and by a page, and one click stops its kind alone', async () => {
  await notify(world, about(lena.id, { id: 'stoppable', kind: 'mention', subject: 'A mention' }))
  await school.settle()
  const letter = lettersTo(lena).at(-1)
  const url = letter?.unsubscribeUrl ?? ''
  assert.ok(letter?.text.includes('/letters/') && letter.text.includes('http://school.test/notifications/settings'))
  // As a mail program sends it: a form of one field, with no cookie and no sign-in.
  const answer = await school.api(
    new Request(url, { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  )
  assert.equal(answer.status, 200)
  const { preferences } = await lena.client.notifications.preferences({})
  assert.deepEqual(
    preferences.filter(({ mail }) => mail === 'never').map(({ kind }) => kind),
    ['mention'],
  )
  const before = lettersTo(lena).length
  await notify(world, about(lena.id, { id: 'stopped', kind: 'mention' }))
  await school.settle()
  assert.equal(lettersTo(lena).length, before)
})

test('a letter’s link can be taken back, stops nothing that is always written, and a made-up one does nothing', async () => {
  const token = tokenIn(lena)
  assert.deepEqual(await school.visitor.notifications.stop({ token, kind: 'mention', mail: 'at-once' }), { kind: 'mention', mail: 'at-once', before: 'never' })
  assert.equal(await refusalOf(school.visitor.notifications.stop({ token, kind: 'account' })), 'not-allowed')
  assert.equal(await refusalOf(school.visitor.notifications.stop({ token: 'x'.repeat(32), kind: 'mention' })), 'not-found')
  assert.equal(await refusalOf(school.visitor.notifications.stop({ token: max.id.padEnd(20, 'x'), kind: 'mention' })), 'not-found')
})

test('once a day is one letter in the morning with all of it, and nothing is lost or said twice', async () => {
  const dora = await school.person('Dora')
  await dora.client.notifications.choose({ kind: 'reply', mail: 'daily' })
  for (const id of ['one', 'two', 'three']) await notify(world, about(dora.id, { id: `dora-${id}`, subject: `Reply ${id}` }))
  await school.settle()
  await digests.run(world)
  assert.equal(lettersTo(dora).length, 0)
  school.clock.pass(22 * 3600)
  await digests.run(world)
  await digests.run(world)
  const [letter, ...more] = lettersTo(dora)
  assert.equal(more.length, 0)
  for (const id of ['one', 'two', 'three']) assert.ok(letter?.text.includes(`Reply ${id}`))
  assert.ok(letter?.unsubscribeUrl?.endsWith('/daily'))
  await notify(world, about(dora.id, { id: 'dora-later', subject: 'Reply later' }))
  await school.settle()
  school.clock.pass(24 * 3600)
  await digests.run(world)
  assert.deepEqual([lettersTo(dora).length, lettersTo(dora).at(-1)?.subject], [2, 'Since yesterday: Reply later'])
  assert.ok(!lettersTo(dora).at(-1)?.text.includes('Reply one'))
  // A quiet day brings no letter.
  for (let day = 0; day < 3; day += 1) {
    school.clock.pass(24 * 3600)
    await digests.run(world)
  }
  assert.equal(lettersTo(dora).length, 2)
  await school.visitor.notifications.stop({ token: tokenIn(dora), kind: 'daily' })
  assert.equal((await dora.client.notifications.preferences({})).preferences.find(({ kind }) => kind === 'reply')?.mail, 'never')
})

test('who reads German is written to in German, at once and once a day, and nobody else is', async () => {
  const heidi = await school.person('Heidi')
  await heidi.client.notifications.setLanguage({ language: 'de' })
  await notify(world, about(heidi.id, { id: 'heidi' }))
  await school.settle()
  const [letter] = lettersTo(heidi)
  assert.match(letter?.text ?? '', /Ansehen: http:.*E-Mails dieser Art abbestellen: http:/s)
  assert.match(letter?.html ?? '', /<html lang="de">/)
  assert.match(lettersTo(lena)[0]?.html ?? '', /<html lang="en">.*Stop e-mails of this kind/s)
  await heidi.client.notifications.choose({ kind: 'reply', mail: 'daily' })
  for (const id of ['one', 'two']) await notify(world, about(heidi.id, { id: `heidi-${id}` }))
  await school.settle()
  school.clock.pass(30 * 3600)
  await digests.run(world)
  assert.equal(lettersTo(heidi).at(-1)?.subject, '2 Neuigkeiten seit gestern')
})

test('a daily letter that the post does not take is sent at the next look, with the same lines', async () => {
  const emil = await school.person('Emil')
  await emil.client.notifications.choose({ kind: 'reply', mail: 'daily' })
  await notify(world, about(emil.id, { id: 'emil', subject: 'Reply to Emil' }))
  await school.settle()
  school.clock.pass(30 * 3600)
  const broken = { ...world, mail: { send: () => Promise.reject(new Error('The post is closed.')) } }
  await digests.run(broken)
  assert.equal(lettersTo(emil).length, 0)
  await digests.run(world)
  assert.equal(lettersTo(emil).length, 1)
})
