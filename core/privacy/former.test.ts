import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { membershipRecords, membershipsOf } from '#core/memberships/records.ts'
import { orderRecords } from '#core/payments/records.ts'
import { reviewRecords } from '#core/reviews/records.ts'
import { seatsRecords } from '#core/seats/records.ts'
import { postRecords, threadRecords } from '#core/talk/records.ts'
import type { World } from '#ports/world.ts'
import { openScene, type Scene } from '#test/matrix/scene.ts'
import { refusalOf } from '#test/school.ts'

const GONE = { posts: false, certificates: false }
const LEFT = 'Somebody who has left'
const NOWHERE = 'somebody-who-has-left@erased.invalid'

const everyBody = async ({ tables }: World): Promise<string[]> => {
  const found: string[] = []
  let page: string | undefined
  do {
    const { items, next } = await tables.every(page)
    found.push(...items.map(({ pk, sk, body }) => `${pk} ${sk} ${JSON.stringify(body)}`))
    page = next
  } while (page !== undefined)
  return found
}

/** Her friend, who came by her link, is called after her, and has a name and an address of their own. */
const tracesOf = async ({ school: { world }, own }: Scene, words: readonly string[]): Promise<string[]> => {
  const known = words.map((word) => new RegExp(`(?<!mate of )\\b${word}\\b`, 'i'))
  return (await everyBody(world)).filter((text) => !new RegExp(`${own.mate}(?!\\d)`).test(text) && known.some((word) => word.test(text)))
}

/** For a while she helps to keep order, in a course she has nothing else to do with, and signs what she does. */
const moderates = async ({ school: { world }, people: { lena, nina }, fellow }: Scene): Promise<void> => {
  await world.identity.setRoles(lena.id, ['learner', 'admin'])
  const { talk, reviews } = lena.client
  await talk.reply({ thread: fellow.thread, body: 'Let us keep to lamps.', mentions: [] })
  await talk.moderate({ thread: fellow.thread, number: 0, what: 'hide', reason: 'Advertising' })
  await talk.moderate({ thread: fellow.thread, number: 0, what: 'lock', reason: 'All is said' })
  await talk.block({ course: fellow.course, person: nina.id, isBlocked: true, reason: 'Advertising' })
  await reviews.judge({ review: fellow.review, isHidden: true, reason: 'Spam' })
  await world.identity.setRoles(lena.id, ['learner'])
}

/** Of an order, its seats and a membership. */
const addressesInBooks = async ({ school: { world }, own }: Scene): Promise<unknown[]> => {
  const order = (await orderRecords.get(world.tables, { id: own.paidOrder }))?.value
  const seats = (await seatsRecords.get(world.tables, { order: own.paidOrder }))?.value
  const [membership] = await membershipsOf(world.tables, order?.learner ?? '')
  return [order?.email, seats?.buyerEmail, membership?.email]
}

const leaves = async ({ school, people: { lena, ada } }: Scene, email: string): Promise<void> => {
  for (const membership of await membershipsOf(school.world.tables, lena.id)) {
    await school.world.tables.commit([membershipRecords.put({ ...membership, state: 'ended', endedAt: school.clock.now().toISOString() })])
  }
  assert.equal(await refusalOf(ada.client.privacy.erase({ email, keeps: GONE })), 'answered')
  await school.settle()
}

describe('somebody with another name and another address than they had', () => {
  let scene: Scene
  before(async () => {
    scene = await openScene()
    const { school, people, other, own } = scene
    const { lena, theo } = people
    await moderates(scene)
    await theo.client.talk.reply({ thread: own.thread, body: 'The left one, @Lena.', mentions: [lena.id] })
    await lena.client.seats.accept({ token: other.invitation })
    await school.settle()
    school.people.set(lena.id, { ...lena, name: 'Magda Kurz', email: 'magda@lectern.test' })
    await lena.client.talk.reply({ thread: own.thread, body: 'Thank you.', mentions: [] })
    await school.settle()
    assert.ok((await tracesOf(scene, ['Lena', lena.email])).length > 30, 'much was made under the first name')
    await leaves(scene, 'magda@lectern.test')
  })
  after(() => scene.school.close())

  it('is nowhere called as they are or were, nor found by either address', async () => {
    const { lena } = scene.people
    assert.deepEqual(await tracesOf(scene, ['Lena', 'Magda', 'Kurz', lena.email, 'magda@lectern.test']), [])
  })

  it('has no address in what the books keep of their orders, memberships and seats', async () => {
    const { tables } = scene.school.world
    const { own, other } = scene
    const order = (await orderRecords.get(tables, { id: own.paidOrder }))?.value
    assert.deepEqual(await addressesInBooks(scene), [NOWHERE, NOWHERE, NOWHERE])
    const [taken] = (await seatsRecords.get(tables, { order: other.paidOrder }))?.value.taken.slice(-1) ?? []
    assert.deepEqual([taken?.id, taken?.name, taken?.email], [order?.learner, LEFT, NOWHERE])
  })

  it('has signed nothing any more that they did as one of the staff, though they are one no longer', async () => {
    const { tables } = scene.school.world
    const { fellow, own } = scene
    const post = (await postRecords.get(tables, { thread: fellow.thread, number: 0 }))?.value
    const thread = (await threadRecords.get(tables, { id: fellow.thread }))?.value
    const review = (await reviewRecords.get(tables, { id: fellow.review }))?.value
    assert.deepEqual([post?.hidden?.by, thread?.locked?.by, review?.hidden?.by, review?.judged[0]?.by], [LEFT, LEFT, LEFT, LEFT])
    const mention = (await postRecords.get(tables, { thread: own.thread, number: 1 }))?.value
    assert.deepEqual([mention?.body, mention?.mentions[0]?.name], [`The left one, @${LEFT}.`, LEFT])
  })
})

describe('an address that somebody had', () => {
  it('is left to whoever has it by now', async () => {
    const scene = await openScene()
    try {
      const { school, people } = scene
      const { lena, max } = people
      school.people.set(lena.id, { ...lena, email: 'magda@lectern.test' })
      school.people.set(max.id, { ...max, email: lena.email })
      await max.client.learning.enrol({ course: scene.own.shortCourse })
      await school.settle()
      await leaves(scene, 'magda@lectern.test')
      const left = (await everyBody(school.world)).filter((text) => text.includes(lena.email))
      assert.ok(left.some((text) => text.includes(max.id)))
      assert.deepEqual(await addressesInBooks(scene), [NOWHERE, NOWHERE, NOWHERE])
    } finally {
      await scene.school.close()
    }
  })
})
