export const MOST_DELAY_MS = 20
export const MOST_SLOPE_MB = 1
/** Below this a slope says more about when garbage was collected than about memory that never comes back. */
export const LEAST_MINUTES = 10

export type Point = { minutes: number; mb: number }

/** By least squares, in MB a minute; of fewer than two moments nothing can be said. */
export const slopeOf = (points: readonly Point[]): number => {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(({ minutes }) => minutes)), mean(points.map(({ mb }) => mb))]
  const spread = points.reduce((sum, { minutes }) => sum + (minutes - x) ** 2, 0)
  return spread === 0 ? Number.NaN : points.reduce((sum, { minutes, mb }) => sum + (minutes - x) * (mb - y), 0) / spread
}

/** `open`: it was too short to be told. */
export type Verdict = 'kept' | 'broken' | 'open'
export type Judged = { promise: string; found: string; verdict: Verdict }

const kept = (isKept: boolean): Verdict => (isKept ? 'kept' : 'broken')

/** Each thing of which one at least was to go on all the while, and how often it was brought to an end. */
type Work = { transcodes: number; uploads: number }
export type Findings = { requests: number; errors: number; delayP99: number; memory: readonly Point[]; work: Work }

/** What nobody asked, and nobody did, keeps no promise. */
export const judge = ({ requests, errors, delayP99, memory, work }: Findings): Judged[] => {
  const minutes = (memory.at(-1)?.minutes ?? 0) - (memory[0]?.minutes ?? 0)
  const slope = slopeOf(memory)
  const slopeIs: Verdict = minutes < LEAST_MINUTES ? 'open' : kept(slope <= MOST_SLOPE_MB)
  const { transcodes, uploads } = work
  return [
    { promise: 'no error', found: `${errors} of ${requests} requests and acts`, verdict: kept(errors === 0 && requests > 0) },
    { promise: `event-loop delay p99 ≤ ${MOST_DELAY_MS} ms`, found: `${delayP99.toFixed(1)} ms`, verdict: kept(delayP99 <= MOST_DELAY_MS) },
    { promise: `memory ≤ ${MOST_SLOPE_MB} MB a minute more`, found: `${slope.toFixed(2)} MB a minute over ${minutes.toFixed(1)} minutes`, verdict: slopeIs },
    {
      promise: 'a film was made and one sent all the while',
      found: `${transcodes} made, ${uploads} sent`,
      verdict: minutes < LEAST_MINUTES ? 'open' : kept(transcodes > 0 && uploads > 0),
    },
  ]
}

export const isBroken = (judged: readonly Judged[]): boolean => judged.some(({ verdict }) => verdict === 'broken')
