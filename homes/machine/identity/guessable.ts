import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export type Guessed = { password: string; about: readonly string[] }
/** `busy`: so many wait that nobody else is let in. */
export type Guess = 'easy' | 'hard' | 'busy'

const THREAD = new URL('./guessable-thread.ts', import.meta.url)
/** Of a longer one its beginning is judged: the whole is worth no less, and the work grows faster than the length. */
const JUDGED = 64
const MOST_WAITING = 20
const MOST_MS = 10_000

/** @throws when the thread breaks down or has not answered in time */
const ask = async (guessed: Guessed): Promise<Guess> => {
  const worker = new Worker(THREAD, { workerData: guessed })
  try {
    const [guess]: Guess[] = await once(worker, 'message', { signal: AbortSignal.timeout(MOST_MS) })
    return guess ?? 'easy'
  } finally {
    void worker.terminate()
  }
}

let turn: Promise<unknown> = Promise.resolve()
let waiting = 0

/**
 * Whether a million tries find a password, for a program that knows the commonest ones, keyboards, years, and what it is `about`: names and addresses.
 * By zxcvbn, in a thread that ends with the answer: its lists take 35 MB and a third of a second, and are wanted now and then. One after the other.
 */
export const guessOf = async ({ password, about }: Guessed): Promise<Guess> => {
  if (waiting >= MOST_WAITING) return 'busy'
  waiting += 1
  // As it is hashed: what two keyboards type is one password.
  const guessed = { password: password.normalize('NFKC').slice(0, JUDGED), about }
  const answered = turn.then(() => ask(guessed)).finally(() => (waiting -= 1))
  turn = answered.catch(() => undefined)
  return answered
}
