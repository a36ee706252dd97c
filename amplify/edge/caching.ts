import type { Stack } from 'aws-cdk-lib'
import { CfnCachePolicy } from 'aws-cdk-lib/aws-cloudfront'
import type { Row } from '../../homes/aws/wiring.ts'

const DAY = 24 * 3600
/** AWS's own policies: no caching; everything of the viewer's request but its host, which a gateway would not know. */
export const UNCACHED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
export const WHOLE_REQUEST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac'

/**
 * How long the edge itself keeps what came from the store, in seconds, where the object does not say. Viewers are told by the row;
 * media may be made anew under the same key, pages change when somebody publishes.
 */
const KEPT: Record<Exclude<Row['origin'], 'app'>, { usual: number; most: number }> = {
  media: { usual: 60, most: DAY },
  files: { usual: 60, most: DAY },
  catalogue: { usual: 1, most: 60 },
  site: { usual: 1, most: 365 * DAY },
}
const forEver = { usual: DAY, most: 365 * DAY }

/** Nothing of the request but its path is part of the key: neither cookies nor the query that opened it. */
export const cachePolicies = (stack: Stack, prefix: string) => {
  const made = new Map<string, CfnCachePolicy>()
  return ({ origin, cacheControl }: Row): string => {
    if (origin === 'app') return UNCACHED
    const { usual, most } = cacheControl?.value.includes('immutable') ? forEver : KEPT[origin]
    const name = `${prefix}-${usual}-${most}`
    const policy =
      made.get(name) ??
      new CfnCachePolicy(stack, `cache-${usual}-${most}`, {
        cachePolicyConfig: {
          name,
          minTtl: 0,
          defaultTtl: usual,
          maxTtl: most,
          parametersInCacheKeyAndForwardedToOrigin: {
            cookiesConfig: { cookieBehavior: 'none' },
            headersConfig: { headerBehavior: 'none' },
            queryStringsConfig: { queryStringBehavior: 'none' },
            enableAcceptEncodingBrotli: true,
            enableAcceptEncodingGzip: true,
          },
        },
      })
    made.set(name, policy)
    return policy.ref
  }
}
