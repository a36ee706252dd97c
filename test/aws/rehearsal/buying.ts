import { expect, needed, type Scene, someone } from './scene.ts'
import { watch } from './upload.ts'

export const signUpLearner = async (scene: Scene): Promise<string> => {
  scene.learner = await someone(scene.stage, `Lena${scene.learner ? '-again' : ''}`)
  await scene.stage.settle()
  const { isEnrolled } = await scene.learner.client.learning.curriculum({ course: needed(scene.course, 'course') })
  expect(!isEnrolled, 'Somebody who has not paid is enrolled.')
  return 'Lena, who has not paid'
}

export const payForCourse = async (scene: Scene): Promise<string> => {
  const { client } = needed(scene.learner, 'learner')
  const item = { kind: 'course' as const, course: needed(scene.course, 'course') }
  const { dueNow } = await client.payments.quote({ item })
  const order = await client.payments.checkout({ item, shown: dueNow })
  expect(order.state === 'open', `The order is ${order.state}: Stripe could not be asked for a page.`)
  await scene.stage.pay(order.checkoutUrl)
  await scene.stage.settle()
  const { state } = await client.payments.order({ order: order.id })
  expect(state === 'paid', `The order is ${state}, and nothing moves any more.`)
  const { isEnrolled } = await client.learning.curriculum({ course: item.course })
  expect(isEnrolled, 'Who has paid is not enrolled, and nothing moves any more.')
  return `${(dueNow.amountMinor / 100).toFixed(2)} ${dueNow.currency}, by a signed webhook; enrolled`
}

export const learn = async (scene: Scene): Promise<string> => {
  const { client } = needed(scene.learner, 'learner')
  const { title } = await client.learning.lesson({ lesson: needed(scene.lesson, 'lesson') })
  return `“${title}”: ${await watch(scene, 'learner')}`
}

/** What nobody has signed is no news. */
export const refuseForgery = async (scene: Scene): Promise<string> => {
  const { status } = await scene.stage.browser.visit('https://school.example/hooks/stripe', {
    method: 'POST',
    body: '{"id":"evt_forged","type":"checkout.session.completed"}',
    headers: { 'stripe-signature': 't=1,v1=00' },
  })
  expect(status === 400, `A webhook with a made-up signature was answered ${status}.`)
  return 'answered 400'
}
