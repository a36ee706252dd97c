import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { event } from '#core/events.ts'
import { aServedHome } from './served.fixture.ts'

const TOKEN = 'a-token-of-thirty-two-signs-12345678'
const byToken = await aServedHome({ LECTERN_METRICS: TOKEN })
after(() => byToken.close())
const url = `http://127.0.0.1:${byToken.port}`
const asked = async (headers: Record<string, string> = {}, at = url): Promise<Response> => fetch(`${at}/metrics`, { headers })
const shown = async (): Promise<string> => (await asked({ authorization: `Bearer ${TOKEN}` })).text()

test('The measurements are shown to whoever has the token; others get what any address without a page gets', async () => {
  const [open, none, wrong] = await Promise.all([asked({ authorization: `Bearer ${TOKEN}` }), asked(), asked({ authorization: `Bearer ${TOKEN}x` })])
  assert.equal(open.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  assert.match(await open.text(), /^process_memory_usage_bytes \d+$/m)
  for (const answer of [none, wrong]) assert.match(await answer.text(), /<title>School<\/title>/)
})

test('An answer is counted by the template of its route, and never by what somebody typed', async () => {
  await (await fetch(`${url}/api/health`)).text()
  await (await fetch(`${url}/api/lessons/les_secret-of-ada/playback`, { method: 'POST' })).text()
  await (await fetch(`${url}/api/no-such/ada@lectern.test`)).text()
  await (await fetch(`${url}/media/vid_x/master.m3u8`)).text()
  const said = await shown()
  assert.match(said, /request_duration_seconds_count\{http_request_method="GET",http_route="\/api\/health",http_response_status_code="200"\} 1\n/)
  assert.match(said, /http_route="\/api\/lessons\/\{lesson\}\/playback",http_response_status_code="422"/)
  assert.match(said, /http_route="\/api\/\*",http_response_status_code="404"/)
  assert.match(said, /lectern_edge_refusals_total\{origin="media",http_response_status_code="403"\} 1\n/)
  assert.match(said, /lectern_edge_sent_bytes_total\{origin="media"\} [1-9]/)
  assert.doesNotMatch(said, /secret-of-ada|ada@/)
})

test('Commits, events and what waits for its listener are counted', async () => {
  const { world } = byToken.home
  const outcome = await world.tables.commit([{ kind: 'put', key: { pk: 'metrics', sk: 'a' }, body: {} }], [event(world, 'school.changed', { what: 'brand' })])
  assert.equal(outcome, 'done')
  const said = await shown()
  assert.match(said, /lectern_tables_commit_duration_seconds_count\{outcome="done"\} [1-9]/)
  assert.match(said, /lectern_events_total\{event="school\.changed"\} 1\n/)
  // Nobody has begun to deliver in this school.
  assert.match(said, /lectern_queue_waiting\{listener="sign-in\.renamed"\} 1\n/)
})

test('“loopback” believes the connection, and nobody who comes by a proxy; and unless it is set, nobody at all', async () => {
  const local = await aServedHome({ LECTERN_METRICS: 'loopback' })
  const at = `http://127.0.0.1:${local.port}`
  assert.match(await (await asked({}, at)).text(), /^process_uptime_seconds/m)
  assert.match(await (await asked({ 'x-forwarded-for': '127.0.0.1' }, at)).text(), /<title>School/)
  await local.close()
  const off = await aServedHome({})
  assert.match(await (await asked({}, `http://127.0.0.1:${off.port}`)).text(), /<title>School/)
  await off.close()
})
