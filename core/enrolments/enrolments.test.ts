import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const owner = await school.person('Olive', 'admin')

const { course, section } = await aCourse(teacher)
const lesson = await aLesson(teacher, { course, section, title: 'Read me' })
await teacher.client.courses.update({ course, price: { amountMinor: 4900, currency: 'EUR' } })
await teacher.client.courses.publish({ course })

/** As a school of before the ledger has written it. */
const anOldEnrolment = async (learner: string, order?: string): Promise<void> => {
  const body = { learner, course, since: '2026-01-02T10:00:00.000Z', ...(order !== undefined && { order }) }
  await school.world.tables.commit([{ kind: 'put', key: { pk: `learner#${learner}`, sk: `enrolment#${course}` }, body }])
}

test('an enrolment that is older than the ledger still opens its course, for the reason it was made', async () => {
  const payer = await school.person('Paula')
  const guest = await school.person('Gerd')
  await anOldEnrolment(payer.id, 'ord_old')
  await anOldEnrolment(guest.id)
  for (const [{ client, email }, because] of [
    [payer, 'paid'],
    [guest, 'enrolled'],
  ] as const) {
    assert.equal(await refusalOf(client.learning.lesson({ lesson })), 'answered')
    assert.equal((await client.learning.mine({})).enrolled.length, 1)
    const { facts, ...told } = await owner.client.grants.explain({ email, lesson })
    assert.deepEqual([told.because, facts[0]?.at], [because, '2026-01-02T10:00:00.000Z'])
  }
})

test('what happens to an old enrolment is added to it, and ends it', async () => {
  const anna = await school.person('Anna')
  await anOldEnrolment(anna.id, 'ord_anna')
  await owner.client.grants.end({ email: anna.email, course, note: 'Asked to be forgotten' })
  assert.equal(await refusalOf(anna.client.learning.lesson({ lesson })), 'access-ended')
  const { facts } = await owner.client.grants.explain({ email: anna.email, lesson })
  assert.deepEqual(
    facts.map(({ kind, order }) => [kind, order]),
    [
      ['paid', 'ord_anna'],
      ['ended', undefined],
    ],
  )
})
