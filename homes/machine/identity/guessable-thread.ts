import { parentPort, workerData } from 'node:worker_threads'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import type { Guess, Guessed } from './guessable.ts'

/** Of zxcvbn's scores: 2 is above a million guesses. Five in a quarter of an hour are all that the sign-in lets anybody make. */
const LEAST_SCORE = 2

// It is begun with this alone.
const { password, about } = workerData as Guessed
const { score } = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs }).check(password, [...about])
const guess: Guess = score < LEAST_SCORE ? 'easy' : 'hard'
parentPort?.postMessage(guess)
