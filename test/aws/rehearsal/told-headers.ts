import * as z from 'zod'
import type { Deployment } from './deployment.ts'

const Items = z.object({ Items: z.array(z.string()) })
const Security = z.object({
  ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.string() }).optional(),
  ContentTypeOptions: z.object({}).optional(),
  FrameOptions: z.object({ FrameOption: z.string() }).optional(),
  ReferrerPolicy: z.object({ ReferrerPolicy: z.string() }).optional(),
  StrictTransportSecurity: z.object({ AccessControlMaxAgeSec: z.number() }).optional(),
})
const Policy = z.object({
  ResponseHeadersPolicyConfig: z.object({
    CustomHeadersConfig: z.object({ Items: z.array(z.object({ Header: z.string(), Value: z.string(), Override: z.boolean() })) }).optional(),
    SecurityHeadersConfig: Security.optional(),
    CorsConfig: z
      .object({
        AccessControlAllowCredentials: z.boolean(),
        AccessControlAllowOrigins: Items,
        AccessControlAllowMethods: Items,
        AccessControlAllowHeaders: Items,
      })
      .optional(),
  }),
})
type Config = z.infer<typeof Policy>['ResponseHeadersPolicyConfig']

const securityOf = ({ SecurityHeadersConfig: of }: Config): [string, string | undefined][] => [
  ['content-security-policy', of?.ContentSecurityPolicy?.ContentSecurityPolicy],
  ['x-content-type-options', of?.ContentTypeOptions && 'nosniff'],
  ['x-frame-options', of?.FrameOptions?.FrameOption],
  ['referrer-policy', of?.ReferrerPolicy?.ReferrerPolicy],
  ['strict-transport-security', of?.StrictTransportSecurity && `max-age=${of.StrictTransportSecurity.AccessControlMaxAgeSec}`],
]

const corsOf = ({ CorsConfig: of }: Config, origin: string | undefined): [string, string | undefined][] => {
  if (!of || origin === undefined || !of.AccessControlAllowOrigins.Items.includes(origin)) return []
  return [
    ['access-control-allow-origin', origin],
    ['access-control-allow-credentials', String(of.AccessControlAllowCredentials)],
    ['access-control-allow-methods', of.AccessControlAllowMethods.Items.join(', ')],
    ['access-control-allow-headers', of.AccessControlAllowHeaders.Items.join(', ')],
  ]
}

/** What each response headers policy makes of an answer, by the policy's id. */
export const headersOf = (deployment: Deployment) => {
  const policies = deployment.all('AWS::CloudFront::ResponseHeadersPolicy', Policy)
  return (id: string | undefined, own: readonly [string, string][], origin: string | undefined): [string, string][] => {
    const config = policies.find(({ is }) => is.ref === id)?.ResponseHeadersPolicyConfig
    if (!config) return [...own]
    const custom = config.CustomHeadersConfig?.Items ?? []
    const yields = custom.filter(({ Override }) => !Override).filter(({ Header }) => !own.some(([name]) => name === Header.toLowerCase()))
    const over = [
      ...custom.filter(({ Override }) => Override).map(({ Header, Value }): [string, string | undefined] => [Header.toLowerCase(), Value]),
      ...securityOf(config),
      ...corsOf(config, origin),
    ].flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]))
    const isOver = new Set(over.map(([name]) => name))
    return [...own.filter(([name]) => !isOver.has(name)), ...yields.map(({ Header, Value }): [string, string] => [Header.toLowerCase(), Value]), ...over]
  }
}
