import { hashOf } from './random.ts'
import type { History } from './run.ts'

const MOST_LINES = 40

/** Ids of the school's and the provider's that a sentence names. */
const namedIn = (text: string): string[] => [...text.matchAll(/\b(?:ord|cs|pi|evt|sub|in|mem)_\d+/g)].map(([id]) => id)

/** What somebody needs who mends it: what does not hold, the last steps that had to do with it, and how to see it again. */
export const report = ({ seed, broken, lines: written }: Pick<History, 'seed' | 'broken' | 'lines'>): string => {
  const lines = written()
  const named = [...new Set(broken.flatMap(({ says }) => namedIn(says)))]
  const about = lines.filter((line) => named.some((id) => line.includes(id)))
  const shown = (about.length > 0 ? about : lines).slice(-MOST_LINES)
  return [
    `Seed ${seed}: ${broken.length === 1 ? 'an invariant does not hold' : `${broken.length} times an invariant does not hold`}.`,
    ...broken.slice(0, 8).map(({ invariant, says }) => `  ✗ ${invariant}: ${says}`),
    `  The last ${shown.length} steps that name ${about.length > 0 ? named.join(', ') : 'anything'}, of ${lines.length}:`,
    ...shown.map((line) => `    ${line}`),
    `  History ${hashOf(lines)}. The whole of it: npm run simulate -- --seed ${seed}`,
  ].join('\n')
}
