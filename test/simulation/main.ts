import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { hashOf } from './random.ts'
import { trySeeds } from './seeds.ts'

const OPTIONS = {
  seed: { type: 'string' },
  seeds: { type: 'string' },
  from: { type: 'string' },
  workers: { type: 'string' },
  kills: { type: 'string' },
} as const

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const whole = (name: string, text: string): number => {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`--${name} is a whole number, not ${text}.`)
  return number
}

/** Tells one history whole. */
const replay = async (seed: number): Promise<boolean> => {
  // Imported where they are needed: whoever only starts threads does not wait for all of the school to be read.
  const [{ history }, { report }] = await Promise.all([import('./run.ts'), import('./report.ts')])
  const lived = await history(seed)
  const lines = lived.lines()
  for (const line of lines) say(line)
  say('')
  say(lived.broken.length > 0 ? report(lived) : `Seed ${seed}: every invariant holds after ${lived.steps} lines. History ${hashOf(lines)}.`)
  return lived.broken.length === 0
}

const tryMany = async (from: number, count: number, workers: number): Promise<boolean> => {
  const began = performance.now()
  const rate = (histories: number): string => `${Math.round(histories / ((performance.now() - began) / 1000))} a second`
  let [told, shown] = [began, 0]
  const tried = await trySeeds({ from, count, workers }, ({ histories, failed }) => {
    // At once: whoever tries a hundred thousand wants to look at the first meanwhile.
    for (const { report: text } of failed.slice(shown)) say(`\n${text}`)
    shown = failed.length
    if (performance.now() - told < 10_000) return
    told = performance.now()
    say(`  ${histories} of ${count} histories, ${rate(histories)}, ${failed.length} failed`)
  })
  say(
    `\n${tried.histories} histories of ${Math.round(tried.steps / tried.histories)} lines each, seeds from ${from}, ${workers} threads, ${rate(tried.histories)}`,
  )
  say(`${tried.failed.length} failed`)
  return tried.failed.length === 0
}

const KILLS_A_ROUND = 100

/** Kills a real machine, a disk for each hundred. */
const killMany = async (kills: number, from: number): Promise<boolean> => {
  const { survive } = await import('./kills/kills.ts')
  const sums = { kills: 0, atPoints: 0, acknowledged: 0, lost: 0, doubled: 0, torn: 0 }
  let slowestMs = 0
  for (let round = 0; sums.kills < kills; round += 1) {
    const lived = await survive({ kills: Math.min(KILLS_A_ROUND, kills - sums.kills), seed: from + round })
    for (const says of [...lived.lost, ...lived.doubled, ...lived.torn]) say(`  ✗ ${says}`)
    sums.kills += lived.kills
    for (const name of ['atPoints', 'lost', 'doubled', 'torn'] as const) sums[name] += lived[name].length
    sums.acknowledged += lived.acknowledged
    slowestMs = Math.max(slowestMs, lived.drainedMs)
    say(`  ${JSON.stringify(sums)}, drained within ${Math.round(slowestMs)} ms`)
  }
  return sums.lost + sums.doubled + sums.torn === 0
}

const { values } = parseArgs({ options: OPTIONS })
const from = whole('from', values.from ?? '1')

const asked = (): Promise<boolean> => {
  const { seed, seeds, workers, kills } = values
  if (seed !== undefined) return replay(whole('seed', seed))
  if (kills !== undefined) return killMany(whole('kills', kills), from)
  return tryMany(from, whole('seeds', seeds ?? '2000'), whole('workers', workers ?? String(availableParallelism())))
}
process.exitCode = (await asked()) ? 0 : 1
