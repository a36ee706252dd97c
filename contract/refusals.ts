/** Every refusal there is, with its HTTP status. The browser turns the codes into its own language. */
export const REFUSALS = {
  'not-signed-in': 401,
  'not-enrolled': 403,
  /** What is asked for changes how somebody signs in, and their sign-in is not fresh. */
  'sign-in-again': 403,
  'wrong-password': 403,
  'not-allowed': 403,
  /** The access token was not given what this asks for, or no token opens it. */
  'not-in-scope': 403,
  'access-ended': 403,
  /** Of somebody who has the course: this lesson of it opens later. `because`: course-first, not-yet, lesson-first. */
  'not-yet': 403,
  'not-found': 404,
  conflict: 409,
  'not-ready': 409,
  'not-set-up': 409,
  /** The lesson is kept in the school's repository: change its file, or release it first. */
  'kept-in-git': 409,
  'already-enrolled': 409,
  'not-for-sale': 409,
  /** What it would cost is not what was shown: look at the new price first. */
  'price-changed': 409,
  /** The bank, or the provider, says no; nothing was changed. */
  'payment-refused': 402,
  /** `because`: unknown, over, used-up, used, not-first, not-for-this. */
  'coupon-refused': 409,
  /** Of an invitation: nobody else can take it up. `because`: taken, ended. */
  'no-seat': 409,
  'too-many-streams': 409,
  'stream-ended': 409,
  'upload-incomplete': 409,
  'too-large': 413,
  'wrong-type': 415,
  'bad-input': 422,
  'too-many': 429,
  'payments-down': 503,
  /** Nothing can be saved at this moment, for no fault of who asked; nothing was changed. */
  'not-kept': 503,
  'no-room': 507,
  fault: 500,
} as const
export type RefusalCode = keyof typeof REFUSALS
