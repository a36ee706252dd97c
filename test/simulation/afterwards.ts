import type { Actor } from '#core/handlers.ts'
import { memberships } from '#core/memberships/memberships.ts'
import { refunds } from '#core/refunds/refunds.ts'
import { type Charge, orderOf } from './bank.ts'
import { decide, dispute, giveBack, warn } from './sales.ts'
import { ask, DAY_MS, HOUR_MS, MINUTE_MS, type Scene, SECOND_MS } from './scene.ts'
import { payInvoice } from './subscriptions.ts'

const ADMIN: Actor = { id: 'prs_admin', email: 'owner@lectern.test', name: 'Ada', roles: ['learner', 'admin'], isVerified: true, isDisabled: false }

/** Gives money back from within the school, by one window or two, and again under the same key where no answer came. */
const refundWithin = async (scene: Scene, of: { order: string; payment: string; amountMinor: number }): Promise<void> => {
  const { order, amountMinor } = of
  const { scheduler, random } = scene
  const key = `refund-${order}-${amountMinor}-${scheduler.now()}`
  const asking = async (): Promise<void> => {
    for (let tried = 0; tried < 3; tried += 1) {
      const outcome = await ask(scene, `Ada gives back ${amountMinor} of ${order}`, (world) => refunds.handlers.make(world, ADMIN, { ...of, key }))
      if (outcome.is === 'answered') return
      await scheduler.pause(random.between(1, 60) * SECOND_MS)
    }
  }
  await Promise.all(Array.from({ length: random.chance(0.3) ? 2 : 1 }, asking))
}

const refundSome = async (scene: Scene, sale: Charge): Promise<void> => {
  const { random, bank, scheduler } = scene
  const { id, amount, refundedMinor } = sale
  const left = amount.amountMinor - refundedMinor
  if (left <= 0) return
  const some = random.chance(0.5) ? left : random.between(1, left)
  const order = orderOf(bank, sale)
  if (random.chance(0.5) && order !== undefined) return refundWithin(scene, { order, payment: id, amountMinor: some })
  scheduler.say(`dashboard gives back ${some} of ${id}`)
  giveBack(bank, id, some)
}

const disputeIt = async ({ scheduler, random, bank }: Scene, { id }: Charge): Promise<void> => {
  scheduler.say(`a bank disputes ${id}`)
  if (random.chance(0.5)) warn(bank, id)
  dispute(bank, id)
  await scheduler.pause(random.between(1, 72) * HOUR_MS)
  const outcome = random.pick(['won', 'lost', 'open'] as const)
  scheduler.say(`the dispute of ${id} is ${outcome}`)
  if (outcome !== 'open') decide(bank, id, outcome)
}

/** What the owner, the provider's dashboard and banks do, after all: refunds whole and in parts, disputes, warnings. */
export const afterwards = async (scene: Scene): Promise<void> => {
  const { scheduler, random, bank } = scene
  for (let deeds = random.below(5); deeds > 0; deeds -= 1) {
    await scheduler.pause(random.between(1, 20 * 60) * MINUTE_MS)
    const sales = [...bank.charges.values()].filter((charge) => charge.dispute === undefined)
    if (sales.length === 0) continue
    const sale = random.pick(sales)
    await (random.chance(0.65) ? refundSome(scene, sale) : disputeIt(scene, sale))
  }
}

/** What becomes of what is paid again and again: cards fail and are mended, invoices are paid late, people leave and come back. */
export const subscribers = async (scene: Scene): Promise<void> => {
  const { scheduler, random, bank, learners } = scene
  for (let deeds = random.below(8); deeds > 0; deeds -= 1) {
    await scheduler.pause(random.between(1, 30) * DAY_MS * random.fraction())
    const contracts = [...bank.contracts.values()].filter(({ status }) => status !== 'canceled')
    if (contracts.length === 0) continue
    const contract = random.pick(contracts)
    const open = contract.invoices.find(({ state }) => state === 'open')
    if (random.chance(0.5)) {
      contract.isCardGood = !contract.isCardGood
      scheduler.say(`the card of ${contract.id} is ${contract.isCardGood ? 'good' : 'declined'} from now on`)
    } else if (open) {
      scheduler.say(`${open.id} of ${contract.id} is paid by hand`)
      payInvoice(bank, contract, open)
    } else await leave(scene, random.pick(learners))
  }
}

const leave = async (scene: Scene, learner: Actor): Promise<void> => {
  const { handlers } = memberships
  const listed = await ask(scene, `${learner.id} looks at their memberships`, (world) => handlers.mine(world, learner, {}))
  if (listed.is !== 'answered') return
  for (const { id, endsAt } of listed.value.memberships) {
    const verb = endsAt === undefined ? handlers.cancel : handlers.resume
    await ask(scene, `${learner.id} ${endsAt === undefined ? 'cancels' : 'resumes'} ${id}`, (world) => verb(world, learner, { membership: id }))
  }
}
