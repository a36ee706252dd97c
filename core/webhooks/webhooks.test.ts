import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import type { WebhookEvent } from '#contract/webhooks.ts'
import type { WebhookAnswer, WebhookPost } from '#ports/webhooks.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const DAY_SECONDS = 24 * 3600
const OK: WebhookAnswer = { status: 200, said: 'ok' }

/** A school with a receiver whose answers a test chooses. */
const aReceiver = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const posts: WebhookPost[] = []
  const answers: { next: WebhookAnswer } = { next: OK }
  school.world.webhooks = {
    allows: (url) => url.startsWith('https://'),
    post: async (post) => {
      posts.push(post)
      return answers.next
    },
  }
  const ada = await school.person('Ada', 'admin')
  const theo = await school.person('Theo', 'instructor')
  const { webhooks } = ada.client
  const aWebhook = (...events: WebhookEvent[]) => webhooks.create({ url: 'https://crm.example/hooks?key=1', events })
  /** Lets time pass, step by step, and delivers what is due. */
  const later = async (seconds: number, step = 6 * 3600): Promise<void> => {
    for (let passed = 0; passed < seconds; passed += step) {
      school.clock.pass(Math.min(step, seconds - passed))
      await school.settle()
    }
  }
  const enrol = async (name: string) => {
    const [learner, { course, section }] = [await school.person(name), await aCourse(theo)]
    const lesson = await aLesson(theo, { course, section })
    await theo.client.courses.updateLesson({ lesson, text: 'Look at the light.' })
    await theo.client.courses.publish({ course })
    await learner.client.learning.enrol({ course })
    await school.settle()
    return { learner, course }
  }
  return { school, ada, posts, answers, webhooks, aWebhook, later, enrol }
}

/** What a receiver does who follows the specification. */
const holds = ({ headers, body }: WebhookPost, secret: string): boolean => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')
  return key.length === 32 && (headers['webhook-signature'] ?? '').split(' ').includes(`v1,${expected}`)
}

test('a program is told who enrolled in what, and can check that the school says so', async (t) => {
  const { school, posts, aWebhook, enrol } = await aReceiver(t)
  const { secret } = await aWebhook('enrolment.started')
  const { learner, course } = await enrol('Lena')
  assert.equal(posts.length, 1)
  const [post] = posts
  assert.ok(post && holds(post, secret) && !holds({ ...post, body: post.body.replace('Lena', 'Olga') }, secret))
  assert.equal(post.headers['webhook-timestamp'], String(school.clock.now().getTime() / 1000))
  const { type, timestamp, data } = JSON.parse(post.body)
  assert.deepEqual([type, timestamp], ['enrolment.started', school.clock.now().toISOString()])
  assert.deepEqual(data.learner, { id: learner.id, email: learner.email, name: 'Lena' })
  assert.deepEqual([data.course.id, typeof data.course.title, typeof data.course.slug], [course, 'string', 'string'])
})

test('a webhook is told of what it chose, while it is on, and of nothing before it was made', async (t) => {
  const { posts, webhooks, aWebhook, enrol } = await aReceiver(t)
  await enrol('Nina')
  const { webhook } = await aWebhook('enrolment.started')
  await aWebhook('order.paid')
  await enrol('Lena')
  assert.equal(posts.length, 1)
  await webhooks.change({ webhook: webhook.id, isOn: false })
  await enrol('Max')
  assert.equal(posts.length, 1)
})

test('what is not taken is tried again under the same id, until it is', async (t) => {
  const { posts, answers, webhooks, aWebhook, later, enrol } = await aReceiver(t)
  const { webhook } = await aWebhook('enrolment.started')
  answers.next = { status: 500, said: 'out of order' }
  await enrol('Lena')
  const [waiting] = (await webhooks.deliveries({ webhook: webhook.id })).deliveries
  assert.deepEqual([waiting?.state, waiting?.attempts, waiting?.last?.status, waiting?.last?.said], ['waiting', 1, 500, 'out of order'])
  assert.ok((await webhooks.list({})).webhooks[0]?.failingSince)
  answers.next = { status: 302, said: '' }
  await later(60, 60)
  answers.next = OK
  await later(3600, 3600)
  const [delivery] = (await webhooks.deliveries({ webhook: webhook.id })).deliveries
  assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.last?.status], ['delivered', 3, 200])
  assert.equal(new Set(posts.map(({ headers }) => headers['webhook-id'])).size, 1)
  assert.equal((await webhooks.list({})).webhooks[0]?.failingSince, undefined)
  await later(DAY_SECONDS)
  assert.equal(posts.length, 3)
})

test('a webhook that has taken nothing for two days is switched off, and the owner is written to once', async (t) => {
  const { school, posts, answers, webhooks, aWebhook, later, enrol } = await aReceiver(t)
  const { webhook } = await aWebhook('enrolment.started')
  answers.next = { fault: 'no-answer', says: 'connect ECONNREFUSED' }
  await enrol('Lena')
  await enrol('Max')
  await later(4 * DAY_SECONDS)
  const [now] = (await webhooks.list({})).webhooks
  assert.deepEqual([now?.isOn, now?.offBecause], [false, 'failing'])
  assert.deepEqual(
    (await webhooks.deliveries({ webhook: webhook.id })).deliveries.map(({ state }) => state),
    ['dropped', 'dropped'],
  )
  assert.deepEqual(
    school.told.map(({ subject }) => subject),
    ['A webhook was switched off: https://crm.example'],
  )
  assert.ok(!school.told[0]?.text.includes('key=1'), 'what may be a secret in the address is not told')
  const tried = posts.length
  answers.next = OK
  await webhooks.change({ webhook: webhook.id, isOn: true })
  const [last] = (await webhooks.deliveries({ webhook: webhook.id })).deliveries
  await webhooks.replay({ webhook: webhook.id, delivery: last?.id ?? '' })
  await school.settle()
  assert.equal(posts.length, tried + 1)
  assert.equal((await webhooks.deliveries({ webhook: webhook.id })).deliveries[0]?.state, 'delivered')
})

test('a receiver that says it is gone is told nothing more', async (t) => {
  const { posts, answers, webhooks, aWebhook, later, enrol } = await aReceiver(t)
  await aWebhook('enrolment.started')
  answers.next = { status: 410, said: 'gone' }
  await enrol('Lena')
  await later(DAY_SECONDS)
  assert.deepEqual([posts.length, (await webhooks.list({})).webhooks[0]?.offBecause], [1, 'gone'])
})

test('one thing that a receiver never takes is given up, while all others go on; tried again it is told', async (t) => {
  const { school, ada, posts, webhooks, aWebhook, later, enrol } = await aReceiver(t)
  const { webhook } = await aWebhook('enrolment.started')
  await enrol('Lena')
  const inner = school.world.webhooks
  school.world.webhooks = { ...inner, post: (post) => (post.body.includes('Max') ? Promise.resolve({ status: 422, said: 'no' }) : inner.post(post)) }
  await enrol('Max')
  for (let day = 0; day < 10; day += 1) {
    await webhooks.test({ webhook: webhook.id })
    await later(DAY_SECONDS)
  }
  const { deliveries } = await webhooks.deliveries({ webhook: webhook.id })
  assert.deepEqual(
    deliveries
      .filter(({ type }) => type !== 'webhook.test')
      .map(({ state }) => state)
      .toSorted(),
    ['delivered', 'given-up'],
  )
  assert.equal((await webhooks.list({})).webhooks[0]?.isOn, true)

  school.world.webhooks = inner
  const [dead, ...more] = (await ada.client.operations.deadLetters({})).letters
  assert.ok(dead && more.length === 0)
  await ada.client.operations.replay(dead)
  await school.settle()
  assert.equal(posts.filter(({ body }) => body.includes('Max')).length, 1)
  const after = (await webhooks.deliveries({ webhook: webhook.id })).deliveries
  assert.ok(after.every(({ state }) => state === 'delivered'))
})

test('what was told can be told again by hand, under the same id', async (t) => {
  const { school, posts, webhooks, aWebhook, enrol } = await aReceiver(t)
  const { webhook } = await aWebhook('enrolment.started')
  await enrol('Lena')
  const [delivery] = (await webhooks.deliveries({ webhook: webhook.id })).deliveries
  await webhooks.replay({ webhook: webhook.id, delivery: delivery?.id ?? '' })
  await school.settle()
  assert.deepEqual([posts.length, posts[1]?.headers['webhook-id']], [2, posts[0]?.headers['webhook-id']])
  await webhooks.change({ webhook: webhook.id, isOn: false })
  assert.equal(await refusalOf(webhooks.replay({ webhook: webhook.id, delivery: delivery?.id ?? '' })), 'conflict')
})

test('a new secret and the former one sign for a day, then the new one alone; neither is told again', async (t) => {
  const { school, posts, webhooks, aWebhook } = await aReceiver(t)
  const { webhook, secret } = await aWebhook('enrolment.started')
  const renewed = await webhooks.renewSecret({ webhook: webhook.id })
  const tell = async (): Promise<WebhookPost | undefined> => {
    await webhooks.test({ webhook: webhook.id })
    await school.settle()
    return posts.at(-1)
  }
  const first = await tell()
  assert.ok(first && holds(first, secret) && holds(first, renewed.secret))
  school.clock.pass(DAY_SECONDS + 1)
  const second = await tell()
  assert.ok(second && !holds(second, secret) && holds(second, renewed.secret))
  const told = JSON.stringify([await webhooks.list({}), await webhooks.deliveries({ webhook: webhook.id })])
  assert.ok(!told.includes(secret) && !told.includes(renewed.secret))
  const elsewhere = JSON.stringify(school.database.prepare("SELECT body FROM items WHERE pk <> 'webhooks'").all())
  assert.ok(!elsewhere.includes(secret) && !elsewhere.includes(renewed.secret), 'nor in what the staff are noted to have done')
})

test('the log keeps the last hundred, nobody’s name, and goes with its webhook', async (t) => {
  const { school, webhooks, aWebhook, enrol } = await aReceiver(t)
  const { webhook } = await aWebhook('enrolment.started')
  await enrol('Lena')
  for (let told = 0; told < 110; told += 1) {
    school.clock.pass(1)
    await webhooks.test({ webhook: webhook.id })
    await school.settle()
  }
  assert.equal((await webhooks.deliveries({ webhook: webhook.id })).deliveries.length, 100)
  const stored = (): string => JSON.stringify(school.database.prepare("SELECT body FROM items WHERE pk LIKE 'webhook%'").all())
  assert.ok(stored().length > 1000 && !stored().includes('lena@'))
  await webhooks.remove({ webhook: webhook.id })
  assert.equal(stored(), '[]')
  assert.equal(await refusalOf(webhooks.deliveries({ webhook: webhook.id })), 'not-found')
})

test('an address that may not be told is refused, and so is a twenty-first', async (t) => {
  const { webhooks, aWebhook } = await aReceiver(t)
  assert.equal(await refusalOf(webhooks.create({ url: 'http://169.254.169.254/', events: ['order.paid'] })), 'bad-input')
  for (let made = 0; made < 20; made += 1) await aWebhook('order.paid')
  assert.equal(await refusalOf(aWebhook('order.paid')), 'too-many')
})
