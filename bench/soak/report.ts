import type { Judged } from './judging.ts'
import type { Seen } from './messages.ts'
import type { KindOf } from './tally.ts'

const MOST_REASONS = 20

const aligned = (lines: readonly (readonly string[])[]): string[] => {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines.map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '))
}

const milliseconds = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0))

const requests = (kinds: readonly KindOf[], minutes: number): string[] =>
  aligned([
    ['', 'requests', 'a second', 'p50 ms', 'p95 ms', 'p99 ms', 'longest'],
    ...kinds.map(({ kind, count, p50, p95, p99, longest }) => [
      kind,
      String(count),
      (count / minutes / 60).toFixed(1),
      ...[p50, p95, p99, longest].map(milliseconds),
    ]),
  ])

export type Told = {
  kinds: readonly KindOf[]
  errors: readonly { what: string; times: number }[]
  judged: readonly Judged[]
  minutes: number
  seen: { first: Seen; last: Seen }
  worstLately: number
  load: { before: number; after: number }
}

/** What a person reads at the end. */
export const report = ({ kinds, errors, judged, minutes, seen: { first, last }, worstLately, load }: Told): string => {
  const cpu = (last.cpuSeconds - first.cpuSeconds) / minutes / 60
  const words = { kept: 'kept', broken: 'BROKEN', open: 'too short to say' }
  return [
    ...requests(kinds, minutes),
    '',
    ...errors.slice(0, MOST_REASONS).map(({ what, times }) => `${times} × ${what}`),
    ...(errors.length > MOST_REASONS ? [`and ${errors.length - MOST_REASONS} other reasons`] : []),
    `the school: ${(cpu * 100).toFixed(0)} % of a core, resident ${first.rssMb.toFixed(0)} → ${last.rssMb.toFixed(0)} MB, alive on its heap ${first.heapMb.toFixed(1)} → ${last.heapMb.toFixed(1)} MB`,
    `its event loop was late by ${last.delay.p50.toFixed(1)} ms in the middle, ${last.delay.max.toFixed(0)} ms at most; p99 of the worst ten seconds ${worstLately.toFixed(1)} ms`,
    `the machine’s load: ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} at the end`,
    '',
    ...judged.map(({ promise, found, verdict }) => `${words[verdict].padEnd(16)}  ${promise}: ${found}`),
  ].join('\n')
}
