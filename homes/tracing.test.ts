import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, get as plainGet, type Server } from 'node:http'
import { type TestContext, test } from 'node:test'
import { secret } from '#ports/secret.ts'
import { openSchool } from '#test/school.ts'
import { during } from './during.ts'
import { notMeasured } from './metrics/catalogue.ts'
import { measuredTables } from './metrics/measured.ts'
import { sendSpans } from './otlp.ts'
import { markOutgoing } from './outgoing.ts'
import { keepSpans, rootOf, rootSpanned, spanned, spanOfEvent, traceOf } from './tracing.ts'

type Sent = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  status: { code: number }
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
}
type Batch = { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] }

const listening = async (t: TestContext, server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  assert.ok(address !== null && typeof address !== 'string')
  return `http://127.0.0.1:${address.port}`
}

/** Whoever takes spans, and somebody whom the school calls. */
const aCollector = async (t: TestContext) => {
  const [taken, shown]: [Sent[], IncomingHttpHeaders[]] = [[], []]
  const url = await listening(
    t,
    createServer((request, response) => {
      shown.push(request.headers)
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        // As OTLP/HTTP has it in JSON.
        const batch = JSON.parse(Buffer.concat(parts).toString()) as Batch
        taken.push(...batch.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)))
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      })
    }),
  )
  return { url, taken, shown }
}

const anOutside = async (t: TestContext) => {
  const heard: IncomingHttpHeaders[] = []
  const url = await listening(
    t,
    createServer((request, response) => {
      heard.push(request.headers)
      response.writeHead(request.url === '/fault' ? 500 : 200).end('ok')
    }),
  )
  return { url, heard }
}

/** By Node's older client, as the client of payments does. */
const plainly = (url: string): Promise<void> =>
  new Promise((resolve, reject) => plainGet(url, (answer) => answer.resume().on('end', resolve)).on('error', reject))

markOutgoing()

test('a request, its events, who hears of them later, and what they ask of others are one trace at the collector', async (t) => {
  const [collector, outside, school] = [await aCollector(t), await anOutside(t), await openSchool()]
  t.after(() => school.close())
  const flush = await sendSpans({ url: `${collector.url}/v1/traces`, headers: secret('x-key=a%20key') })
  const tables = measuredTables(school.world.tables, notMeasured)
  const event = { id: 'evt_1', name: 'school.changed', at: school.clock.now().toISOString(), payload: { what: 'brand' } }
  const answer = { name: 'POST /api/school', attributes: { 'http.response.status_code': 200 } }
  await during('req_one', () => rootSpanned({ kind: 'server', describe: () => answer }, () => tables.commit([], [event])))
  // Later, and in another life of the program: all that is known is the request's number.
  await during('req_one', () =>
    spanned({ kind: 'consumer', parent: spanOfEvent('evt_1'), describe: () => ({ name: 'listen somebody' }) }, async () => {
      await fetch(`${outside.url}/who?email=ada@lectern.test`)
      await plainly(`${outside.url}/fault`)
    }),
  )
  await flush()
  const by = new Map(collector.taken.map((span) => [span.name, span]))
  assert.deepEqual([...by.keys()].toSorted(), ['GET', 'POST /api/school', 'event school.changed', 'listen somebody'])
  assert.deepEqual([...new Set(collector.taken.map(({ traceId }) => traceId))], [traceOf('req_one')])
  const [root, told, heard] = [by.get('POST /api/school'), by.get('event school.changed'), by.get('listen somebody')]
  assert.deepEqual([root?.spanId, root?.parentSpanId || undefined], [rootOf('req_one'), undefined])
  assert.deepEqual([told?.parentSpanId, heard?.parentSpanId], [root?.spanId, told?.spanId])
  const calls = collector.taken.filter(({ name }) => name === 'GET')
  assert.deepEqual(
    calls.map(({ parentSpanId, status }) => [parentSpanId, status.code === 2]),
    [
      [heard?.spanId, false],
      [heard?.spanId, true],
    ],
  )
  assert.doesNotMatch(JSON.stringify(collector.taken), /ada|who|email/)
  assert.equal(collector.shown[0]?.['x-key'], 'a key')
  assert.deepEqual(
    outside.heard.map((headers) => [headers['x-request-id'], headers['traceparent']]),
    calls.map(({ traceId, spanId }) => ['req_one', `00-${traceId}-${spanId}-01`]),
  )
})

test('where no collector is set up nothing is kept or sent, and others are told the number all the same', async (t) => {
  const outside = await anOutside(t)
  keepSpans(undefined)
  await during('req_two', () => rootSpanned({ kind: 'server', describe: () => ({ name: 'GET /api/health' }) }, () => fetch(outside.url)))
  await fetch(outside.url)
  const [asked, byNobody] = outside.heard
  assert.deepEqual([asked?.['x-request-id'], asked?.['traceparent']], ['req_two', `00-${traceOf('req_two')}-${rootOf('req_two')}-00`])
  assert.deepEqual([byNobody?.['x-request-id'], byNobody?.['traceparent']], [undefined, undefined])
})

test('a collector that is down keeps nobody waiting, and nothing fails of it', async () => {
  const flush = await sendSpans({ url: 'http://127.0.0.1:9/v1/traces', headers: undefined })
  const answer = await during('req_three', () => rootSpanned({ kind: 'server', describe: () => ({ name: 'GET /api/health' }) }, async () => 'answered'))
  assert.equal(answer, 'answered')
  keepSpans(undefined)
  // What could not be sent is given up, in a time that ends.
  await flush().catch((error: unknown) => assert.ok(error instanceof Error))
})
