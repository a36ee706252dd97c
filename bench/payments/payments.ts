import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { heardFrom, type Part, percentile, start } from '../parts.ts'
import { type Bench, type BenchOptions, type Entry, row } from '../rows.ts'
import { type Looking, lookInto } from './looking.ts'
import type { Asked, Load, Loaded, Told } from './messages.ts'

/** What a call to a payment provider takes across a continent. */
const PROVIDER_MS = 150
const EVENTS_A_SECOND = 200
const PAGES_A_SECOND = 50
const CATALOGUE = '/catalogue/index.json'
/** Quiet and busy take turns, so that what else goes on upon the machine falls on both. */
const ROUNDS = 5
const LONGEST_SECONDS = 3600

const script = (name: string): URL => new URL(name, import.meta.url)

const parts = async (folder: string, opened: <P extends Pick<Part, 'stop'>>(part: P) => P) => {
  const provider = opened(start(script('./provider.ts'), String(PROVIDER_MS)))
  // Each script sends this first.
  const { port } = (await heardFrom(provider.child)) as { port: number }
  const post = opened(start(script('./post.ts'), `${folder}-post`))
  // As above.
  const { smtpUrl } = (await heardFrom(post.child)) as { smtpUrl: string }
  const host = opened(start(script('./host.ts'), folder, `http://127.0.0.1:${port}`, smtpUrl))
  // As above.
  const school = (await heardFrom(host.child)) as { port: number; secret: string }
  const looking = lookInto(join(folder, 'school.sqlite'))
  opened({ stop: async () => looking.close() })
  const ask = async (asked: Asked): Promise<Told> => {
    host.child.send(asked)
    // The host answers each question with one of these.
    const told = (await heardFrom(host.child)) as Told
    if (told.what === 'failed') throw new Error(told.why)
    return told
  }
  const load = async (what: Load, enough: Promise<unknown> = new Promise(() => {})): Promise<Loaded> => {
    const one = opened(start(script('./load.ts')))
    one.child.send(what)
    void enough.then(() => one.child.send('enough'))
    // The script answers with one of these.
    const answer = (await heardFrom(one.child)) as Loaded | { failed: string }
    await one.stop()
    if ('failed' in answer) throw new Error(answer.failed)
    if (answer.refused > 0) throw new Error(`${answer.refused} of ${answer.latencies.length} were refused.`)
    return answer
  }
  return { ask, load, looking, ...school }
}
type Parts = Awaited<ReturnType<typeof parts>>

const pages = ({ port }: Parts, seconds: number): Load => ({ what: 'pages', path: CATALOGUE, port, perSecond: PAGES_A_SECOND, seconds })

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Until everybody has heard of everything: access, receipts and letters. */
const workedOff = async ({ owes }: Looking): Promise<void> => {
  while (owes()) await pause(50)
}

type Round = { seconds: number; busy: number[]; quiet: number[] }

/** So many stored events are worked off while visitors look at the catalogue, and then they look for as long again. */
const round = async (school: Parts, first: number, count: number): Promise<Round> => {
  await school.ask({ what: 'sell', first, count })
  const began = performance.now()
  await school.ask({ what: 'pile', first, count })
  const done = workedOff(school.looking)
  const from = performance.now()
  const busy = await school.load(pages(school, LONGEST_SECONDS), done)
  const over = performance.now()
  const quiet = await school.load(pages(school, (over - from) / 1000))
  return { seconds: (over - began) / 1000, busy: busy.latencies, quiet: quiet.latencies }
}

/** A backlog of so many stored events, worked off in portions. */
const drain = async (school: Parts, { events, say }: BenchOptions): Promise<Entry[]> => {
  await school.ask({ what: 'start' })
  // A program that has just begun is slow in everything.
  await round(school, 900_000, 200)
  const rounds: Round[] = []
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    const first = Math.floor((turn * events) / ROUNDS)
    const one = await round(school, first, Math.floor(((turn + 1) * events) / ROUNDS) - first)
    say(`round ${turn + 1}: catalogue's p99 ${percentile(one.busy, 99).toFixed(1)} ms, ${percentile(one.quiet, 99).toFixed(1)} ms in quiet`)
    rounds.push(one)
  }
  const seconds = rounds.reduce((sum, one) => sum + one.seconds, 0)
  const [quiet, busy] = [rounds.flatMap((one) => one.quiet), rounds.flatMap((one) => one.busy)]
  const [before, during] = [percentile(quiet, 99), percentile(busy, 99)]
  say(`${events} events worked off in ${seconds.toFixed(1)} s, ${(events / seconds).toFixed(0)} a second`)
  say(
    `catalogue meanwhile: p50 ${percentile(busy, 50).toFixed(1)} ms, p99 ${during.toFixed(1)} ms; in quiet: ${percentile(quiet, 50).toFixed(1)} and ${before.toFixed(1)} ms`,
  )
  return [
    row({
      name: 'payments.drain',
      unit: 's',
      ours: seconds,
      yardstick: `limit: 300 s for 10,000 events, here ${events}`,
      theirs: (300 * events) / 10_000,
      goal: 1,
    }),
    row({ name: 'payments.drain.catalogue.p99', unit: 'ms', ours: during, yardstick: 'ours while nothing is worked off', theirs: before, goal: 1.2 }),
  ]
}

/** From when a webhook was sent until its learner was let in. */
const access = async (school: Parts, { say }: BenchOptions, first: number): Promise<Entry[]> => {
  const [sales, perSecond] = [100, 5]
  await school.ask({ what: 'sell', first, count: sales })
  const { sentAt } = await school.load({
    what: 'hooks',
    port: school.port,
    secret: school.secret,
    first,
    sales,
    perSecond: perSecond * 4,
    seconds: sales / perSecond,
  })
  const granted = school.looking.since
  for (let looked = 0; looked < 100 && sentAt.some(([learner]) => !granted.has(learner)); looked += 1) await pause(100)
  const waits = sentAt.map(([learner, at]) => Number((granted.get(learner) ?? 0n) - BigInt(at)) / 1e9)
  if (waits.some((wait) => wait < 0)) throw new Error('Somebody who has paid was not let in.')
  say(`webhook to access: p50 ${(percentile(waits, 50) * 1000).toFixed(0)} ms, p95 ${(percentile(waits, 95) * 1000).toFixed(0)} ms`)
  return [
    row({ name: 'payments.access.p95', unit: 's', ours: percentile(waits, 95), yardstick: 'limit: 2 s', theirs: 2, goal: 1 }),
    row({ name: 'payments.access.p99', unit: 's', ours: percentile(waits, 99), yardstick: 'limit: 5 s', theirs: 5, goal: 1 }),
  ]
}

/** The receiver under a steady stream, while what it takes is worked off beside it. */
const receive = async (school: Parts, { seconds, say }: BenchOptions, first: number): Promise<Entry[]> => {
  const sales = (EVENTS_A_SECOND * seconds) / 4
  await school.ask({ what: 'sell', first, count: sales })
  const { latencies } = await school.load({ what: 'hooks', port: school.port, secret: school.secret, first, sales, perSecond: EVENTS_A_SECOND, seconds })
  const p99 = percentile(latencies, 99)
  say(`${latencies.length} webhooks in ${seconds} s: p50 ${percentile(latencies, 50).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, none refused`)
  return [row({ name: 'payments.receiver.p99', unit: 'ms', ours: p99, yardstick: `limit: 50 ms at ${EVENTS_A_SECOND} a second`, theirs: 50, goal: 1 })]
}

/** The machine home's payments over HTTP and on its disk; whoever asks and whoever is asked are processes of their own. */
export const payments: Bench = async (options) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-bench-payments-'))
  const open: Pick<Part, 'stop'>[] = []
  try {
    const school = await parts(join(folder, 'data'), (part) => {
      open.push(part)
      return part
    })
    const drained = await drain(school, options)
    const accessed = await access(school, options, 1_000_000)
    return [...drained, ...accessed, ...(await receive(school, options, 2_000_000))]
  } finally {
    for (const part of open.toReversed()) await part.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
