import assert from 'node:assert/strict'
import type { aServedHome } from '#homes/machine/served.fixture.ts'
import { deployWeb } from '#homes/web.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { clientOf } from '#test/journeys/people.ts'
import { aProposal } from '#vendors/github/stand-in.fixture.ts'

type Served = Pick<Awaited<ReturnType<typeof aServedHome>>, 'home' | 'port' | 'webRoot'>

const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })

/** Somebody who may do all that is done here. */
const aTeacher = async ({ home, port }: Served) => {
  const made = await home.identity.create({ email: 'tove@lectern.test', name: 'Tove', password: 'irrelevant', roles: ['learner', 'instructor', 'admin'] })
  assert.ok(made !== 'taken')
  return { ...made, client: clientOf({ url: `http://127.0.0.1:${port}` }, await home.identity.mint(made.id, 600)) }
}

/** Publishes a course, an offer and a legal page, orders the course and proposes a lesson: where each is shown. */
export const publish = async (served: Served) => {
  const { home, webRoot } = served
  await deployWeb(home.world, webRoot)
  const teacher = await aTeacher(served)
  const { courses, offers, payments, storefront } = teacher.client
  const { course, section } = await aCourse(teacher)
  await aLesson(teacher, { course, section })
  await courses.update({ course, summary: 'Seeing light.', description: 'All of it.', price: EUR(3900) })
  const { slug } = await courses.publish({ course })
  const terms = { terms: { kind: 'once' as const }, prices: [{ every: 'once' as const, price: EUR(6900) }] }
  const { id: offer } = await offers.create({ title: 'The studio', summary: 'All of it.', ...terms, courses: [course], isOnSale: true })
  await storefront.putLegal({ page: 'imprint', version: 0, text: '# Who we are' })
  await home.world.events.drain()
  const { checkoutUrl } = await payments.checkout({ item: { kind: 'course', course }, recipient: { kind: 'me' }, shown: EUR(3900) })
  const pull = await home.world.repository?.propose(aProposal())
  return {
    ...{ course: `/courses/${slug}`, offer: `/offers/${offer}`, legal: '/legal/imprint' },
    ...{ checkout: checkoutUrl ?? '', pull: `/sandbox/github/lectern/courses/pull/${pull?.number}` },
  }
}
