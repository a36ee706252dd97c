import type { Recipient } from '#contract/payments.ts'
import type { Actor } from '#core/handlers.ts'
import { seats } from '#core/seats/seats.ts'
import { ask, HOUR_MS, MINUTE_MS, type Scene, SECOND_MS } from './scene.ts'

const { ofOrder, accept, renew, free } = seats.handlers

export const someRecipient = ({ random }: Scene): Recipient =>
  random.chance(0.5) ? { kind: 'gift', to: 'friend@lectern.test' } : { kind: 'team', seats: random.between(2, 3) }

/** The link of a gift or team, once it is paid for; undefined when that never comes, or the buyer loses patience. */
const linkOf = async (scene: Scene, buyer: Actor, order: string): Promise<string | undefined> => {
  const { scheduler, random } = scene
  for (let looked = 0; looked < 4; looked += 1) {
    const outcome = await ask(scene, `${buyer.id} looks for the link of ${order}`, (world) => ofOrder(world, buyer, { order }))
    if (outcome.is === 'answered') return outcome.value.url.slice(outcome.value.url.lastIndexOf('/') + 1)
    await scheduler.pause(random.between(1, 120) * MINUTE_MS)
  }
  return undefined
}

const takesUp = async (scene: Scene, guest: Actor, order: string, token: string): Promise<void> => {
  const { scheduler, random, sat } = scene
  await scheduler.pause(random.below(3 * SECOND_MS))
  for (let tried = 0; tried < 3; tried += 1) {
    const outcome = await ask(scene, `${guest.id} takes a seat of ${order}`, (world) => accept(world, guest, { token }))
    if (outcome.is === 'answered') {
      const seat = `${order} ${guest.id}`
      if (outcome.value.state === 'yours' && !sat.has(seat)) sat.set(seat, 'theirs')
      return
    }
    await scheduler.pause(random.between(1, 40) * SECOND_MS)
  }
}

/** Passes a gift or a team's link on: more people than there are seats come at once, in two windows each now and then; a seat is taken back. */
export const passOn = async (scene: Scene, buyer: Actor, order: string): Promise<void> => {
  const { scheduler, random, guests, sat } = scene
  const token = await linkOf(scene, buyer, order)
  if (token === undefined) return
  const come = async (): Promise<void> => {
    const coming = guests.filter(() => random.chance(0.75)).flatMap((guest) => (random.chance(0.3) ? [guest, guest] : [guest]))
    await Promise.all(coming.map((guest) => takesUp(scene, guest, order, token)))
  }
  await come()
  if (random.chance(0.5)) return
  await scheduler.pause(random.below(20 * HOUR_MS))
  const person = random.pick(guests)
  // Whether or not an answer comes, the seat may be another's from now on.
  sat.set(`${order} ${person.id}`, 'asked back')
  await Promise.all([
    ask(scene, `${buyer.id} takes the seat of ${person.id} in ${order} back`, (world) => free(world, buyer, { order, person: person.id })),
    come(),
  ])
  if (random.chance(0.3)) await ask(scene, `${buyer.id} renews the link of ${order}`, (world) => renew(world, buyer, { order }))
}
