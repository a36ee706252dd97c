import * as z from 'zod'

/** A post-confirmation event of a user pool, as far as we read it. */
const Confirmation = z.object({
  userPoolId: z.string(),
  userName: z.string().min(1),
  triggerSource: z.string(),
  request: z.object({ userAttributes: z.record(z.string(), z.string()) }),
})

const confirmation = (event: unknown, trigger: string) => {
  const parsed = Confirmation.safeParse(event)
  const id = parsed.success && parsed.data.triggerSource === trigger ? parsed.data.request.userAttributes['sub'] : undefined
  return parsed.success && id ? { id, username: parsed.data.userName, pool: parsed.data.userPoolId } : undefined
}

export type Confirmed = { id: string; username: string; pool: string }

/** Somebody who has just confirmed their address and so joined. A new password comes by the same trigger and makes nobody. */
export const confirmed = (event: unknown): Confirmed | undefined => confirmation(event, 'PostConfirmation_ConfirmSignUp')

/** Somebody who has just chosen a new password in place of a forgotten one. */
export const chosePassword = (event: unknown): Confirmed | undefined => confirmation(event, 'PostConfirmation_ConfirmForgotPassword')
