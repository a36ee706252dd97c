import type { Item, Order, Recipient } from '#contract/payments.ts'
import type { Actor } from '#core/handlers.ts'
import { payments } from '#core/payments/payments.ts'
import { Refusal } from '#core/refusal.ts'
import { changePrice } from './pricing.ts'
import { pay } from './sales.ts'
import { ask, DAY_MS, HOUR_MS, MINUTE_MS, type Scene, SECOND_MS } from './scene.ts'
import { passOn, someRecipient } from './sitting.ts'
import type { Outcome } from './world.ts'

const { checkout, quote, retry, order: lookAt } = payments.handlers

const sessionOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1)

type Basket = { item: Item; coupon?: string; recipient: Recipient }

const thingOf = ({ item }: Pick<Basket, 'item'>): string => (item.kind === 'course' ? item.course : item.offer)

const nameOf = (basket: Basket): string =>
  `${thingOf(basket)}${basket.coupon === undefined ? '' : ` with ${basket.coupon}`}${basket.recipient.kind === 'me' ? '' : ` for a ${basket.recipient.kind}`}`

/** What was shown to whom, of what. */
export const shownKey = (learner: string, of: Pick<Basket, 'item' | 'recipient'>): string => `${learner} ${thingOf(of)} ${of.recipient.kind}`

/** Looks what it costs, and orders it at that price, which may be another by then. */
const orderedOnce = async (scene: Scene, learner: Actor, basket: Basket): Promise<Outcome<Order>> => {
  const { random, shown } = scene
  const looked = await ask(scene, `${learner.id} looks what ${nameOf(basket)} costs`, (world) => quote(world, learner, basket))
  if (looked.is !== 'answered') return looked
  const { dueNow } = looked.value
  const key = shownKey(learner.id, basket)
  shown.set(key, new Set([...(shown.get(key) ?? []), dueNow.amountMinor]))
  if (random.chance(0.06)) await changePrice(scene, basket.item)
  return ask(scene, `${learner.id} orders ${nameOf(basket)}`, (world) => checkout(world, learner, { ...basket, shown: dueNow }))
}

/** Orders as the page does, again where no answer came, without a coupon that is refused; undefined when the school says no. */
const ordered = async (scene: Scene, learner: Actor, first: Basket): Promise<Order | undefined> => {
  const { scheduler, random } = scene
  let basket = first
  for (let tried = 0; tried < 4; tried += 1) {
    const outcome = await orderedOnce(scene, learner, basket)
    if (outcome.is === 'answered') return outcome.value
    const refused = outcome.is === 'failed' && outcome.error instanceof Refusal ? outcome.error.code : undefined
    if (refused === 'coupon-refused') basket = { item: basket.item, recipient: basket.recipient }
    else if (refused !== undefined && refused !== 'price-changed' && refused !== 'conflict' && refused !== 'payments-down') return undefined
    await scheduler.pause(random.between(1, 40) * SECOND_MS)
  }
  return undefined
}

/** A payment page, or none when the provider stays away or the learner loses patience. */
const pageOf = async (scene: Scene, learner: Actor, first: Order): Promise<string | undefined> => {
  const { scheduler, random } = scene
  let order = first
  for (let tried = 0; tried < 6 && order.checkoutUrl === undefined; tried += 1) {
    if (order.state === 'paid' || order.state === 'refunded' || order.state === 'held' || random.chance(0.1)) return undefined
    await scheduler.pause(random.between(5, 600) * SECOND_MS)
    const outcome = await ask(scene, `${learner.id} tries ${order.id} again`, (world) => retry(world, learner, { order: order.id }))
    if (outcome.is === 'answered') order = outcome.value
  }
  return order.checkoutUrl
}

/** How long somebody sits before the payment page. */
const patience = ({ random }: Scene): number => {
  if (random.chance(0.75)) return random.between(5, 300) * SECOND_MS
  return random.chance(0.6) ? random.between(5, 90) * MINUTE_MS : random.between(2, 30) * HOUR_MS
}

const comesBack = async (scene: Scene, learner: Actor, order: string): Promise<void> => {
  const { scheduler, random } = scene
  for (let looked = random.below(4); looked > 0; looked -= 1) {
    await scheduler.pause(random.between(1, 40) * SECOND_MS)
    await ask(scene, `${learner.id} looks at ${order}`, (world) => lookAt(world, learner, { order }))
  }
}

/** One tab: orders, sits before the page, pays or does not, comes back or does not, and may begin anew. */
const tab = async (scene: Scene, learner: Actor, basket: Basket): Promise<void> => {
  const { scheduler, random, bank } = scene
  const order = await ordered(scene, learner, basket)
  if (!order) return
  const url = await pageOf(scene, learner, order)
  if (url !== undefined) {
    await scheduler.pause(patience(scene))
    const isAltered = random.chance(0.03)
    const hasPaid = random.chance(0.8) && pay(bank, sessionOf(url), isAltered ? random.between(1, 100) : undefined)
    scheduler.say(`${learner.id} ${hasPaid ? 'pays on' : 'leaves'} ${sessionOf(url)}${hasPaid && isAltered ? ' another amount' : ''}`)
  }
  await comesBack(scene, learner, order.id)
  if (basket.recipient.kind !== 'me') await passOn(scene, learner, order.id)
  if (random.chance(0.25)) {
    await scheduler.pause(patience(scene))
    await tab(scene, learner, random.chance(0.7) ? basket : { item: basket.item, recipient: basket.recipient })
  }
}

export const buyer = async (scene: Scene, learner: Actor): Promise<void> => {
  const { scheduler, random, goods } = scene
  await scheduler.pause(random.below(2 * HOUR_MS))
  for (let wishes = random.pick([1, 1, 1, 2]); wishes > 0; wishes -= 1) {
    const item = random.pick(goods.items)
    const isOnce = item.kind === 'course' || item.every === 'once'
    const recipient: Recipient = isOnce && random.chance(0.2) ? someRecipient(scene) : { kind: 'me' }
    const basket: Basket = { item, recipient, ...(random.chance(0.4) && { coupon: random.pick(goods.coupons) }) }
    const tabs = random.chance(0.35) ? 2 : 1
    await Promise.all(
      Array.from({ length: tabs }, async () => {
        await scheduler.pause(random.below(3 * SECOND_MS))
        await tab(scene, learner, basket)
      }),
    )
    await scheduler.pause(random.below(DAY_MS))
  }
}
