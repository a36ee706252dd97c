import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setPriority } from 'node:os'

/**
 * A process that answers as the payment provider would, as far as sales that are paid are asked about, and as late: the
 * argument is milliseconds. The stand-in is not asked here: it keeps books of its own, and its time would be measured with ours.
 * A provider's machine is elsewhere: here it comes behind all that is measured.
 */
setPriority(19)
const latencyMs = Number(process.argv[2])

const session = (id: string) => ({
  ...{ id, object: 'checkout.session', client_reference_id: `ord_${id.slice('cs_'.length)}`, status: 'complete', payment_status: 'paid', livemode: false },
  ...{ amount_total: 4900, currency: 'eur', payment_intent: `pi_${id.slice('cs_'.length)}`, customer: null, subscription: null, url: null },
  ...{ customer_details: { name: 'Lena', address: { country: 'SE' }, tax_ids: [] }, total_details: { amount_tax: 0 } },
})

const answer = (path: string): object => {
  const id = /^\/v1\/checkout\/sessions\/(cs_\w+)/.exec(path)?.[1]
  return id === undefined ? { object: 'list', data: [], has_more: false } : session(id)
}

const server = createServer((request, response) => {
  setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(request.url ?? ''))), latencyMs)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1')
await once(server, 'listening')
// A server that listens on TCP has an address with a port.
process.send?.({ port: (server.address() as AddressInfo).port })
process.on('disconnect', () => process.exit(0))
