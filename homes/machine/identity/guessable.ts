import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export type Guessed = { password: string; about: readonly string[] }

const THREAD = new URL('./guessable-thread.ts', import.meta.url)
/** Of a longer one its beginning is judged: the whole is worth no less, and the work grows faster than the length. */
const JUDGED = 64

const ask = async (guessed: Guessed): Promise<boolean> => {
  const [isGuessable]: boolean[] = await once(new Worker(THREAD, { workerData: guessed }), 'message')
  return isGuessable !== false
}

let turn: Promise<unknown> = Promise.resolve()

/**
 * Whether a million tries find a password, for a program that knows the commonest ones, keyboards, years, and what it is `about`: names and addresses.
 * By zxcvbn, in a thread that ends with the answer: its lists take 35 MB and a third of a second, and are wanted now and then. One after the other.
 */
export const isGuessable = ({ password, about }: Guessed): Promise<boolean> => {
  const answered = turn.then(() => ask({ password: password.slice(0, JUDGED), about }))
  turn = answered.catch(() => undefined)
  return answered
}
