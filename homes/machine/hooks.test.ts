import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { MOST_GITHUB_HOOK_BYTES, MOST_HOOK_BYTES } from '#api/webhooks.ts'
import { sign } from '#sandbox/stripe/deliveries.ts'
import { aTill, WEBHOOK_SECRET } from '#test/till.ts'
import type { HookLimits } from './hooks.ts'
import { aServedHome } from './served.fixture.ts'

/** A whole home on loopback, and signed webhooks for it. */
const aHome = async (t: TestContext, hookLimits: Partial<HookLimits> = {}) => {
  const { data, home, server, port, close } = await aServedHome({ LECTERN_TRUSTED_PROXIES: 'loopback' }, hookLimits)
  t.after(close)
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init)
  const signed = (id: string) => {
    const body = JSON.stringify({ id, type: 'charge.refunded', created: 1, livemode: false, data: { object: { object: 'charge' } } })
    return { body, header: sign(body, home.secrets.standInWebhookSecret.reveal(), Math.floor(Date.now() / 1000)) }
  }
  /** From this machine, or from an address that a proxy on it names. */
  const hook = async (id: string, from?: string): Promise<number> => {
    const { body, header } = signed(id)
    const headers = { 'stripe-signature': header, ...(from !== undefined && { 'x-forwarded-for': from }) }
    const answer = await ask('/hooks/stripe', { method: 'POST', body, headers })
    await answer.text()
    return answer.status
  }
  /** Announces a body and does not send it. */
  const halfSent = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1')
    t.after(() => socket.destroy())
    socket.on('error', () => {}).resume()
    const [accepted] = await Promise.all([once(server, 'request'), socket.write('POST /hooks/stripe HTTP/1.1\r\nHost: school\r\nContent-Length: 100\r\n\r\n{')])
    assert.ok(accepted)
    return socket
  }
  return { data, home, port, ask, hook, halfSent }
}

const median = (values: number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

test('While another program holds the database, the rest of the school goes on; a webhook is refused in time to be sent again, and taken once it is free', async (t) => {
  const { data, ask, hook } = await aHome(t)
  const other = new DatabaseSync(join(data, 'school.sqlite'), { timeout: 5000 })
  t.after(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const began = performance.now()
  let isAnswered = false
  const refused = hook('evt_1').finally(() => {
    isAnswered = true
  })
  const waits: number[] = []
  while (!isAnswered) {
    const before = performance.now()
    assert.equal((await ask('/api/health')).status, 200)
    waits.push(performance.now() - before)
  }
  const seconds = (performance.now() - began) / 1000
  t.diagnostic(`refused after ${seconds.toFixed(1)} s; ${waits.length} other answers meanwhile, median ${median(waits).toFixed(1)} ms`)
  assert.equal(await refused, 503)
  assert.ok(seconds < 10)
  assert.ok(waits.length > 50 && median(waits) < 100)

  const waiting = hook('evt_1')
  await ask('/api/health')
  other.exec('ROLLBACK')
  assert.equal(await waiting, 200)
  assert.equal(await hook('evt_1'), 200)
})

test('A full disk refuses what cannot be kept, and what is sent again is taken as soon as there is room', async (t) => {
  const till = await aTill(t)
  const now = Math.floor(till.clock.now().getTime() / 1000)
  const send = (id: string) => {
    const body = JSON.stringify({ id, type: 'charge.refunded', created: now, livemode: false, pad: 'x'.repeat(50_000), data: { object: {} } })
    return till.deliver(body, sign(body, WEBHOOK_SECRET, now))
  }
  // The pragma answers one row with that name.
  const { page_count: pages } = till.database.prepare('PRAGMA page_count').get() as { page_count: number }
  till.database.exec(`PRAGMA max_page_count = ${pages + 40}`)
  const statuses: number[] = []
  for (let sent = 0; sent < 10; sent += 1) statuses.push((await send(`evt_${sent}`)).status)
  const taken = statuses.filter((status) => status === 200).length
  assert.deepEqual(new Set(statuses), new Set([200, 503]))
  assert.equal(till.stored('hook#'), taken)
  till.database.exec('PRAGMA max_page_count = 1000000')
  for (let sent = 0; sent < 10; sent += 1) assert.equal((await send(`evt_${sent}`)).status, 200)
  assert.equal(till.stored('hook#'), 10)
})

test('A flood of webhooks is turned away at its own entrance, and the rest of the school does not notice', async (t) => {
  const { ask, hook, halfSent } = await aHome(t, { atOnce: 2 })
  const flood = [await halfSent(), await halfSent()]
  const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => hook(`evt_${number}`)))
  assert.deepEqual(new Set(answers), new Set([503]))
  assert.equal((await ask('/api/health')).status, 200)
  for (const socket of flood) socket.destroy()
  while ((await hook('evt_1')) !== 200) await ask('/api/health')
})

test('A body that does not end gives its place back', async (t) => {
  const { hook, halfSent } = await aHome(t, { atOnce: 1, bodyMs: 200 })
  const socket = await halfSent()
  assert.equal(await hook('evt_1'), 503)
  await once(socket, 'close')
  assert.equal(await hook('evt_1'), 200)
})

test('Whoever sends halves of bodies from one address keeps nobody else out, and is read no more for a minute', async (t) => {
  const { hook, halfSent } = await aHome(t, { bodyMs: 1000 })
  const sockets: Socket[] = []
  for (let sent = 0; sent < 64; sent += 1) sockets.push(await halfSent())
  assert.equal(await hook('evt_1'), 429)
  assert.equal(await hook('evt_1', '192.0.2.9'), 200)
  await Promise.all(sockets.map((socket) => socket.destroyed || once(socket, 'close')))
  assert.equal(await hook('evt_2'), 429)
  assert.equal(await hook('evt_2', '192.0.2.9'), 200)
})

test('Bodies that are too large count as what is not signed', async (t) => {
  const { ask } = await aHome(t, { forgeries: 3 })
  const large = (): Promise<number> => ask('/hooks/stripe', { method: 'POST', body: 'x'.repeat(MOST_HOOK_BYTES + 1) }).then(({ status }) => status)
  assert.deepEqual([await large(), await large(), await large(), await large()], [413, 413, 413, 429])
})

test('Two hundred events a second from a single address of the provider’s are all taken', async (t) => {
  const { hook } = await aHome(t)
  const began = performance.now()
  const answers: number[] = []
  for (let wave = 0; wave < 10; wave += 1) answers.push(...(await Promise.all(Array.from({ length: 40 }, (_, place) => hook(`evt_${wave}_${place}`)))))
  t.diagnostic(`400 taken, forty at once, in ${((performance.now() - began) / 1000).toFixed(2)} s`)
  assert.deepEqual(new Set(answers), new Set([200]))
})

test('Whoever sends on and on what is not signed is read no more for a minute, and nobody else is kept waiting', async (t) => {
  const { ask } = await aHome(t, { forgeries: 5 })
  const forged = (headers: Record<string, string> = {}): Promise<Response> => ask('/hooks/stripe', { method: 'POST', body: '{}', headers })
  for (let sent = 0; sent < 5; sent += 1) assert.equal((await forged()).status, 400)
  const refused = await forged()
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  assert.equal((await forged({ 'x-forwarded-for': '192.0.2.9' })).status, 400)
  assert.equal((await ask('/api/health')).status, 200)
})

test('A school that is busy with everything else takes webhooks all the same', async (t) => {
  const { port, hook } = await aHome(t)
  // As many uploads as anybody would begin and never send, and requests that never end.
  const sockets = Array.from({ length: 300 }, () => connect(port, '127.0.0.1'))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (const socket of sockets) socket.on('error', () => {}).write('PUT /uploads/part HTTP/1.1\r\nHost: school\r\nContent-Length: 1000000\r\n\r\nx')
  await Promise.all(sockets.map((socket) => once(socket, 'ready').catch(() => undefined)))
  assert.deepEqual(
    await Promise.all(Array.from({ length: 20 }, (_, number) => hook(`evt_${number}`))),
    Array.from({ length: 20 }, () => 200),
  )
})

test('Webhooks of the repository have an entrance of their own: a flood of what is not signed there keeps no payment from being heard of', async (t) => {
  const { ask, hook } = await aHome(t, { forgeries: 3 })
  const forged = async (body = '{}'): Promise<number> => {
    const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'x-github-event': 'push', 'x-github-delivery': 'd1' }
    return (await ask('/hooks/github', { method: 'POST', body, headers })).status
  }
  assert.equal(await forged('x'.repeat(MOST_HOOK_BYTES + 1)), 400, 'read up to a larger size')
  assert.equal(await forged('x'.repeat(MOST_GITHUB_HOOK_BYTES + 1)), 413)
  assert.deepEqual([await forged(), await forged()], [400, 429])
  assert.equal(await hook('evt_1'), 200)
  assert.equal((await ask('/hooks/github')).status, 405)
  assert.equal((await ask('/hooks/other', { method: 'POST', body: '{}' })).status, 404)
})
