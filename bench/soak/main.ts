import { once, setMaxListeners } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, setPriority, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { logsBelow } from '#test/journeys/secrets.ts'
import { seeded } from '#test/simulation/random.ts'
import { browser } from './asking.ts'
import { isBroken, judge, type Point } from './judging.ts'
import { learns } from './learners.ts'
import type { Seen } from './messages.ts'
import { type Pausing, pausing } from './pausing.ts'
import { report } from './report.ts'
import { type Scene, setUp } from './scene.ts'
import { openSchool, type School } from './school.ts'
import { type Tally, tally } from './tally.ts'
import { makes, sends, type Work } from './teachers.ts'

const HELP = `
  npm run soak                 a school with 200 people in it, a film being made and one being sent, for half an hour

  --minutes=30                 how long, a warm-up of a fifth of it (five minutes at most) included
  --learners=200               how many people
  --seed=1                     of their pace, and of what they do
  --upload-mb=400              how long the file is that is sent again and again
  --profile=<folder>           puts a CPU profile there, and what lies on the heap after the warm-up and at the end

`

const say = (line: string): void => void process.stdout.write(`  ${line}\n`)

/** Behind the school, and before the programs that make films: whoever learns does so on a machine of their own. */
const NICENESS = 10
const LOOK_SECONDS = 10
const ARRIVAL_SECONDS = 30
const PROFILED_SECONDS = 30
const WARM_UP = { share: 0.2, mostMinutes: 5 }

type Options = { minutes: number; learners: number; seed: number; uploadMb: number; profile: string | undefined }

const asked = (): Options | 'help' => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { help: { type: 'boolean' }, minutes: text, learners: text, seed: text, 'upload-mb': text, profile: text } })
  if (values.help) return 'help'
  const number = (name: 'minutes' | 'learners' | 'seed' | 'upload-mb', usual: number): number => {
    const value = Number(values[name] ?? usual)
    if (value > 0) return value
    throw new TypeError(`--${name} is a number above 0, not "${values[name]}".`)
  }
  const { profile } = values
  const counts = { minutes: number('minutes', 30), learners: number('learners', 200), seed: number('seed', 1), uploadMb: number('upload-mb', 400) }
  return { ...counts, profile: profile === undefined ? undefined : resolve(profile) }
}

const BAR = 30
const progress = (share: number, line: string): void => {
  const done = Math.min(BAR, Math.round(share * BAR))
  const bar = `${'█'.repeat(done)}${'░'.repeat(BAR - done)}`
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K  ${bar} ${line}`)
  else say(`${bar} ${line}`)
}

/** Everybody at once, from now on until `signal`; it is over when the last of them has finished what they were at. */
const crowd = (
  { port }: School,
  { shelf, learners, making, sending }: Scene,
  { tally: counting, signal, options }: Crowd,
): { over: Promise<unknown>; work: Work } => {
  const random = seeded(options.seed)
  const waits = pausing(signal)
  const people = learners.map(({ token }, number) => {
    const address = `10.0.${Math.floor(number / 250)}.${(number % 250) + 1}`
    const one = { browser: browser({ port, token, address, tally: counting }), random: random.split(), pausing: waits, name: `a-browser-${number}` }
    return learns({ ...one, shelf, bought: new Set<string>(), tally: counting }, random.fraction() * ARRIVAL_SECONDS)
  })
  const work: Work = { transcodes: 0, uploads: 0 }
  const busy = { pausing: waits, tally: counting, work }
  return { over: Promise.all([...people, makes(making, busy), sends(sending, busy, options.uploadMb * 1024 ** 2)]), work }
}
type Crowd = { tally: Tally; signal: AbortSignal; options: Options }

/** Until the warm-up is over. In the middle of it garbage is collected: memory that this gives back is taken again in the minutes after, and is not to look like growth. */
const warmedUp = async (school: School, { options, waits, minutes, warmUp, tell }: Warming): Promise<Seen> => {
  let alive: number | undefined
  while (minutes() < warmUp && !waits.isOver()) {
    const collects = alive === undefined && minutes() >= warmUp / 2
    const seen = await school.ask({ what: 'look', collects })
    if (collects) alive = seen.heapMb
    tell(seen)
    await waits.seconds(Math.min(LOOK_SECONDS, (warmUp - minutes()) * 60))
  }
  if (options.profile !== undefined) await school.ask({ what: 'heap', path: join(options.profile, 'after-warm-up.heapsnapshot') })
  const first = await school.ask({ what: 'begin' })
  return { ...first, heapMb: alive ?? first.heapMb }
}
type Warming = { options: Options; waits: Pausing; minutes: () => number; warmUp: number; tell: (seen: Seen) => void }

type Watched = { first: Seen; memory: Point[]; worstLately: number; minutes: number }

/** Looks at the school now and then; what was before the warm-up was over is forgotten, errors excepted. */
const watched = async (school: School, { tally: counting, signal, options }: Crowd): Promise<Watched> => {
  const waits = pausing(signal)
  const [began, warmUp] = [performance.now(), Math.min(WARM_UP.mostMinutes, options.minutes * WARM_UP.share)]
  const minutes = (): number => (performance.now() - began) / 60_000
  const told = (seen: Seen): string => {
    const [requests, errors] = [counting.requests(), counting.errors().reduce((sum, { times }) => sum + times, 0)]
    return `${minutes().toFixed(1)} of ${options.minutes} min, ${requests} requests, ${errors} errors, ${seen.rssMb.toFixed(0)} MB, late by ${seen.lately.p99.toFixed(1)} ms (p99)`
  }
  const tell = (seen: Seen): void => progress(minutes() / options.minutes, `warming up: ${told(seen)}`)
  const first = await warmedUp(school, { options, waits, minutes, warmUp, tell })
  counting.begin()
  const from = minutes()
  const profiled = options.profile === undefined ? undefined : school.ask({ what: 'profile', folder: options.profile, seconds: PROFILED_SECONDS })
  await profiled
  const found: Watched = { first, memory: [], worstLately: 0, minutes: 0 }
  while (minutes() < options.minutes && !signal.aborted) {
    await waits.seconds(Math.min(LOOK_SECONDS, (options.minutes - minutes()) * 60))
    const seen = await school.ask({ what: 'look' })
    found.memory.push({ minutes: minutes(), mb: seen.rssMb })
    found.worstLately = Math.max(found.worstLately, seen.lately.p99)
    progress(minutes() / options.minutes, told(seen))
  }
  return { ...found, minutes: minutes() - from }
}

/** What the school itself complains of. */
const complaints = async ({ data }: School, counting: Tally): Promise<void> => {
  const lines = (await logsBelow(data)).flatMap(({ text }) => text.split('\n')).filter((line) => /"level":"(?:error|fatal)"/.test(line))
  for (const line of lines) {
    // An object that the school wrote.
    const { msg, listener, err } = JSON.parse(line) as { msg: string; listener?: string; err?: { message?: string } }
    counting.failed('the school’s log', [msg, listener, err?.message].filter((part) => part !== undefined).join(', '))
  }
}

const soak = async (school: School, options: Options, ending: AbortController): Promise<boolean> => {
  const before = loadavg()[0] ?? 0
  const settingUp = setUp(school, { say, learners: options.learners, seconds: (options.minutes + 60) * 60, waits: pausing(ending.signal) })
  // Whoever has had enough does not wait for films; what is asked of the school that is stopped then fails, and is of no account.
  settingUp.catch(() => undefined)
  const scene = await Promise.race([settingUp, once(ending.signal, 'abort').then(() => undefined)])
  if (!scene) return true
  const how = { tally: tally(), signal: ending.signal, options }
  const { over, work } = crowd(school, scene, how)
  const { first, memory, worstLately, minutes } = await watched(school, how)
  const isCutShort = ending.signal.aborted
  // The delay that counts was before this; what is collected then is not.
  const last = await school.ask({ what: 'look', collects: true })
  if (options.profile !== undefined) await school.ask({ what: 'heap', path: join(options.profile, 'at-the-end.heapsnapshot') })
  const [kinds, requests] = [how.tally.kinds(), how.tally.requests()]
  ending.abort()
  await over
  await complaints(school, how.tally)
  const errors = how.tally.errors()
  const judged = judge({ requests, memory, work, delayP99: last.delay.p99, errors: errors.reduce((sum, { times }) => sum + times, 0) })
  const told = { kinds, errors, judged, minutes, seen: { first, last }, worstLately, load: { before, after: loadavg()[0] ?? 0 } }
  process.stdout.write(`\n\n${report(told).replace(/^(?=.)/gm, '  ')}\n\n`)
  if (isCutShort) say('Ended early.\n')
  return isCutShort || isBroken(judged)
}

const run = async (options: Options): Promise<void> => {
  const ending = new AbortController()
  setMaxListeners(0, ending.signal)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort())
  const folder = await mkdtemp(join(tmpdir(), 'lectern-soak-'))
  let school: School | undefined
  try {
    school = await openSchool(join(folder, 'data'))
    // Not before: the school would take after this.
    setPriority(NICENESS)
    process.exitCode = (await soak(school, options, ending)) ? 1 : 0
  } finally {
    await school?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the person asked for wrongly is told without a stack. */
const askedOrTold = (): Options | 'help' | undefined => {
  try {
    return asked()
  } catch (error) {
    process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n${HELP}`)
    process.exitCode = 1
    return undefined
  }
}

const options = askedOrTold()
if (options === 'help') process.stdout.write(HELP)
else if (options) await run(options)
