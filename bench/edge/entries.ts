import { type Entry, row } from '../rows.ts'
import { medianOf, type Spent } from './contest.ts'
import { SEGMENT_BYTES } from './files.ts'

const YARDSTICKS = [
  { key: 'nginx', yardstick: 'nginx with secure_link' },
  { key: 'node', yardstick: 'plain Node' },
] as const

const MOST_SEGMENT_MS = 2
const MOST_NGINX_TIMES = 4

/** From CPU milliseconds a segment to CPU seconds a gigabyte. */
const A_GIGABYTE = 1e9 / SEGMENT_BYTES / 1000

const roundsOf = (all: readonly Spent[], name: string, key: Spent['key']): number[] | undefined =>
  all.find((each) => each.name === name && each.key === key)?.rounds

/** What something costs one of them: the best of its rounds, for what disturbs one only ever adds. */
const bestOf = (all: readonly Spent[], name: string, key: Spent['key']): number | undefined => {
  const rounds = roundsOf(all, name, key)
  return rounds && Math.min(...rounds)
}

/** Beside nginx in the middle of all rounds as well: what is usual, with whatever disturbed it. */
const usual = (all: readonly Spent[]): Entry[] => {
  const [ours, theirs] = [roundsOf(all, 'segment', 'ours'), roundsOf(all, 'segment', 'nginx')]
  if (!ours || !theirs) return []
  const yardstick = 'nginx with secure_link, median'
  return [row({ name: 'edge.segment.nginx.median.cpu', unit: 'CPU ms', ours: medianOf(ours), yardstick, theirs: medianOf(theirs) })]
}

type Beside = { name: string; unit: string; times?: number; goals?: { nginx?: number } }

/** Ours beside each yardstick that ran. */
const beside = (all: readonly Spent[], contest: string, { name, unit, times = 1, goals = {} }: Beside): Entry[] =>
  YARDSTICKS.flatMap(({ key, yardstick }) => {
    const [ours, theirs] = [bestOf(all, contest, 'ours'), bestOf(all, contest, key)]
    const goal = key === 'nginx' ? goals.nginx : undefined
    if (ours === undefined || theirs === undefined) return []
    return [row({ name: `edge.${name}.${key}.cpu`, unit, ours: ours * times, yardstick, theirs: theirs * times, ...(goal !== undefined && { goal }) })]
  })

/** A segment beside its limit and its goal, and everything else to be read. */
export const entriesOf = (all: readonly Spent[]): Entry[] => {
  const segment = bestOf(all, 'segment', 'ours')
  if (segment === undefined) throw new Error('No segment was served.')
  const others = new Set(all.map(({ name }) => name).filter((name) => name !== 'segment'))
  return [
    row({ name: 'edge.segment.cpu', unit: 'CPU ms', ours: segment, yardstick: 'limit', theirs: MOST_SEGMENT_MS, goal: 1 }),
    ...beside(all, 'segment', { name: 'segment', unit: 'CPU ms', goals: { nginx: MOST_NGINX_TIMES } }),
    ...usual(all),
    ...beside(all, 'segment', { name: 'gigabyte', unit: 'CPU s', times: A_GIGABYTE }),
    ...[...others].flatMap((name) => beside(all, name, { name, unit: 'CPU ms' })),
  ]
}
