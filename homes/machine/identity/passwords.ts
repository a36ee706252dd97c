import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { LEAST_PASSWORD } from '../../least-password.ts'
import { guessOf } from './guessable.ts'
import type { Words } from './words/en.ts'

const derive = promisify(argon2)

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
const MOST = 200

const parameters = (password: string, nonce: Buffer): Argon2Parameters => ({ ...COST, message: password.normalize('NFKC'), nonce })

/** In the PHC string format, so that a later cost can tell itself from this one. */
export const hashPassword = async (password: string): Promise<string> => {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', parameters(password, nonce))
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${nonce.toString('base64url')}$${tag.toString('base64url')}`
}

/** Does the same work when there is nothing to compare with, so that time does not tell whether an account exists. */
export const isPassword = async (password: string, stored: string | undefined): Promise<boolean> => {
  const [nonce, tag] = (stored ?? '').split('$').slice(4)
  const made = await derive('argon2id', parameters(password, nonce ? Buffer.from(nonce, 'base64url') : randomBytes(16)))
  const known = Buffer.from(tag ?? '', 'base64url')
  return known.length === made.length && timingSafeEqual(known, made)
}

/** Whose password it is to be, and where: what is guessed first. */
type About = { email: string; name: string; schoolName: string }

const wordsOf = ({ email, name, schoolName }: About): string[] => {
  const wholes = [email, email.split('@', 1)[0] ?? '', name, schoolName]
  return [...new Set(wholes.flatMap((whole) => [whole, whole.replaceAll(' ', ''), ...whole.split(/[^\p{L}\p{N}]+/u)]))].filter((word) => word.length > 2)
}

/** Why a new password cannot be one at all, in words for its owner. */
export const passwordFault = (password: string, email: string, { faults }: Words): string | undefined => {
  if (password.length < LEAST_PASSWORD) return faults.tooShort(LEAST_PASSWORD)
  if (password.length > MOST) return faults.tooLong(MOST)
  return password.trim().toLowerCase() === email ? faults.passwordIsEmail : undefined
}

/** Why it will not do for this person, which takes a moment to find out: asked behind whatever bounds how often one may ask. */
export const weakness = async (password: string, about: About, { faults }: Words): Promise<string | undefined> =>
  ({ easy: faults.guessable, busy: faults.busy, hard: undefined })[await guessOf({ password, about: wordsOf(about) })]
