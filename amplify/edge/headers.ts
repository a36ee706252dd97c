import type { Stack } from 'aws-cdk-lib'
import { CfnResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront'
import type { Row } from '../../homes/aws/wiring.ts'

const READ = ['GET', 'HEAD']

type Config = CfnResponseHeadersPolicy.ResponseHeadersPolicyConfigProperty

/** CloudFront takes these in fields of their own and refuses them among the custom ones. */
const SECURITY: Record<string, (value: string) => CfnResponseHeadersPolicy.SecurityHeadersConfigProperty> = {
  'content-security-policy': (value) => ({ contentSecurityPolicy: { contentSecurityPolicy: value, override: true } }),
  'x-content-type-options': () => ({ contentTypeOptions: { override: true } }),
  'x-frame-options': (value) => ({ frameOptions: { frameOption: value, override: true } }),
  'referrer-policy': (value) => ({ referrerPolicy: { referrerPolicy: value, override: true } }),
}

/** HTTPS alone, for two years, as browsers' lists ask; it says nothing of hosts beside these. */
const TRANSPORT = { strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, includeSubdomains: false, override: true } } as const

const customOf = ({ headers, cacheControl }: Row): CfnResponseHeadersPolicy.CustomHeaderProperty[] => [
  ...Object.entries(headers)
    .filter(([name]) => !(name in SECURITY))
    // An object's own name takes the place of the bare word `attachment`.
    .map(([header, value]) => ({ header, value, override: header !== 'content-disposition' })),
  ...(cacheControl ? [{ header: 'cache-control', value: cacheControl.value, override: cacheControl.precedence === 'edge' }] : []),
]

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
  const security = Object.entries(behaviour.headers).flatMap(([header, value]) => SECURITY[header]?.(value) ?? [])
  const custom = customOf(behaviour)
  return {
    name,
    securityHeadersConfig: Object.assign({ ...TRANSPORT }, ...security),
    ...(custom.length > 0 && { customHeadersConfig: { items: custom } }),
    ...(behaviour.readableFrom !== undefined && { corsConfig: sharedWith(behaviour.readableFrom) }),
  }
}

/** Rows that tell the same share a policy: an account has twenty. */
export const headersPolicies = (stack: Stack, prefix: string) => {
  const made = new Map<string, CfnResponseHeadersPolicy>()
  return (behaviour: Row): string => {
    const { headers, cacheControl, readableFrom } = behaviour
    const told = JSON.stringify({ headers, cacheControl, readableFrom })
    const name = `${prefix}-${made.size + 1}`
    const policy =
      made.get(told) ?? new CfnResponseHeadersPolicy(stack, `headers-${made.size + 1}`, { responseHeadersPolicyConfig: headersConfig(name, behaviour) })
    made.set(told, policy)
    return policy.ref
  }
}
