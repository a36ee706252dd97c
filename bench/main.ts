import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { edge } from './edge/edge.ts'
import { payments } from './payments/payments.ts'
import { circumstances, writeResults } from './results.ts'
import type { Bench, Entry } from './rows.ts'
import { scale } from './scale/scale.ts'
import { table } from './table.ts'
import { findFfmpeg } from './video/ffmpeg.ts'
import { video } from './video/video.ts'

const BENCHES: Record<string, Bench> = { video, edge, payments, scale }

const HELP = `
  npm run bench                every bench: ours beside its yardsticks, as ratios
  npm run bench -- video       only this one of: ${Object.keys(BENCHES).join(', ')}

  --runs=2                     how often each contestant runs (at the edge, three rounds a run); the best counts
  --seconds=60                 how long the video bench's source is, and how long webhooks are sent
  --events=10000               how many stored payment events are worked off
  --enrolments=1000000         how many the large school of the scale bench has
  --no-long                    leave out the 60-minute lecture
  --profile                    also tell where our CPU seconds go

`

const say = (line: string): void => void process.stdout.write(`  ${line}\n`)

const count = (text: string, name: string): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new TypeError(`--${name} is a whole number from 1 on, not "${text}".`)
}

const asked = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      help: { type: 'boolean', default: false },
      long: { type: 'boolean', default: true },
      profile: { type: 'boolean', default: false },
      runs: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '60' },
      events: { type: 'string', default: '10000' },
      enrolments: { type: 'string', default: '1000000' },
    },
  })
  const unknown = positionals.find((name) => !(name in BENCHES))
  if (unknown !== undefined) throw new TypeError(`There is no bench "${unknown}"; there are: ${Object.keys(BENCHES).join(', ')}.`)
  const whole = (name: 'seconds' | 'runs' | 'events' | 'enrolments'): number => count(values[name], name)
  const counts = { seconds: whole('seconds'), runs: whole('runs'), events: whole('events'), enrolments: whole('enrolments') }
  const options = { ...counts, isLong: values.long, isProfiled: values.profile, say }
  return { isHelp: values.help, options, names: positionals.length > 0 ? positionals : Object.keys(BENCHES) }
}

const run = async ({ names, options }: ReturnType<typeof asked>): Promise<void> => {
  const ffmpeg = findFfmpeg()
  const measuredOn = circumstances(new Date(), 'path' in ffmpeg ? ffmpeg.version : ffmpeg.skip)
  say(`${measuredOn.cores} × ${measuredOn.cpu}, load ${measuredOn.loadAtStart} at the start`)
  if (measuredOn.loadAtStart > 0.2 * measuredOn.cores) say('The machine is busy with other things: trust CPU seconds, not the wall clock.')
  const entries: Entry[] = []
  for (const name of names) {
    say(`\n  ${name}`)
    entries.push(...((await BENCHES[name]?.(options)) ?? []))
  }
  await writeResults(join(import.meta.dirname, 'results.json'), measuredOn, entries)
  process.stdout.write(`\n${table(entries).replace(/^(?=.)/gm, '  ')}\n\n`)
}

try {
  const all = asked()
  if (all.isHelp) process.stdout.write(HELP)
  else await run(all)
} catch (error) {
  // Only what the person asked for wrongly is told without a stack.
  if (!(error instanceof TypeError)) throw error
  process.stderr.write(`\n  ${error.message}\n${HELP}`)
  process.exitCode = 1
}
