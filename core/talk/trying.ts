import { Refusal } from '#core/refusal.ts'

/** Others write in the same thread at the same moment; of those that do, one succeeds with each try. */
const MOST_TRIES = 24

/** Reads and writes anew until nobody has written in between. */
export const trying = async <T>(attempt: () => Promise<T | 'conflict'>): Promise<T> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const outcome = await attempt()
    if (outcome !== 'conflict') return outcome
  }
  throw new Refusal('conflict', 'Very many are writing here at this moment. Try again.')
}
