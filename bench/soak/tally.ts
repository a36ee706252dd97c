import { percentile } from '../parts.ts'

/** What was asked and what came of it, since it was last begun anew. */
export type Tally = {
  answered(kind: string, milliseconds: number): void
  failed(kind: string, why: string): void
  begin(): void
  requests(): number
  kinds(): KindOf[]
  /** Each reason once, the most frequent first. */
  errors(): { what: string; times: number }[]
}
export type KindOf = { kind: string; count: number; p50: number; p95: number; p99: number; longest: number }

export const tally = (): Tally => {
  const taken = new Map<string, number[]>()
  const reasons = new Map<string, number>()
  return {
    answered(kind, milliseconds) {
      const known = taken.get(kind)
      if (known) known.push(milliseconds)
      else taken.set(kind, [milliseconds])
    },
    failed(kind, why) {
      const what = `${kind}: ${why}`
      reasons.set(what, (reasons.get(what) ?? 0) + 1)
    },
    // What failed while it warmed up failed all the same.
    begin: () => taken.clear(),
    requests: () => [...taken.values()].reduce((sum, { length }) => sum + length, 0),
    kinds: () =>
      [...taken]
        .map(([kind, values]) => ({
          ...{ kind, count: values.length, p50: percentile(values, 50), p95: percentile(values, 95), p99: percentile(values, 99) },
          longest: values.reduce((most, value) => Math.max(most, value), 0),
        }))
        .toSorted((one, other) => other.count - one.count),
    errors: () => [...reasons].map(([what, times]) => ({ what, times })).toSorted((one, other) => other.times - one.times),
  }
}
