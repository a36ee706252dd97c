import type { Item } from '#contract/payments.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { offerRecords } from '#core/offers/records.ts'
import { aPublication, somePrice } from './goods.ts'
import { HOUR_MS, MINUTE_MS, type Scene } from './scene.ts'

/** The owner gives something another price, and takes an offer off sale for hours now and then. */
export const changePrice = async ({ scheduler, random, disk, goods }: Scene, item: Item): Promise<void> => {
  const price = somePrice(random)
  if (item.kind === 'course') {
    scheduler.say(`${item.course} costs ${price.amountMinor} from now on`)
    disk.tables.commit([publicationRecords.put(aPublication(item.course, price))])
    return
  }
  const offer = goods.offers.find(({ id }) => id === item.offer)
  if (!offer) return
  const changed = { ...offer, prices: offer.prices.map((each) => ({ ...each, price })) }
  const isTakenOff = random.chance(0.3)
  scheduler.say(`${offer.id} costs ${price.amountMinor} from now on${isTakenOff ? ', and is off sale' : ''}`)
  disk.tables.commit([offerRecords.put({ ...changed, isOnSale: !isTakenOff })])
  if (!isTakenOff) return
  scheduler.at(scheduler.now() + random.between(1, 600) * MINUTE_MS, `${offer.id} is on sale again`, () => {
    disk.tables.commit([offerRecords.put(changed)])
  })
}

/** Now and then at any time, under the eyes of those who are buying. */
export const pricing = async (scene: Scene): Promise<void> => {
  const { scheduler, random, goods } = scene
  if (random.chance(0.7)) return
  await scheduler.pause(random.below(6 * HOUR_MS))
  await changePrice(scene, random.pick(goods.items))
}
