import type { Explanation } from '#contract/grants.ts'

/** A stretch of time drawn as a strip. Milliseconds since 1970. */
export type Span = { fromMs: number; toMs: number }

const SHORTEST_PAD_MS = 30 * 60_000
/** How near to what has happened, as a share of the strip, the moment clings to it. */
const CLING = 0.012

/** All that has happened, all that is to come, and now, with some room at both ends. */
export const spanOf = ({ facts, periods }: Pick<Explanation, 'facts' | 'periods'>, nowMs: number): Span => {
  const moments = [...facts.map(({ at }) => Date.parse(at)), ...periods.flatMap(({ to }) => (to === undefined ? [] : Date.parse(to))), nowMs]
  const [first, last] = [Math.min(...moments), Math.max(...moments)]
  const pad = Math.max(SHORTEST_PAD_MS, (last - first) * 0.06)
  return { fromMs: first - pad, toMs: last + pad }
}

/** Where a moment lies on the strip, 0 … 1. */
export const shareOf = ({ fromMs, toMs }: Span, ms: number): number => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)))

/** The moment at a place on the strip: what has happened close by draws it on. */
export const momentAt = (span: Span, ms: number, facts: Explanation['facts']): number => {
  const near = facts
    .map(({ at }) => Date.parse(at))
    .filter((fact) => Math.abs(shareOf(span, fact) - shareOf(span, ms)) <= CLING)
    .sort((one, other) => Math.abs(one - ms) - Math.abs(other - ms))
  return near[0] ?? Math.round(ms)
}
