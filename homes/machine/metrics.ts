import { readdir, statfs } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Behaviour, behaviourIn } from '#core/delivery/behaviours.ts'
import { allFindings } from '#core/money/findings.ts'
import type { Clock } from '#ports/clock.ts'
import type { Secret } from '#ports/secret.ts'
import type { Tables } from '#ports/tables.ts'
import type { TranscodeNews, Transcoder } from '#ports/transcoder.ts'
import type { Measure } from '../metrics/catalogue.ts'
import type { Registry } from '../metrics/registry.ts'
import { peerOf } from '../proxies.ts'
import { digestOf, showsSecret } from '../proxy-door.ts'
import type { SchoolFile } from './school-file.ts'

export const METRICS = '/metrics'
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8'

/** Who may look: nobody, programs on this machine, or whoever shows the token. */
export type MetricsDoor = 'off' | 'loopback' | Secret

/** What a proxy adds: a request that bears one of them is from somewhere else, whatever its connection says. */
const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via', 'cf-connecting-ip'] as const

/** Whether somebody may read the measurements. Who may not is told nothing that any other address would not tell. */
export const metricsDoor = (door: MetricsDoor): ((request: IncomingMessage) => boolean) => {
  if (door === 'off') return () => false
  if (door === 'loopback') {
    return (request) => /^(?:127\.|::1$)/.test(peerOf(request)) && FORWARDED.every((name) => request.headers[name] === undefined)
  }
  const hex = digestOf(door.reveal())
  return ({ headers }) => showsSecret(/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1], hex)
}

const RESOLUTION_MS = 20
const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000)

/** Begins to watch this process; answers what tells of it. The loop is watched from one look to the next. */
const watchProcess = ({ measure }: Registry, data: string) => {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  let spent = 0
  const look = async (): Promise<void> => {
    const [{ user, system }, open] = [process.cpuUsage(), await readdir('/proc/self/fd').catch(() => undefined)]
    const { bavail, bsize } = await statfs(data)
    measure('nodejs.eventloop.delay.p50', seconds(delay.percentile(50)))
    measure('nodejs.eventloop.delay.p99', seconds(delay.percentile(99)))
    measure('nodejs.eventloop.delay.max', seconds(delay.max))
    delay.reset()
    measure('process.cpu.time', (user + system) / 1e6 - spent)
    spent = (user + system) / 1e6
    measure('process.memory.usage', process.memoryUsage.rss())
    if (open) measure('process.unix.file_descriptor.count', open.length)
    measure('process.uptime', process.uptime())
    measure('lectern.disk.free', bavail * bsize)
  }
  return { look, end: () => delay.disable() }
}

type Queued = { listener: string; waiting: number; due: number }

/** Reads the index of deliveries alone, never the events: a long backlog must not make looking at it dear. */
const queueLook = ({ measure, clear }: Registry, { reader }: Pick<SchoolFile, 'reader'>, clock: Clock): (() => void) => {
  const byListener = (isDead: 0 | 1) =>
    reader.prepare(`SELECT listener, count(*) AS waiting, min(due) AS due FROM deliveries WHERE is_dead = ${isDead} GROUP BY listener`)
  const [live, dead] = [byListener(0), byListener(1)]
  return () => {
    for (const name of ['lectern.queue.waiting', 'lectern.queue.age', 'lectern.queue.dead'] as const) clear(name)
    const now = clock.now().getTime()
    // Both statements select these columns.
    for (const { listener, waiting, due } of live.all() as Queued[]) {
      measure('lectern.queue.waiting', waiting, { listener })
      measure('lectern.queue.age', Math.max(0, now - due) / 1000, { listener })
    }
    for (const { listener, waiting } of dead.all() as Queued[]) measure('lectern.queue.dead', waiting, { listener })
  }
}

type School = { door: MetricsDoor; file: Pick<SchoolFile, 'reader'>; tables: Tables; clock: Clock; data: string; jobs(): number }

/** Has the registry look at the school whenever somebody looks at it; answers how that is ended. */
export const watchSchool = (registry: Registry, { door, file, tables, clock, data, jobs }: School): (() => void) => {
  if (door === 'off') return () => {}
  const { look, end } = watchProcess(registry, data)
  registry.beforeEachLook(look)
  registry.beforeEachLook(queueLook(registry, file, clock))
  registry.beforeEachLook(async () => {
    registry.measure('lectern.transcode.jobs', jobs())
    registry.measure('lectern.agreement.findings', (await allFindings(tables)).length)
  })
  return end
}

/** The same encoder and the same ear for its news, with what becomes of films. A film begun before the last start has no speed. */
export const measuredFilms = (measure: Measure, clock: Clock) => {
  const begun = new Map<string, number>()
  return {
    begins: <T extends Pick<Transcoder, 'start'>>(transcoder: T): T => ({
      ...transcoder,
      start: async (job) => {
        await transcoder.start(job)
        if (!begun.has(job.job)) begun.set(job.job, clock.now().getTime())
      },
    }),
    hears:
      (tell: (news: TranscodeNews) => Promise<void>) =>
      async (news: TranscodeNews): Promise<void> => {
        await tell(news)
        if (news.kind !== 'transcoded' && news.kind !== 'failed') return
        measure('lectern.transcode.ended', 1, { outcome: news.kind })
        const since = begun.get(news.job)
        begun.delete(news.job)
        if (news.kind === 'failed') return
        const { durationSeconds } = news.result
        measure('lectern.transcode.film', durationSeconds)
        if (since !== undefined) measure('lectern.transcode.speed', durationSeconds / Math.max(1, (clock.now().getTime() - since) / 1000))
      },
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** OpenTelemetry's word for a method nobody knows, which could otherwise be any text. */
export const methodOf = ({ method = '' }: IncomingMessage): string => (METHODS.has(method) ? method : '_OTHER')

type Exchange = { request: IncomingMessage; response: ServerResponse; table: readonly Behaviour[] }

/**
 * Measures one answer once it has gone, or its reader has: by the row of the edge's table, or by the template of an endpoint, which is told to
 * what this answers.
 */
export const measuring = (measure: Measure, { request, response, table }: Exchange): ((template: string) => void) => {
  const [began, before, { socket }] = [performance.now(), request.socket.bytesWritten, request]
  const { origin, pattern } = behaviourIn(table, (request.url ?? '/').split('?', 1)[0] ?? '')
  let route = pattern
  response.once('close', () => {
    const status = String(response.statusCode)
    measure('http.server.request.duration', (performance.now() - began) / 1000, {
      'http.request.method': methodOf(request),
      'http.route': route,
      'http.response.status_code': status,
    })
    if (origin === 'app') return
    measure('lectern.edge.sent', Math.max(0, socket.bytesWritten - before), { origin })
    if (response.statusCode >= 400) measure('lectern.edge.refusals', 1, { origin, 'http.response.status_code': status })
  })
  return (template) => {
    route = template
  }
}
