import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { certificateRecords } from '#core/certificates/records.ts'
import { event, listeners } from '#core/events.ts'
import { membershipRecords, membershipsOf } from '#core/memberships/records.ts'
import { orderRecords } from '#core/payments/records.ts'
import { hearings } from '#core/platform.ts'
import { receiptRecords } from '#core/receipts/records.ts'
import { keptKinds } from '#core/records.ts'
import { flagViewer } from '#core/watching/flagging.ts'
import type { Listener } from '#ports/events.ts'
import type { Item, JsonObject } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { aCourse, anUploadedVideo } from '#test/builders.ts'
import { openScene, type Scene } from '#test/matrix/scene.ts'
import { caseOf, openSchool, refusalOf } from '#test/school.ts'
import { EFFECTS } from './effects.ts'
import { kindFinder } from './kinds.ts'
import { objectPlace } from './objects.ts'
import { ERASURES, erasureRecords } from './records.ts'
import { everythingIn, type Kept, keysOf } from './traces.fixture.ts'

const GONE = { posts: false, certificates: false }

type Sought = { id: string; email: string; name: string }

const everyItem = async ({ tables }: World): Promise<Item[]> => {
  const found: Item[] = []
  let page: string | undefined
  do {
    const listed = await tables.every(page)
    found.push(...listed.items)
    page = listed.next
  } while (page !== undefined)
  return found
}

/** Each text that is left of somebody, and where; a friend who came by their link has their name in a name and an address of their own. */
const tracesOf = async ({ school, own }: Pick<Scene, 'school'> & { own?: { mate: string } }, { id, email, name }: Sought): Promise<string[]> => {
  const [whole, word] = [new RegExp(`${id}(?!\\d)|(?<!mate of )${email}`, 'i'), new RegExp(`(?<!mate of )\\b${name}\\b`, 'i')]
  const isOfMate = (text: string): boolean => own !== undefined && new RegExp(`${own.mate}(?!\\d)`).test(text)
  const tracesIn = ({ where, texts }: Kept): string[] => {
    const isMates = texts.some(isOfMate)
    return texts.filter((text) => whole.test(text) || (!isMates && word.test(text))).map((text) => `${where}: ${text}`)
  }
  return (await everythingIn(school)).flatMap(tracesIn)
}

/** What stays of a teacher, and nothing else in the same place. docs/operations/privacy.md says so, and why. */
const staysOf = ({ id, name }: Sought): RegExp[] => [
  // Where a film's file lies was named after who sent it, an object has no other name, and its record leads to it.
  new RegExp(`^(school items (video|upload)#|object |objects\\.sqlite (objects|uploads) )[^:]+: sources/${id}/vid_\\w+/source$`),
  // Others were given it as it is, and whoever checks it compares that.
  new RegExp(`^school items certificate#\\S+ certificate: ${name}$`),
]

/** Their memberships are over, as the provider would tell after the last month. */
const endMemberships = async ({ school: { world } }: Scene, learner: string): Promise<void> => {
  for (const membership of await membershipsOf(world.tables, learner)) {
    await world.tables.commit([membershipRecords.put({ ...membership, state: 'ended', endedAt: world.clock.now().toISOString() })])
  }
}

const tracesAfter = async (scene: Scene, who: 'lena' | 'theo', erase: () => Promise<unknown>): Promise<string[]> => {
  await erase()
  await scene.school.settle()
  return tracesOf(scene, scene.people[who])
}

describe('somebody who has learned, bought, written and handed in leaves', () => {
  let scene: Scene
  before(async () => {
    scene = await openScene()
  })
  after(() => scene.school.close())

  it('is in a school whose every item and object is of a kind that says what becomes of it', async () => {
    const { world } = scene.school
    const [kindOf, placeOf] = [kindFinder(), objectPlace]
    assert.deepEqual(
      (await everyItem(world)).filter((item) => !kindOf(item)),
      [],
    )
    for (const key of [...(await keysOf(world.objects)), ...(await keysOf(world.drafts))]) assert.ok(placeOf(key), key)
    const patterns = keptKinds().map(({ pattern: { pk, sk } }) => `${pk} ${sk}`)
    assert.deepEqual(
      Object.keys(EFFECTS).filter((pattern) => !patterns.includes(pattern)),
      [],
    )
  })

  it('is refused while a membership is being paid, to them and to the staff', async () => {
    const { lena, ada } = scene.people
    assert.equal(await caseOf(lena.client.privacy.leave({ email: lena.email, keeps: GONE })), 'membership')
    assert.equal(await caseOf(ada.client.privacy.erase({ email: lena.email, keeps: GONE })), 'membership')
    assert.deepEqual((await lena.client.privacy.mine({})).hindrances, ['membership'])
    await endMemberships(scene, lena.id)
  })

  it('waits a week, in which they may change their mind, and needs the address of their account', async () => {
    const { client, email } = scene.people.lena
    assert.equal(await refusalOf(client.privacy.leave({ email: 'max@lectern.test', keeps: GONE })), 'bad-input')
    const { erasure } = await client.privacy.leave({ email, keeps: GONE })
    assert.deepEqual([erasure.state, erasure.dueAt], ['waiting', new Date(scene.school.clock.now().getTime() + 7 * 86_400_000).toISOString()])
    assert.equal((await client.privacy.stay({})).erasure.state, 'none')
  })

  it('leaves no trace in any table or object, but for what is kept under a pseudonym', async () => {
    const { school, people, own } = scene
    const { world } = school
    await flagViewer(world, { person: people.lena.id, stream: own.stream, lesson: own.videoLesson })
    await school.settle()
    const before = await everythingIn(school)
    const counted = (of: RegExp): number => before.filter(({ where, texts }) => of.test(where) && texts.some((text) => text.includes(people.lena.id))).length
    assert.ok(counted(/^school items /) > 60, 'there was much to forget')
    assert.ok(counted(/^school outbox /) > 10, 'and much had been told of them')
    const traces = await tracesAfter(scene, 'lena', async () => {
      await people.lena.client.privacy.leave({ email: people.lena.email, keeps: GONE })
      school.clock.pass(8 * 86_400)
      await school.timers.find(({ name }) => name === 'operations.begin-erasures')?.run(world)
    })
    assert.deepEqual(traces, [])
    assert.equal(await world.identity.find(people.lena.id), undefined)
    const order = (await orderRecords.get(world.tables, { id: own.paidOrder }))?.value
    const receipt = (await receiptRecords.get(world.tables, { id: own.receipt }))?.value
    assert.deepEqual([order?.learner, receipt?.learner], [order?.learner, order?.learner])
    assert.deepEqual([order?.state, receipt?.buyer.name, receipt?.number !== undefined], ['paid', 'Somebody who has left', true])
    const [done] = (await people.ada.client.privacy.erasures({})).erasures
    assert.deepEqual([done?.state, done?.person, done?.alias, done?.by], ['done', undefined, order?.learner, 'themselves'])
  })

  it('keeps the books in agreement, and every figure of the others', async () => {
    const { ada, max, theo } = scene.people
    await ada.client.money.check({})
    await scene.school.settle()
    const { findings } = await ada.client.money.report({})
    assert.deepEqual(
      findings.filter(({ learner }) => learner.id !== max.id && learner.email === ''),
      [],
    )
    const { summary } = await ada.client.reviews.ofCourse({ course: scene.own.course })
    assert.equal(summary.count, 1, 'Nina’s')
    assert.equal(await refusalOf(theo.client.talk.thread({ thread: scene.own.thread })), 'answered')
  })

  it('teaches, and hands their courses over: their name stands nowhere but on the certificates of others', async () => {
    const { ada, theo, olga, nina } = scene.people
    assert.equal(await caseOf(theo.client.privacy.leave({ email: theo.email, keeps: GONE })), 'teaches')
    assert.equal(await caseOf(ada.client.privacy.erase({ email: theo.email, keeps: GONE })), 'teaches')
    assert.equal(await caseOf(ada.client.privacy.erase({ email: theo.email, keeps: GONE, heir: nina.email })), 'heir')
    await ada.client.privacy.erase({ email: theo.email, keeps: GONE, heir: olga.email })
    await scene.school.settle()
    const traces = await tracesOf(scene, theo)
    assert.deepEqual(
      traces.filter((trace) => !staysOf(theo).some((stays) => stays.test(trace))),
      [],
    )
    assert.ok(
      staysOf(theo).every((stays) => traces.some((trace) => stays.test(trace))),
      'nothing is allowed for that is not there',
    )
    const page = await scene.school.world.objects.get(`catalogue/${scene.own.soldSlug}.json`)
    assert.match(Buffer.from(page?.bytes ?? []).toString(), /"teacher":"Olga"/)
    assert.equal(await refusalOf(nina.client.learning.lesson({ lesson: scene.own.article })), 'answered')
  })
})

/** Nina, who wants it so. */
const leavesWordsBehind = async (scene: Scene): Promise<void> => {
  const { school, people, fellow } = scene
  const { nina, ada, theo } = people
  await endMemberships(scene, nina.id)
  await ada.client.privacy.erase({ email: nina.email, keeps: { posts: true, certificates: true } })
  await school.settle()
  const { thread, posts } = await theo.client.talk.thread({ thread: fellow.thread })
  const gone = 'Somebody who has left'
  assert.deepEqual([thread.title, thread.by.name, posts[0]?.body, posts[0]?.by.name], ['Which lamp?', gone, 'The left one?', gone])
  const certificate = (await certificateRecords.get(school.world.tables, { id: fellow.certificate }))?.value
  assert.equal(certificate?.name, 'Nina')
  assert.notEqual(certificate?.learner, nina.id)
}

describe('an erasure that is cut short', () => {
  it('goes on where it was, whoever kills it and however often; words and certificates stay where that is wished', async () => {
    const scene = await openScene()
    try {
      const { world, settle, clock } = scene.school
      const { lena, ada } = scene.people
      await endMemberships(scene, lena.id)
      const commit = world.tables.commit
      let left = 3
      let kills = 0
      world.tables.commit = async (...given) => {
        left -= 1
        if (left < 0) {
          left = 20
          kills += 1
          throw new Error('killed')
        }
        return commit(...given)
      }
      const erase = () => refusalOf(ada.client.privacy.erase({ email: lena.email, keeps: GONE })).catch(() => 'killed')
      while ((await erase()) !== 'answered') clock.pass(60)
      for (let tries = 0; tries < 60 && (await world.identity.find(lena.id)); tries += 1) {
        await settle()
        clock.pass(3600)
      }
      world.tables.commit = commit
      await settle()
      assert.ok(kills > 3)
      assert.deepEqual(await tracesOf(scene, lena), [])
      await leavesWordsBehind(scene)
    } finally {
      await scene.school.close()
    }
  })
})

describe('what has been told of somebody who leaves', () => {
  it('and is still to be heard is heard of their pseudonym, and so is what was given up; why it failed names nobody', async () => {
    const school = await openSchool()
    try {
      const { world, clock, settle } = school
      const [mia, ada] = [await school.person('Mia'), await school.person('Ada', 'admin')]
      const heard: { by: string; payload: JsonObject }[] = []
      let isFailing = true
      const ear = (name: string): Listener => ({
        name,
        hears: ['token.made'],
        hear: async ({ payload }) => {
          if (isFailing) throw new Error(`There is no answer from ${mia.id}.`)
          heard.push({ by: name, payload })
        },
      })
      world.events.listen([...listeners(world, hearings), ear('outside.early')])
      await world.tables.commit([], [event(world, 'token.made', { token: 'tok_1', person: mia.id })])
      for (let hours = 0; hours < 300; hours += 1) {
        await settle()
        clock.pass(3600)
      }
      assert.deepEqual(
        (await world.events.deadLetters()).map(({ listener }) => listener),
        ['outside.early'],
      )
      world.events.listen([...listeners(world, hearings), ear('outside.late')])
      await world.tables.commit([], [event(world, 'token.made', { token: 'tok_2', person: mia.id })])
      await settle()
      await ada.client.privacy.erase({ email: mia.email, keeps: GONE })
      await settle()
      assert.deepEqual(await tracesOf({ school }, mia), [])
      const [done] = (await ada.client.privacy.erasures({})).erasures
      isFailing = false
      world.events.listen([...listeners(world, hearings), ear('outside.early'), ear('outside.late')])
      const [dead] = await world.events.deadLetters()
      assert.deepEqual([await world.events.replay(dead?.event.id ?? '', 'outside.early'), dead?.reason], ['done', `There is no answer from ${done?.alias}.`])
      clock.pass(3600)
      await settle()
      assert.deepEqual(
        heard.toSorted((one, other) => (one.by < other.by ? -1 : 1)),
        [
          { by: 'outside.early', payload: { token: 'tok_1', person: done?.alias } },
          { by: 'outside.late', payload: { token: 'tok_2', person: done?.alias } },
        ],
      )
    } finally {
      await school.close()
    }
  })

  it('still leads to the file of a film of theirs that has to be removed', async () => {
    const school = await openSchool()
    try {
      const { world, clock, settle } = school
      const [theo, olga, ada] = [await school.person('Theo', 'instructor'), await school.person('Olga', 'instructor'), await school.person('Ada', 'admin')]
      const { lesson, video } = await anUploadedVideo(school, theo, { ...(await aCourse(theo)), title: 'A film' })
      const sources = async () => (await world.objects.list('sources/')).items.map(({ key }) => key)
      assert.deepEqual(await sources(), [`sources/${theo.id}/${video}/source`])
      const { remove } = world.objects
      world.objects.remove = () => Promise.reject(new Error('The store does not answer.'))
      await theo.client.courses.removeLesson({ lesson, isForGood: true })
      await settle()
      await ada.client.privacy.erase({ email: theo.email, keeps: GONE, heir: olga.email })
      await settle()
      assert.equal(await world.identity.find(theo.id), undefined)
      world.objects.remove = remove
      clock.pass(3600)
      await settle()
      assert.deepEqual(await sources(), [])
    } finally {
      await school.close()
    }
  })
})

describe('an erasure', () => {
  it('is told by an admin alone, and only until it has begun', async () => {
    const school = await openSchool()
    try {
      const [mia, ada] = [await school.person('Mia'), await school.person('Ada', 'admin')]
      await mia.client.privacy.leave({ email: mia.email, keeps: GONE })
      const [waiting] = (await ada.client.privacy.erasures({})).erasures
      assert.equal(waiting?.person?.email, mia.email)
      await ada.client.privacy.spare({ erasure: waiting?.id ?? '' })
      assert.equal((await mia.client.privacy.mine({})).erasure.state, 'none')
      await ada.client.privacy.erase({ email: mia.email, keeps: GONE })
      const [begun] = (await ada.client.privacy.erasures({})).erasures
      await school.settle()
      assert.equal(await refusalOf(ada.client.privacy.spare({ erasure: begun?.id ?? '' })), 'conflict')
      assert.equal(await refusalOf(mia.client.accounts.me({})), 'not-signed-in')
      assert.equal((await erasureRecords.get(school.world.tables, { id: begun?.id ?? '' }))?.value.subject, undefined)
    } finally {
      await school.close()
    }
  })

  it('is looked at again when its day comes: whoever may not leave by themselves any more stays, and is told', async () => {
    const school = await openSchool()
    try {
      const mia = await school.person('Mia')
      await mia.client.privacy.leave({ email: mia.email, keeps: GONE })
      await school.world.identity.setRoles(mia.id, ['learner', 'owner'])
      school.clock.pass(8 * 86_400)
      await school.timers.find(({ name }) => name === 'operations.begin-erasures')?.run(school.world)
      await school.settle()
      assert.deepEqual([(await mia.client.privacy.mine({})).erasure.state, (await school.world.identity.find(mia.id))?.isDisabled], ['none', false])
      assert.match(school.letters.at(-1)?.subject ?? '', /was not erased/)
      assert.match(school.letters.at(-1)?.text ?? '', /one of the staff by now/)
    } finally {
      await school.close()
    }
  })

  it('asked for by the staff takes the place of one that waits, goes by what they say, and spares the only owner', async () => {
    const school = await openSchool()
    try {
      const [theo, olga, ada] = [await school.person('Theo'), await school.person('Olga', 'instructor'), await school.person('Ada', 'admin')]
      await theo.client.privacy.leave({ email: theo.email, keeps: { posts: true, certificates: true } })
      await school.world.identity.setRoles(theo.id, ['learner', 'instructor'])
      const { id: course } = await theo.client.courses.create({ title: 'Light' })
      const erase = () => ada.client.privacy.erase({ email: theo.email, keeps: GONE, heir: olga.email })
      await erase()
      const [waiting] = (await erasureRecords.list(school.world.tables, ERASURES)).items
      assert.deepEqual([waiting?.heir?.id, waiting?.by, waiting?.keeps], [olga.id, 'staff', GONE])
      await school.settle()
      assert.deepEqual(
        (await olga.client.courses.mine({})).courses.map(({ id }) => id),
        [course],
      )
      const max = await school.person('Max')
      await ada.client.privacy.erase({ email: max.email, keeps: GONE })
      await school.world.identity.setRoles(max.id, ['learner', 'owner'])
      await school.settle()
      assert.deepEqual([(await max.client.privacy.mine({})).erasure.state, (await school.world.identity.find(max.id))?.isDisabled], ['none', false])
    } finally {
      await school.close()
    }
  })
})
