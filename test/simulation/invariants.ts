import { ledgerOf } from '#core/grants/access.ts'
import { rightsOf } from '#core/grants/decide.ts'
import type { StoredOrder } from '#core/payments/records.ts'
import type { Invoice } from '#ports/payments.ts'
import { type Bank, chargesOf } from './bank.ts'
import { type Ending, hasDelivered, type Invariant } from './ending.ts'
import { MONEY } from './invariants-money.ts'
import { letInBy, SEATS } from './invariants-seats.ts'
import { memoryTables } from './memory-tables.ts'

export type Broken = { invariant: string; says: string }

const CLOSED: ReadonlySet<StoredOrder['state']> = new Set(['paid', 'refunded', 'held'])

const paidOrders: Invariant = {
  name: 'an order is paid when the provider was paid for it, and only then',
  check: (ending) =>
    ending.orders.flatMap((order) => {
      const paid = ending.paidPages.get(order.id) ?? []
      if (CLOSED.has(order.state) && paid.length === 0 && order.price.amountMinor > 0) return [`${order.id} is ${order.state} and nobody has paid`]
      return !CLOSED.has(order.state) && paid.length > 0 ? [`${order.id} is ${order.state} and ${paid.map(({ id }) => id).join(', ')} is paid`] : []
    }),
}

const openPages: Invariant = {
  name: 'an order waits only where there is something to wait for',
  check: ({ orders, scene: { bank } }) =>
    orders.flatMap(({ id, state, session }) => {
      const page = session === undefined ? undefined : bank.sessions.get(session)
      return state === 'open' && page?.status !== 'open' ? [`${id} is open and its page ${session} is ${page?.status}`] : []
    }),
}

const heldOrders: Invariant = {
  name: 'an order is held only where what was paid is not what was agreed, and somebody is told',
  check: ({ orders, paidPages, hasAlert }) =>
    orders.flatMap(({ id, state, price, heldBecause }) => {
      if (heldBecause === undefined) return []
      const isOdd = (paidPages.get(id) ?? []).some(({ paid }) => paid.amountMinor !== price.amountMinor || paid.currency !== price.currency)
      return [...(isOdd ? [] : [`${id} is ${state}: ${heldBecause}`]), ...(hasAlert(`${id}.held`) ? [] : [`nobody was told that ${id} is held`])]
    }),
}

const singleCharges: Invariant = {
  name: 'one order is charged once; where it was charged twice, somebody is told',
  check: (ending) =>
    ending.orders.flatMap((order) => {
      if (order.heldBecause !== undefined) return []
      const others = (ending.paidPages.get(order.id) ?? []).filter((page) => page.id !== order.session)
      return others
        .filter(({ id }) => !ending.hasAlert(`${order.id}.${id}.paid-twice`))
        .map(({ id }) => `nobody was told that ${order.id} was also paid by ${id}`)
    }),
}

const refundedOrders: Invariant = {
  name: 'an order tells how much of it the provider has given back',
  check: ({ orders, scene: { bank } }) =>
    orders.filter(isOnce).flatMap(({ id, state, payment, refundedMinor = 0 }) => {
      const charge = payment === undefined ? undefined : bank.charges.get(payment)
      if (!charge || !CLOSED.has(state)) return []
      const isWhole = charge.refundedMinor >= charge.amount.amountMinor
      const says = `${id} is ${state} with ${refundedMinor} given back, the provider has given back ${charge.refundedMinor} of ${charge.amount.amountMinor}`
      return charge.refundedMinor === refundedMinor && isWhole === (state === 'refunded') ? [] : [says]
    }),
}

const isOnce = ({ terms }: StoredOrder): boolean => terms.kind === 'once'
const isForBuyer = (order: StoredOrder): boolean => isOnce(order) && order.recipient.kind === 'me'

/** What takes a plan that is paid: all of its newest payment given back, or a dispute of any that the bank has not decided for the school. */
const isTakenBack = (bank: Bank, { id, refundedAt }: StoredOrder): boolean => {
  const charges = chargesOf(bank, id)
  const isDisputed = charges.some(({ dispute }) => dispute !== undefined && dispute.outcome !== 'won')
  return isDisputed || (refundedAt !== undefined && charges.some(({ amount, refundedMinor }) => refundedMinor >= amount.amountMinor))
}

/** What was paid once opens until all of it has gone back, and waits or ends with a dispute; a plan opens for good once all of it is paid. */
const isOpening = ({ scene: { bank } }: Ending, order: StoredOrder): boolean => {
  const { state, payment, heldBecause, terms } = order
  if (!CLOSED.has(state) || heldBecause !== undefined) return false
  if (terms.kind === 'instalments') return paidInvoices(bank, order.id).length >= terms.count && !isTakenBack(bank, order)
  // At the end of a history all of them are over.
  if (terms.kind === 'membership') return false
  const charge = payment === undefined ? undefined : bank.charges.get(payment)
  if (!charge) return true
  return charge.refundedMinor < charge.amount.amountMinor && (charge.dispute === undefined || charge.dispute.outcome === 'won')
}

const opening = (ending: Ending): StoredOrder[] => ending.orders.filter((order) => isOpening(ending, order))

const access: Invariant = {
  name: 'a course is open to whoever has paid for it and has not had it back, and to nobody else',
  check: async (ending) => {
    const {
      scheduler,
      disk,
      learners,
      guests,
      goods: { courses },
    } = ending.scene
    const at = new Date(scheduler.now()).toISOString()
    const wanted = new Set(opening(ending).flatMap((order) => letInBy(ending, order).flatMap((person) => order.courses.map(({ id }) => `${person} ${id}`))))
    const broken: string[] = []
    for (const learner of [...learners, ...guests]) {
      for (const course of courses) {
        const isOpen = rightsOf(await ledgerOf(memoryTables(disk.tables), learner, course), at).some(({ isRunning }) => isRunning)
        if (isOpen !== wanted.has(`${learner.id} ${course}`)) broken.push(`${course} is ${isOpen ? 'open' : 'closed'} to ${learner.id}`)
      }
    }
    return broken
  },
}

/** The ledger of each learner for each course. */
const ledgersOf = async ({
  scene: {
    disk,
    learners,
    goods: { courses },
  },
}: Ending) => {
  const pairs = learners.flatMap((learner) => courses.map((course) => ({ learner, course })))
  return Promise.all(
    pairs.map(async ({ learner, course }) => ({ learner: learner.id, course, facts: await ledgerOf(memoryTables(disk.tables), learner, course) })),
  )
}

/** Invoices of what an order has begun that are paid, also those of nought: a coupon may pay for a first instalment. */
const paidInvoices = ({ contracts }: Bank, order: string): Invoice[] =>
  [...contracts.values()].filter((contract) => contract.order === order).flatMap(({ invoices }) => invoices.filter(({ state }) => state === 'paid'))

const facts: Invariant = {
  name: 'a paid order is one fact of each course’s ledger, an unpaid one is none',
  check: async (ending) => {
    const ledgers = await ledgersOf(ending)
    return ledgers.flatMap(({ learner, course, facts: found }) => {
      const ids = found.map(({ id }) => id)
      const twice = new Set(ids).size < ids.length ? [`${learner} has a fact twice: ${ids.join(', ')}`] : []
      const about = ending.orders.filter(isForBuyer).filter((order) => order.learner === learner && order.courses.some(({ id }) => id === course))
      const wrong = about.flatMap((order) => {
        const paid = found.filter((fact) => fact.kind === 'paid' && fact.order === order.id).length
        return paid === (hasDelivered(order) ? 1 : 0) ? [] : [`${order.id} is ${order.state} and ${paid} facts say it is paid`]
      })
      return [...twice, ...wrong]
    })
  },
}

const letters: Invariant = {
  name: 'each beginning is welcomed by one letter, and no letter is written twice under two names',
  check: ({ scene: { disk }, orders }) =>
    orders.filter(isForBuyer).flatMap(({ id, state, learner, courses, heldBecause }) => {
      if (heldBecause !== undefined) return []
      return courses.flatMap(({ id: course }) => {
        const about = disk.letters.filter((letter) => letter.id === `${id}.${course}.enrolled`)
        const isPaid = state === 'paid' || state === 'refunded'
        if (!isPaid && about.length > 0) return [`${learner} was welcomed for ${id}, which is ${state}`]
        // Whoever had the course already began nothing.
        const wasBegun = disk.outbox.wasTold(`${id}.${course}.enrolled`)
        return wasBegun !== about.length > 0 ? [`${id} began ${course} and ${about.length} letters were written`] : []
      })
    }),
}

const inbox: Invariant = {
  name: 'acknowledged news is in the inbox, and worked off or parked',
  check: ({ hooks, acknowledged }) => {
    const byId = new Map(hooks.map((hook) => [hook.id, hook]))
    const lost = [...acknowledged].filter((id) => !byId.has(id)).map((id) => `${id} was acknowledged and is lost`)
    return [...lost, ...hooks.filter(({ state }) => state === 'received').map(({ id, type }) => `${id} (${type}) lies in the inbox`)]
  },
}

const quiet: Invariant = {
  name: 'nothing is left to be delivered',
  check: ({ scene: { disk } }) => [
    ...disk.outbox.dead().map(({ event, listener, reason }) => `${listener} never heard of ${event.id}: ${reason}`),
    ...disk.outbox.waiting().map(({ key, reason }) => `${key.replace('\u0000', ' → ')} waits: ${reason}`),
  ],
}

export const INVARIANTS: readonly Invariant[] = [
  paidOrders,
  openPages,
  heldOrders,
  singleCharges,
  refundedOrders,
  access,
  facts,
  letters,
  ...MONEY,
  ...SEATS,
  inbox,
  quiet,
]

/** Every invariant that does not hold at the end, and how. */
export const brokenIn = async (ending: Ending): Promise<Broken[]> => {
  const broken: Broken[] = []
  for (const { name, check } of INVARIANTS) for (const says of await check(ending)) broken.push({ invariant: name, says })
  return broken
}
