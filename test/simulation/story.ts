import type { Item, Order } from '#contract/payments.ts'
import { publicationRecords } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import { payments } from '#core/payments/payments.ts'
import { Refusal } from '#core/refusal.ts'
import { aPublication, somePrice } from './goods.ts'
import { pay } from './sales.ts'
import { ask, DAY_MS, HOUR_MS, MINUTE_MS, type Scene, SECOND_MS } from './scene.ts'

const { checkout, quote, retry, order: lookAt } = payments.handlers

const sessionOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1)

type Basket = { item: Item; coupon?: string }

const nameOf = ({ item, coupon }: Basket): string => `${item.kind === 'course' ? item.course : item.offer}${coupon === undefined ? '' : ` with ${coupon}`}`

/** Orders as the page does, again where no answer came, without a coupon that is refused; undefined when the school says no. */
const ordered = async (scene: Scene, learner: Actor, first: Basket): Promise<Order | undefined> => {
  const { scheduler, random } = scene
  let basket = first
  for (let tried = 0; tried < 4; tried += 1) {
    const wanted = { ...basket, recipient: { kind: 'me' as const } }
    const outcome = await ask(scene, `${learner.id} orders ${nameOf(basket)}`, async (world) => {
      const { dueNow } = await quote(world, learner, wanted)
      return checkout(world, learner, { ...wanted, shown: dueNow })
    })
    if (outcome.is === 'answered') return outcome.value
    const refused = outcome.is === 'failed' && outcome.error instanceof Refusal ? outcome.error.code : undefined
    if (refused === 'coupon-refused') basket = { item: basket.item }
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
  if (random.chance(0.25)) {
    await scheduler.pause(patience(scene))
    await tab(scene, learner, random.chance(0.7) ? basket : { item: basket.item })
  }
}

export const buyer = async (scene: Scene, learner: Actor): Promise<void> => {
  const { scheduler, random, goods } = scene
  await scheduler.pause(random.below(2 * HOUR_MS))
  for (let wishes = random.pick([1, 1, 1, 2]); wishes > 0; wishes -= 1) {
    const item = random.pick(goods.items)
    const basket = random.chance(0.4) ? { item, coupon: random.pick(goods.coupons) } : { item }
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

/** The teacher changes a price now and then, under the eyes of those who are buying. */
export const pricing = async ({ scheduler, random, disk, goods }: Scene): Promise<void> => {
  if (random.chance(0.7)) return
  await scheduler.pause(random.below(6 * HOUR_MS))
  const course = random.pick(goods.courses)
  const price = somePrice(random)
  scheduler.say(`${course} costs ${price.amountMinor} from now on`)
  disk.tables.commit([publicationRecords.put(aPublication(course, price))])
}
