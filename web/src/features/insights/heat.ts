import type { Heat } from '#contract/insights.ts'

type Sums = Pick<Heat, 'durationSeconds' | 'seen' | 'shown' | 'stops'>

/** Parts of a video, each with how often it was watched once more than by whom. */
export const againOf = ({ seen, shown }: Pick<Heat, 'seen' | 'shown'>): number[] => shown.map((count, place) => Math.max(0, count - (seen[place] ?? 0)))

export type Tenth = { fromSeconds: number; toSeconds: number; watchedBy: number; again: number; stops: number }

/** The same as few rows: watched and watched again as the mean of their parts, stops added up. */
export const tenthsOf = (heat: Sums): Tenth[] => {
  const size = heat.seen.length / 10
  const again = againOf(heat)
  return Array.from({ length: 10 }, (_, tenth) => {
    const within = (all: readonly number[]): number => all.slice(tenth * size, (tenth + 1) * size).reduce((sum, each) => sum + each, 0)
    const [fromSeconds, toSeconds] = [(heat.durationSeconds * tenth) / 10, (heat.durationSeconds * (tenth + 1)) / 10]
    return { fromSeconds, toSeconds, watchedBy: Math.round(within(heat.seen) / size), again: Math.round(within(again) / size), stops: within(heat.stops) }
  })
}

export type Stretch = { fromSeconds: number; toSeconds: number; count: number }

const NEAR = 0.7
/** Stopping within the last parts is having seen it through. */
const LAST_PARTS = 3

const around = (counts: readonly number[], durationSeconds: number): Stretch | undefined => {
  const most = Math.max(0, ...counts)
  if (most === 0) return undefined
  let [from, to] = [counts.indexOf(most), counts.indexOf(most) + 1]
  while (from > 0 && (counts[from - 1] ?? 0) >= most * NEAR) from -= 1
  while (to < counts.length && (counts[to] ?? 0) >= most * NEAR) to += 1
  const length = durationSeconds / counts.length
  return { fromSeconds: from * length, toSeconds: to * length, count: counts.slice(from, to).reduce((sum, each) => sum + each, 0) }
}

/** The stretch that is watched again most, where any is. */
export const mostAgain = (heat: Sums): Stretch | undefined => around(againOf(heat), heat.durationSeconds)

/** Where most have stopped; its end is no such place. */
export const mostStops = (heat: Sums): Stretch | undefined =>
  around(
    heat.stops.map((count, place) => (place < heat.stops.length - LAST_PARTS ? count : 0)),
    heat.durationSeconds,
  )
