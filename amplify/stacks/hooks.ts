import { Duration, type Stack } from 'aws-cdk-lib'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { functionOf } from '../lib/functions.ts'
import { httpApi } from '../lib/http-api.ts'
import type { Names } from '../lib/names.ts'

/** Stripe sends a few a payment, GitHub one a push; whoever floods it must not reach the API's own limits. */
const THROTTLE = { ratePerSecond: 50, burst: 100 }
export const HOOKS = ['POST /hooks/stripe', 'POST /hooks/github'] as const

type Hooking = { names: Names; environment: Readonly<Record<string, string>>; leave: readonly PolicyStatement[] }

/** Other companies' news has an entrance, a function and limits of its own. */
export const hooksStack = (stack: Stack, { names, environment, leave }: Hooking) => {
  const made = functionOf(stack, { names, entry: 'hooks', environment, leave, timeout: Duration.seconds(10), memoryMb: 512 })
  const api = httpApi(stack, { id: 'hooks', names, made, throttle: THROTTLE })
  for (const key of HOOKS)
    api.openRoute(key, 'Other companies have no account here: the function verifies their signature over the raw body before anything else.')
  return { api, function: made }
}
export type Hooks = ReturnType<typeof hooksStack>
