import * as z from 'zod'
import type { Deployment } from './deployment.ts'

const Items = z.object({ Items: z.array(z.string()) })
const Security = z.object({
  ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.string(), Override: z.boolean() }).optional(),
  ContentTypeOptions: z.object({ Override: z.boolean() }).optional(),
  FrameOptions: z.object({ FrameOption: z.string(), Override: z.boolean() }).optional(),
  ReferrerPolicy: z.object({ ReferrerPolicy: z.string(), Override: z.boolean() }).optional(),
  StrictTransportSecurity: z.object({ AccessControlMaxAgeSec: z.number(), Override: z.boolean() }).optional(),
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

type Told = { Header: string; Value: string; Override: boolean }

const securityOf = ({ SecurityHeadersConfig: of }: Config): Told[] =>
  [
    { Header: 'content-security-policy', Value: of?.ContentSecurityPolicy?.ContentSecurityPolicy, Override: of?.ContentSecurityPolicy?.Override },
    { Header: 'x-content-type-options', Value: of?.ContentTypeOptions && 'nosniff', Override: of?.ContentTypeOptions?.Override },
    { Header: 'x-frame-options', Value: of?.FrameOptions?.FrameOption, Override: of?.FrameOptions?.Override },
    { Header: 'referrer-policy', Value: of?.ReferrerPolicy?.ReferrerPolicy, Override: of?.ReferrerPolicy?.Override },
    {
      Header: 'strict-transport-security',
      Value: of?.StrictTransportSecurity && `max-age=${of.StrictTransportSecurity.AccessControlMaxAgeSec}`,
      Override: of?.StrictTransportSecurity?.Override,
    },
  ].flatMap(({ Header, Value, Override = true }) => (Value === undefined ? [] : [{ Header, Value, Override }]))

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
    const told = [...(config.CustomHeadersConfig?.Items ?? []), ...securityOf(config)]
    const yields = told.filter(({ Override }) => !Override).filter(({ Header }) => !own.some(([name]) => name === Header.toLowerCase()))
    const over = [
      ...told.filter(({ Override }) => Override).map(({ Header, Value }): [string, string | undefined] => [Header.toLowerCase(), Value]),
      ...corsOf(config, origin),
    ].flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]))
    const isOver = new Set(over.map(([name]) => name))
    return [...own.filter(([name]) => !isOver.has(name)), ...yields.map(({ Header, Value }): [string, string] => [Header.toLowerCase(), Value]), ...over]
  }
}
