import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, BenchOptions, Entry } from '../rows.ts'
import { isCounting, NOT_COUNTING } from '../usage.ts'
import { compete, medianOf, type Spent } from './contest.ts'
import { contestsOf, keepAnswers } from './contests.ts'
import { entriesOf } from './entries.ts'
import { writeFiles } from './files.ts'
import { findNginx, openNginx } from './nginx.ts'
import { openLoad, openPlainNode, openSchool } from './processes.ts'

const ROUNDS_A_RUN = 3

const told = ({ name, key, rounds }: Spent): string => {
  const [best = 0, worst = 0] = [Math.min(...rounds), Math.max(...rounds)]
  return `${name.padEnd(16)} ${key.padEnd(6)} ${best.toFixed(3)} to ${worst.toFixed(3)}, median ${medianOf(rounds).toFixed(3)} CPU ms a request`
}

const measure = async (scratch: string, nginx: ReturnType<typeof findNginx>, { runs, say }: BenchOptions): Promise<Entry[]> => {
  const files = join(scratch, 'files')
  await writeFiles(files)
  const open: { stop(): Promise<void> }[] = []
  const opened = <T extends { stop(): Promise<void> }>(one: T): T => {
    open.push(one)
    return one
  }
  try {
    const school = opened(await openSchool(files))
    await keepAnswers(school, files)
    const servers = {
      school,
      node: opened(await openPlainNode(files)),
      nginx: 'skip' in nginx ? undefined : opened(await openNginx(nginx, files, join(scratch, 'nginx'))),
    }
    const spent = await compete(await contestsOf(servers, files), opened(openLoad()), runs * ROUNDS_A_RUN)
    for (const each of spent) say(told(each))
    return entriesOf(spent)
  } finally {
    await Promise.all(open.map((one) => one.stop()))
  }
}

/** The machine's own edge beside nginx and plain Node: CPU time, whoever asks being another process. */
export const edge: Bench = async (options) => {
  if (!isCounting) return [{ name: 'edge', yardstick: 'limit, nginx and plain Node', skipped: NOT_COUNTING }]
  const nginx = findNginx()
  const scratch = await mkdtemp(join(tmpdir(), 'lectern-bench-edge-'))
  try {
    const entries = await measure(scratch, nginx, options)
    return 'skip' in nginx ? [...entries, { name: 'edge.segment.nginx.cpu', yardstick: 'nginx with secure_link', skipped: nginx.skip }] : entries
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
