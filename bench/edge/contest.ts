import { cpuOf } from '../usage.ts'
import type { Asked } from './load.ts'
import type { Listening, Load } from './processes.ts'

/** One thing asked of several servers; `bytes` is what an answer's body has at least. */
export type Contest = { name: string; bytes: number; contestants: Contestant[] }
export type Contestant = { key: 'ours' | 'nginx' | 'node'; server: Listening; requests: Asked[] }

/** What a contestant of a contest spent in each round: CPU milliseconds a request. */
export type Spent = { name: string; key: Contestant['key']; rounds: number[] }

export const medianOf = (rounds: readonly number[]): number => {
  const sorted = rounds.toSorted((one, other) => one - other)
  const [below = 0, above = below] = sorted.slice(Math.ceil(sorted.length / 2) - 1)
  return sorted.length % 2 === 1 ? below : (below + above) / 2
}

/** CPU is counted in hundredths of a second, which of so much is a small part. */
const ROUND_CPU_SECONDS = 0.6
const FEWEST = 50
const MOST = 20_000

/** How many requests make a round, when `count` of them cost so much. */
export const roundOf = (count: number, cpuSeconds: number): number => {
  const wanted = (count * ROUND_CPU_SECONDS) / Math.max(cpuSeconds, 0.01)
  return Math.round(Math.min(MOST, Math.max(FEWEST, wanted)))
}

const cpuFor = async (load: Load, { name, bytes }: Contest, { key, server, requests }: Contestant, count: number): Promise<number> => {
  const before = cpuOf(server.pid)
  const received = await load.ask({ port: server.port, requests, count })
  const spent = cpuOf(server.pid) - before
  if (received < count * bytes) throw new Error(`${name}: ${key} sent ${received} bytes instead of ${count * bytes}.`)
  return spent
}

const WARM_UP = 300

/**
 * Every server asked for everything in turn, again and again, so that what else the machine does falls on all of them
 * alike. A warm-up, which does not count, tells how many requests each needs.
 */
export const compete = async (contests: readonly Contest[], load: Load, rounds: number): Promise<Spent[]> => {
  const turns: { spent: Spent; once(): Promise<number> }[] = []
  for (const contest of contests) {
    for (const contestant of contest.contestants) {
      await cpuFor(load, contest, contestant, WARM_UP)
      const count = roundOf(WARM_UP, await cpuFor(load, contest, contestant, WARM_UP))
      const once = async (): Promise<number> => ((await cpuFor(load, contest, contestant, count)) / count) * 1000
      turns.push({ spent: { name: contest.name, key: contestant.key, rounds: [] }, once })
    }
  }
  for (let round = 0; round < rounds; round += 1) for (const { spent, once } of turns) spent.rounds.push(await once())
  return turns.map(({ spent }) => spent)
}
