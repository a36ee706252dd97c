import type { RefusalData } from '#contract/base.ts'
import type { RefusalCode } from '#contract/refusals.ts'

/**
 * An answer, not a fault: the caller asked for what they may not have or what is not so. Its code fixes the HTTP status;
 * `because` tells cases of one code apart, where the browser has words for each.
 */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly data: RefusalData | undefined
  constructor(code: RefusalCode, message: string, because?: string | RefusalData) {
    super(message)
    this.code = code
    this.data = typeof because === 'string' ? { because } : because
  }
  get because(): string | undefined {
    return this.data?.because
  }
}

/** Someone else's is refused just like what does not exist, so that ids cannot be probed. */
export const missing = (what: string): Refusal => new Refusal('not-found', `There is no such ${what}.`)
