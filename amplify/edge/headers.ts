import type { Stack } from 'aws-cdk-lib'
import { CfnResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront'
import type { Row } from '../../homes/aws/wiring.ts'

const READ = ['GET', 'HEAD']

type Config = CfnResponseHeadersPolicy.ResponseHeadersPolicyConfigProperty

/** CloudFront takes these in fields of their own and refuses them among the custom ones. */
const SECURITY: Record<string, (value: string, override: boolean) => CfnResponseHeadersPolicy.SecurityHeadersConfigProperty> = {
  'content-security-policy': (value, override) => ({ contentSecurityPolicy: { contentSecurityPolicy: value, override } }),
  'x-content-type-options': (_, override) => ({ contentTypeOptions: { override } }),
  'x-frame-options': (value, override) => ({ frameOptions: { frameOption: value, override } }),
  'referrer-policy': (value, override) => ({ referrerPolicy: { referrerPolicy: value, override } }),
  'strict-transport-security': (value) => ({
    strictTransportSecurity: { accessControlMaxAgeSec: Number(/max-age=(\d+)/.exec(value)?.[1]), includeSubdomains: false, override: true },
  }),
}

/** The program may say otherwise of its own answers: its documents have a policy of their own. */
const isFinal = ({ origin }: Row): boolean => origin !== 'app'

const customOf = (row: Row): CfnResponseHeadersPolicy.CustomHeaderProperty[] => {
  const { headers, cacheControl } = row
  return [
    ...Object.entries(headers)
      .filter(([name]) => !(name in SECURITY))
      // An object's own name takes the place of the bare word `attachment`.
      .map(([header, value]) => ({ header, value, override: isFinal(row) && header !== 'content-disposition' })),
    ...(cacheControl ? [{ header: 'cache-control', value: cacheControl.value, override: cacheControl.precedence === 'edge' }] : []),
  ]
}

/** Pages of one origin, with their cookies; a player adds a range and nothing else. */
const sharedWith = (origin: string): CfnResponseHeadersPolicy.CorsConfigProperty => ({
  accessControlAllowCredentials: true,
  accessControlAllowOrigins: { items: [origin] },
  accessControlAllowMethods: { items: [...READ] },
  accessControlAllowHeaders: { items: ['range'] },
  accessControlExposeHeaders: { items: ['content-length', 'content-range', 'etag'] },
  originOverride: true,
})

/** What a row of the table tells the viewer. */
export const headersConfig = (name: string, behaviour: Row): Config => {
  const security = Object.entries(behaviour.headers).flatMap(([header, value]) => SECURITY[header]?.(value, isFinal(behaviour)) ?? [])
  const custom = customOf(behaviour)
  return {
    name,
    securityHeadersConfig: Object.assign({}, ...security),
    ...(custom.length > 0 && { customHeadersConfig: { items: custom } }),
    ...(behaviour.readableFrom !== undefined && { corsConfig: sharedWith(behaviour.readableFrom) }),
  }
}

/** Rows that tell the same share a policy: an account has twenty. */
export const headersPolicies = (stack: Stack, prefix: string) => {
  const made = new Map<string, CfnResponseHeadersPolicy>()
  return (behaviour: Row): string => {
    const { headers, cacheControl, readableFrom } = behaviour
    const told = JSON.stringify({ headers, cacheControl, readableFrom, isFinal: isFinal(behaviour) })
    const name = `${prefix}-${made.size + 1}`
    const policy =
      made.get(told) ?? new CfnResponseHeadersPolicy(stack, `headers-${made.size + 1}`, { responseHeadersPolicyConfig: headersConfig(name, behaviour) })
    made.set(told, policy)
    return policy.ref
  }
}
