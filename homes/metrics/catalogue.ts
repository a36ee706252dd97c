export type Labels = Readonly<Record<string, string>>

/** `bounds`: of a histogram's buckets. `labels`: the only ones it is ever told with, so that a slip cannot make a series for each person. */
export type Metric = { kind: 'counter' | 'gauge' | 'histogram'; unit: 's' | 'By' | '1'; labels: readonly string[]; says: string; bounds?: readonly number[] }

/** The bounds that OpenTelemetry asks for of requests, and finer ones for the disk. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const COMMIT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

const counter = (says: string, labels: readonly string[] = [], unit: Metric['unit'] = '1'): Metric => ({ kind: 'counter', unit, labels, says })
const gauge = (says: string, labels: readonly string[] = [], unit: Metric['unit'] = '1'): Metric => ({ kind: 'gauge', unit, labels, says })

/**
 * Everything a school measures of itself. Names and units are OpenTelemetry's where it has conventions (http, nodejs, process), and ours below
 * `lectern.`; docs/operations/watching.md says what to make of them.
 */
const METRICS = {
  'http.server.request.duration': {
    ...{ kind: 'histogram', unit: 's', bounds: REQUEST_SECONDS, labels: ['http.request.method', 'http.route', 'http.response.status_code'] },
    says: 'Answers, from the first byte asked to the last byte sent, by the template of their route.',
  },
  'nodejs.eventloop.delay.p50': gauge('How long the loop was late since the last look: half of the time less.', [], 's'),
  'nodejs.eventloop.delay.p99': gauge('How long the loop was late since the last look: but for one in a hundred.', [], 's'),
  'nodejs.eventloop.delay.max': gauge('How long the loop was late since the last look, at worst.', [], 's'),
  'process.cpu.time': counter('Processor time of this process and all its threads.', [], 's'),
  'process.memory.usage': gauge('Memory of this process that is resident.', [], 'By'),
  'process.unix.file_descriptor.count': gauge('Files and connections that this process holds open; none where the system does not tell.'),
  'process.uptime': gauge('How long this process has been running.', [], 's'),
  'lectern.disk.free': gauge('Room that is left on the disk of the data folder.', [], 'By'),
  'lectern.tables.commit.duration': {
    ...{ kind: 'histogram', unit: 's', bounds: COMMIT_SECONDS, labels: ['outcome'] },
    says: 'Commits, until the disk has taken them: done, conflict or failed.',
  },
  'lectern.events': counter('Events committed, by name.', ['event']),
  'lectern.orders': counter('What became of orders, as they come to it: paid, waiting, refunded, disputed, held …', ['state']),
  'lectern.agreement.findings': gauge('Where payments and access do not agree, as last compared.'),
  'lectern.queue.waiting': gauge('Deliveries that are still to be made, by listener.', ['listener']),
  'lectern.queue.age': gauge('How long the delivery that is most overdue has been so, by listener.', ['listener'], 's'),
  'lectern.queue.dead': gauge('Deliveries that were given up, and wait for somebody to look.', ['listener']),
  'lectern.transcode.jobs': gauge('Films that are being made at this moment.'),
  'lectern.transcode.ended': counter('Films that came to an end: transcoded or failed.', ['outcome']),
  'lectern.transcode.film': counter('How much film has been made, in seconds of its length.', [], 's'),
  'lectern.transcode.speed': gauge('Of the film made last: its length over how long it took, waiting included.'),
  'lectern.edge.sent': counter('Bytes sent by the edge, heads included, by where they came from.', ['origin'], 'By'),
  'lectern.edge.refusals': counter('Answers of the edge that were no: by where it was asked, and the status.', ['origin', 'http.response.status_code']),
  'lectern.mail.letters': counter('Letters: sent, or not taken by the post.', ['outcome']),
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof METRICS
export const catalogue: Readonly<Record<MetricName, Metric>> = METRICS
// The catalogue's own keys.
export const metricNames = Object.keys(METRICS) as MetricName[]

/** Adds to a counter, sets a gauge, or observes in a histogram: the name says which. */
export type Measure = (name: MetricName, value: number, labels?: Labels) => void

export const notMeasured: Measure = () => {}

/** Units and endings as OpenTelemetry's data become Prometheus's: `http_server_request_duration_seconds`. */
export const prometheusName = (name: MetricName): string => {
  const { unit, kind } = catalogue[name]
  const [plain, ending] = [name.replaceAll('.', '_'), { s: '_seconds', By: '_bytes', 1: '' }[unit]]
  return `${plain}${ending}${kind === 'counter' ? '_total' : ''}`
}
