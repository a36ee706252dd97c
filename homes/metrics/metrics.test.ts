import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { catalogue, metricNames, prometheusName } from './catalogue.ts'
import { measuredMail } from './measured.ts'
import { openRegistry } from './registry.ts'

const OPERATIONS = join(import.meta.dirname, '..', '..', 'docs', 'operations')

test('Counters add up, gauges say what is so now, and a histogram counts each answer in every bucket that holds it', async () => {
  const { measure, text, clear } = openRegistry()
  for (const seconds of [0.004, 0.02, 20]) {
    measure('http.server.request.duration', seconds, { 'http.request.method': 'GET', 'http.route': '/api/x', 'http.response.status_code': '200' })
  }
  measure('lectern.queue.waiting', 3, { listener: 'a' })
  measure('lectern.queue.waiting', 2, { listener: 'a' })
  measure('lectern.orders', 1, { state: 'paid' })
  measure('lectern.orders', 1, { state: 'paid' })
  const said = await text()
  const of = 'http_request_method="GET",http_route="/api/x",http_response_status_code="200"'
  for (const line of [
    '# TYPE http_server_request_duration_seconds histogram',
    `http_server_request_duration_seconds_bucket{${of},le="0.005"} 1`,
    `http_server_request_duration_seconds_bucket{${of},le="0.025"} 2`,
    `http_server_request_duration_seconds_bucket{${of},le="10"} 2`,
    `http_server_request_duration_seconds_bucket{${of},le="+Inf"} 3`,
    `http_server_request_duration_seconds_count{${of}} 3`,
    'lectern_queue_waiting{listener="a"} 2',
    'lectern_orders_total{state="paid"} 2',
  ])
    assert.ok(said.includes(`${line}\n`), line)
  clear('lectern.queue.waiting')
  assert.doesNotMatch(await text(), /lectern_queue_waiting\{/)
})

test('A label is one that the catalogue names, written so that its text ends where it ends, and of few values', async () => {
  const { measure, text } = openRegistry()
  measure('lectern.events', 1, { event: 'a"b\\c\nd', person: 'ada@lectern.test' })
  for (let number = 0; number < 3000; number += 1) measure('lectern.events', 1, { event: `made-up-${number}` })
  const said = await text()
  assert.ok(said.includes('lectern_events_total{event="a\\"b\\\\c\\nd"} 1'))
  assert.ok(!said.includes('ada@'))
  assert.equal(said.split('lectern_events_total{').length - 1, 2000)
})

test('What is only known by looking is looked at each time', async () => {
  const { measure, text, beforeEachLook } = openRegistry()
  let files = 7
  beforeEachLook(async () => measure('process.unix.file_descriptor.count', files))
  assert.match(await text(), /^process_unix_file_descriptor_count 7$/m)
  files = 8
  assert.match(await text(), /^process_unix_file_descriptor_count 8$/m)
})

test('A letter that the post did not take is counted as such, and is still told to whoever sent it', async () => {
  const { measure, text } = openRegistry()
  const letter = { id: '1', to: 'ada@lectern.test', subject: 'x', text: 'x', html: 'x' }
  await measuredMail({ send: async () => {} }, measure).send(letter)
  await assert.rejects(measuredMail({ send: async () => Promise.reject(new Error('shut')) }, measure).send(letter), /shut/)
  const said = await text()
  assert.match(said, /lectern_mail_letters_total\{outcome="sent"\} 1\n/)
  assert.match(said, /lectern_mail_letters_total\{outcome="failed"\} 1\n/)
  assert.ok(!said.includes('ada@'))
})

/** Every name that is read of a Prometheus by these texts. */
const NAME = /\b(?:lectern|http_server|nodejs|process)_[a-z0-9_]+/g

test('Each metric that dashboard and rules ask for is measured, by labels it has, and the page explains all there are', async () => {
  const known = new Map(metricNames.map((name) => [prometheusName(name), name]))
  const plain = (name: string): string => name.replace(/_(?:bucket|sum|count)$/, (ending) => (known.has(name) ? ending : ''))
  for (const file of ['grafana.json', 'prometheus-rules.yml']) {
    const asked = new Set((await readFile(join(OPERATIONS, file), 'utf8')).match(NAME))
    assert.ok(asked.size >= 10, file)
    assert.deepEqual(
      [...asked].filter((name) => !known.has(plain(name))),
      [],
      file,
    )
  }
  const dashboard = JSON.parse(await readFile(join(OPERATIONS, 'grafana.json'), 'utf8'))
  const expressions: string[] = dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr))
  const labels = new Set(metricNames.flatMap((name) => catalogue[name].labels.map((label) => label.replaceAll('.', '_'))))
  for (const expression of expressions) {
    const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(',').map((each) => each.trim()))
    const matched = [...expression.matchAll(/([a-z_]+)=~?"/g)].flatMap(([, label]) => label ?? [])
    for (const label of [...grouped, ...matched]) assert.ok(label === 'le' || labels.has(label), `${label} in ${expression}`)
  }
  // Which of the catalogue nobody would see.
  const drawn = expressions.join('\n')
  assert.deepEqual(
    [...known.keys()].filter((name) => !drawn.includes(name)),
    [],
  )
  const page = await readFile(join(OPERATIONS, 'watching.md'), 'utf8')
  const rules = (await readFile(join(OPERATIONS, 'prometheus-rules.yml'), 'utf8')).matchAll(/alert: (\w+)/g)
  for (const [, rule = ''] of rules) if (rule !== 'ManyFilesOpen') assert.ok(page.includes(rule), rule)
})
