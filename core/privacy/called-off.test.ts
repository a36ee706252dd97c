import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { erasureRecords } from './records.ts'

const GONE = { posts: false, certificates: false }

/** Mia has written a review and wants to leave; her week is over. */
const aLeaver = async () => {
  const school = await openSchool()
  after(() => school.close())
  const [theo, ada, mia] = [await school.person('Theo', 'instructor'), await school.person('Ada', 'admin'), await school.person('Mia')]
  const { course, section } = await aCourse(theo)
  const lesson = await aLesson(theo, { course, section, title: 'One' })
  await theo.client.courses.publish({ course })
  await school.settle()
  await mia.client.learning.enrol({ course })
  await mia.client.learning.complete({ lesson, isCompleted: true })
  await mia.client.reviews.write({ course, stars: 4, text: 'Good.' })
  await mia.client.privacy.leave({ email: mia.email, keeps: GONE })
  const [{ id: erasure } = { id: '' }] = (await ada.client.privacy.erasures({})).erasures
  await school.settle()
  school.clock.pass(8 * 86_400)
  await school.timers.find(({ name }) => name === 'operations.begin-erasures')?.run(school.world)
  const reviews = async () => (await ada.client.reviews.ofCourse({ course })).summary.count
  return { school, ada, mia, erasure, reviews }
}

describe('an erasure that begins', () => {
  it('is called off by nobody once it has closed the account', async () => {
    const { school, ada, mia, erasure } = await aLeaver()
    const { identity } = school.world
    const disable = identity.disable
    const answers: string[] = []
    identity.disable = async (id) => {
      const outcome = await disable(id)
      answers.push(await refusalOf(ada.client.privacy.spare({ erasure })))
      return outcome
    }
    await school.settle()
    assert.deepEqual(new Set(answers), new Set(['conflict']))
    assert.equal(await identity.find(mia.id), undefined)
    assert.equal((await erasureRecords.get(school.world.tables, { id: erasure }))?.value.state, 'done')
  })

  it('is as if it had never been asked for when it is called off right before: they sign in, and their review is there', async () => {
    const { school, ada, mia, erasure, reviews } = await aLeaver()
    const { commit } = school.world.tables
    let answer = ''
    school.world.tables.commit = async (changes, events) => {
      school.world.tables.commit = commit
      answer = await refusalOf(ada.client.privacy.spare({ erasure }))
      return commit(changes, events)
    }
    await school.settle()
    assert.equal(answer, 'answered')
    assert.equal((await mia.client.privacy.mine({})).erasure.state, 'none')
    assert.equal((await school.world.identity.find(mia.id))?.isDisabled, false)
    assert.equal(await reviews(), 1)
  })

  it('goes on where their reviews could not be forgotten at first, and says meanwhile that it has begun', async () => {
    const { school, ada, mia, erasure, reviews } = await aLeaver()
    const { commit } = school.world.tables
    school.world.tables.commit = async (changes, events) => {
      if (changes.some(({ kind, key }) => kind === 'remove' && key.pk.startsWith('review#'))) throw new Error('the disk is full')
      return commit(changes, events)
    }
    await school.settle()
    assert.equal((await erasureRecords.get(school.world.tables, { id: erasure }))?.value.state, 'running')
    assert.equal(await refusalOf(ada.client.privacy.spare({ erasure })), 'conflict')
    school.world.tables.commit = commit
    for (const { event, listener } of await school.world.events.deadLetters()) await school.world.events.replay(event.id, listener)
    school.clock.pass(86_400)
    await school.settle()
    assert.deepEqual([await school.world.identity.find(mia.id), await reviews()], [undefined, 0])
  })
})
