import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { Load, Loaded } from './messages.ts'
import { eventsOf, saleOf } from './sales.ts'

/** A process that asks the school at a pace of its own. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

type Call = { path: string; body?: string; headers?: Record<string, string>; learner?: string }

const signature = (secret: string, body: string): string => {
  const at = Math.floor(Date.now() / 1000)
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}

const call = (load: Load, { path, body, headers = {} }: Call): Promise<number> =>
  new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const asked = request(
      { host: '127.0.0.1', port: load.port, path, agent, method: body === undefined ? 'GET' : 'POST', headers: { ...headers, ...length } },
      (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    // A connection that was kept may be closed by the server at the very moment it is used again.
    asked
      .once('error', (error) => (asked.reusedSocket ? call(load, { path, headers, ...(body !== undefined && { body }) }).then(resolve, reject) : reject(error)))
      .end(body)
  })

const callsOf = (load: Load): ((number: number) => Call) => {
  if (load.what === 'pages') return () => ({ path: load.path })
  const { secret, first, sales } = load
  return (number) => {
    const sale = first + (Math.floor(number / 4) % sales)
    const body = eventsOf(sale)[number % 4] ?? ''
    const last = number % 4 === 3 ? { learner: saleOf(sale).learner } : {}
    return { path: '/hooks/stripe', body, headers: { 'stripe-signature': signature(secret, body), 'content-type': 'application/json' }, ...last }
  }
}

let isEnough = false

/** Sends when it is time, whatever has become of those before: who waits for an answer measures only the good moments. */
const run = async (load: Load): Promise<Loaded> => {
  const next = callsOf(load)
  const total = Math.round(load.perSecond * load.seconds)
  const loaded: Loaded = { latencies: [], refused: 0, sentAt: [] }
  const answers: Promise<void>[] = []
  const began = performance.now()
  const send = async (number: number): Promise<void> => {
    const due = began + (number / load.perSecond) * 1000
    const one = next(number)
    if (one.learner !== undefined) loaded.sentAt.push([one.learner, String(process.hrtime.bigint())])
    const status = await call(load, one)
    loaded.latencies.push(performance.now() - due)
    if (status !== 200) loaded.refused += 1
  }
  for (let sent = 0; sent < total && !isEnough; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * load.perSecond) + 1)
    for (; sent < due; sent += 1) answers.push(send(sent))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await Promise.all(answers)
  return loaded
}

process.on('message', (load: Load | 'enough') => {
  if (load === 'enough') {
    isEnough = true
    return
  }
  run(load).then(
    (loaded) => process.send?.(loaded),
    (error: unknown) => process.send?.({ failed: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
