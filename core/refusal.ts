import type { RefusalCode } from '#contract/base.ts'

/** An answer, not a fault: the caller asked for what they may not have or what is not so. Its code fixes the HTTP status. */
export class Refusal extends Error {
  readonly code: RefusalCode
  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Someone else's is refused just like what does not exist, so that ids cannot be probed. */
export const missing = (what: string): Refusal => new Refusal('not-found', `There is no such ${what}.`)
