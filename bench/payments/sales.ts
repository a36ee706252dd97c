/** The ids of one sale, on every side. */
export const saleOf = (number: number) => ({ order: `ord_b${number}`, session: `cs_b${number}`, payment: `pi_b${number}`, learner: `prs_b${number}` })

/** What Stripe sends of a sale: four events, of which the last one is acted on. */
export const eventsOf = (number: number): string[] => {
  const { order, session, payment } = saleOf(number)
  const created = Math.floor(Date.now() / 1000)
  const about = { metadata: { order }, amount: 4900, currency: 'eur', livemode: false, description: 'Colour' }
  // As long as Stripe's: two to four kilobytes.
  const padding = { payment_method_options: { card: 'x'.repeat(1800) } }
  const event = (type: string, object: object): string =>
    JSON.stringify({
      ...{ id: `evt_${type.replaceAll('.', '_')}_${number}`, object: 'event', api_version: '2026-10-28.endive', created, livemode: false, type },
      data: { object: { ...about, ...padding, ...object } },
    })
  return [
    event('payment_intent.created', { id: payment, object: 'payment_intent' }),
    event('charge.succeeded', { id: `ch_b${number}`, object: 'charge', payment_intent: payment }),
    event('payment_intent.succeeded', { id: payment, object: 'payment_intent' }),
    event('checkout.session.completed', { id: session, object: 'checkout.session', payment_intent: payment, client_reference_id: order }),
  ]
}
