import { inWords } from '#contract/currency.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { formatsIn } from '#core/notices/words/formats.ts'
import { entryRecords } from '#core/payments/ledger.ts'
import { orderRecords, type StoredDispute, type StoredOrder } from '#core/payments/records.ts'
import type { World } from '#ports/world.ts'

const linkTo = ({ settings, payments }: World, { id, payment }: StoredOrder): string => {
  const page = payment === undefined ? undefined : payments.pageOf(payment)
  return `The order: ${settings.url}/school/money/orders/${id}${page === undefined ? '' : `\nThe payment: ${page}`}`
}

const who = ({ title, email, id }: StoredOrder): string => `“${title}”, ordered by ${email} (order ${id})`

/** What the news did to access, as it stands now. */
const accessOf = (order: StoredOrder, { takes, payment }: StoredDispute): string => {
  if (order.state === 'held') return 'Nothing was granted by this order, so nothing has changed for anybody.'
  if (order.refundedAt !== undefined) return 'The order has been refunded, and what it opened stays closed.'
  if (order.terms.kind === 'once' && order.payment !== payment) return 'It is a second payment, which bought nothing: access is as it was.'
  return takes ? 'What the order opened is closed.' : 'What the order opened is open.'
}

const by = (answerBy: string | undefined): string => (answerBy === undefined ? '' : ` by ${formatsIn('en').moment(answerBy)}`)

const TO_DO: Record<StoredDispute['outcome'], (dispute: StoredDispute) => string> = {
  inquiry: ({ answerBy }) =>
    `Answer it with the provider${by(answerBy)}: when it was bought, which lessons were watched, and the receipt. If the buyer is right, or you do not know them, give the money back: that settles it. Left unanswered it may become a dispute, which costs a fee.`,
  dropped: () => 'There is nothing to do.',
  open: ({ answerBy }) =>
    `Answer it with the provider${by(answerBy)}: when it was bought, which lessons were watched, and the receipt. If the buyer is right, accept it there. Do not refund it as well.`,
  won: () => 'There is nothing to do.',
  lost: () => 'There is nothing to do. The buyer may buy it again; end their account if the card was stolen.',
}

const SUBJECTS: Record<StoredDispute['outcome'], string> = {
  ...{ inquiry: 'A bank asks about a payment', dropped: 'An inquiry is over' },
  ...{ open: 'A payment is disputed', won: 'A dispute is won', lost: 'A dispute is lost' },
}

const disputed = hearing('refunds.alert-dispute', 'order.disputed', async (world, { order: id, dispute: which, outcome }, { id: happening }) => {
  const order = (await orderRecords.get(world.tables, { id }))?.value
  const dispute = order?.disputes?.find((each) => each.id === which)
  if (!order || !dispute) return
  const happened = {
    inquiry: `The bank asks about ${inWords(dispute.amount)} (reason: ${dispute.reason.replaceAll('_', ' ')}) of ${who(order)}. It is no dispute yet: no money has moved.`,
    dropped: `The bank’s inquiry about ${inWords(dispute.amount)} of ${who(order)} is over, and no dispute came of it.`,
    open: `The bank disputes ${inWords(dispute.amount)} (reason: ${dispute.reason.replaceAll('_', ' ')}) of ${who(order)}, and has taken the money for the time being.`,
    won: `The dispute of ${inWords(dispute.amount)} of ${who(order)} is won, or was withdrawn. The money is back.`,
    lost: `The dispute of ${inWords(dispute.amount)} of ${who(order)} is lost. The bank has given the money back to the buyer.`,
  }
  const text = [happened[outcome], accessOf(order, dispute), TO_DO[outcome](dispute), linkTo(world, order)].join('\n\n')
  await world.alerts.tell({ kind: 'disputes', id: happening, subject: `${SUBJECTS[outcome]}: ${order.title}`, text })
})

const warned = hearing('refunds.alert-warning', 'order.fraud-warning', async (world, { order: id }, { id: happening }) => {
  const order = (await orderRecords.get(world.tables, { id }))?.value
  if (!order) return
  const text = [
    `The card’s bank warns that the payment of ${who(order)} may be fraud.`,
    'Access is as it was: a warning is no proof.',
    'Such payments are often disputed within weeks, and a dispute costs a fee whether it is won or not. If you do not know the buyer, give the money back now, which ends their access as well.',
    linkTo(world, order),
  ].join('\n\n')
  await world.alerts.tell({ kind: 'disputes', id: happening, subject: `A bank warns of fraud: ${order.title}`, text })
})

const failed = hearing('refunds.alert-failed', 'money.moved', async (world, { order: id, entry: of, kind }, { id: happening }) => {
  const order = kind === 'refund-failed' ? (await orderRecords.get(world.tables, { id }))?.value : undefined
  const entry = order && (await entryRecords.get(world.tables, { order: id, id: of }))?.value
  if (!entry) return
  const text = [
    `A refund of ${inWords(entry.amount)} of ${who(order)} did not go through: the money is back with the school.`,
    order.refundedAt === undefined ? 'Access is as it was.' : 'What the order opened stays closed, for the money was given back whole.',
    'Pay the buyer in another way, by a bank transfer for instance; or, if they are to keep the course, give it to them by hand.',
    linkTo(world, order),
  ].join('\n\n')
  await world.alerts.tell({ kind: 'disputes', id: happening, subject: `A refund did not go through: ${order.title}`, text })
})

/** What a person has to know, or to do. A refund is somebody’s own doing and wants nobody’s attention. */
export const alertHearings: readonly Hearing[] = [disputed, warned, failed]
