import { randomUUID } from 'node:crypto'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as z from 'zod'
import { ACCOUNT, REGION } from '../endpoint.ts'
import type { Deployment } from './deployment.ts'
import type { Functions } from './functions.ts'
import type { Leave } from './leave.ts'

/** A request as it reaches an origin. */
export type Asked = { method: string; path: string; query: string; headers: Record<string, string>; body: Buffer }
export type Answered = { status: number; headers: [string, string][]; body: Buffer }

const Api = z.object({ ProtocolType: z.literal('HTTP') })
const Stage = z.object({ ApiId: z.string(), StageName: z.string() })
const Route = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.string().default('NONE'),
  AuthorizerId: z.string().optional(),
})
const Integration = z.object({ ApiId: z.string(), IntegrationUri: z.string(), PayloadFormatVersion: z.literal('2.0') })
const Authorizer = z.object({ JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }) })

const Result = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
}) satisfies z.ZodType<APIGatewayProxyStructuredResultV2>

const say = (status: number, message: string): Answered => ({
  ...{ status, headers: [['content-type', 'application/json']] },
  body: Buffer.from(JSON.stringify({ message })),
})

const isRouted = (key: string, { method, path }: Asked): boolean => {
  const [wanted = '', pattern = ''] = key.split(' ')
  if (wanted !== 'ANY' && wanted !== method) return false
  const parts = pattern.split('/')
  const steps = path.split('/')
  return parts.length === steps.length && parts.every((part, at) => (part.startsWith('{') ? steps[at] !== '' : part === steps[at]))
}

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const eventOf = (asked: Asked, route: string, claims: Record<string, string> | undefined): APIGatewayProxyEventV2 => {
  const { cookie, ...headers } = asked.headers
  const { method, path } = asked
  return {
    ...{ version: '2.0', routeKey: route, rawPath: decoded(path), rawQueryString: asked.query, headers },
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    requestContext: {
      ...{
        accountId: ACCOUNT,
        apiId: 'api',
        domainName: headers['host'] ?? '',
        domainPrefix: 'api',
        requestId: randomUUID(),
        routeKey: route,
        stage: '$default',
      },
      ...{ time: new Date().toISOString(), timeEpoch: Date.now() },
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: headers['user-agent'] ?? '' },
      ...(claims && { authorizer: { jwt: { claims, scopes: [] }, principalId: '', integrationLatency: 0 } }),
    },
    ...(asked.body.length > 0 && { body: asked.body.toString('base64') }),
    isBase64Encoded: asked.body.length > 0,
  }
}

/** A gateway writes claims as texts. */
const textsOf = (claims: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, Array.isArray(value) ? `[${value.join(' ')}]` : String(value)]))

type Options = { deployment: Deployment; leave: Leave; functions: Functions; hosts: Record<string, string> }

/** The HTTP APIs of a deployment, by the hosts they are reached at: routes, authorizers and integrations as its templates have them. */
export const gateways = ({ deployment, leave, functions, hosts }: Options) => {
  const apis = deployment.all('AWS::ApiGatewayV2::Api', Api)
  const stages = deployment.all('AWS::ApiGatewayV2::Stage', Stage)
  const routes = deployment.all('AWS::ApiGatewayV2::Route', Route)
  const integrations = deployment.all('AWS::ApiGatewayV2::Integration', Integration)
  const authorizers = deployment.all('AWS::ApiGatewayV2::Authorizer', Authorizer)
  const keys = new Map<string, ReturnType<typeof createRemoteJWKSet>>()

  const keysOf = (issuer: string): ReturnType<typeof createRemoteJWKSet> => {
    const url = new URL(`${issuer}/.well-known/jwks.json`)
    const place = new URL(url.pathname, hosts[url.hostname] ?? 'http://127.0.0.1:9')
    const set = keys.get(issuer) ?? createRemoteJWKSet(place)
    keys.set(issuer, set)
    return set
  }

  /** The claims of a token that the route's authorizer takes; undefined for any other. An access token names its client, not an audience. */
  const claimsFor = async (authorizerId: string | undefined, asked: Asked): Promise<Record<string, string> | undefined> => {
    const authorizer = authorizers.find(({ is }) => is.ref === authorizerId)
    const token = /^Bearer (.+)$/.exec(asked.headers['authorization'] ?? '')?.[1]
    if (!authorizer || token === undefined) return undefined
    const { Issuer: issuer, Audience } = authorizer.JwtConfiguration
    try {
      const { payload } = await jwtVerify(token, keysOf(issuer), { issuer })
      const meant = [payload.aud, payload['client_id']].flat().map(String)
      return Audience.some((each) => meant.includes(each)) ? textsOf(payload) : undefined
    } catch {
      return undefined
    }
  }

  return {
    hosts: apis.map(({ is }) => `${is.ref}.execute-api.${REGION}.amazonaws.com`),
    async answer(host: string, asked: Asked): Promise<Answered> {
      const id = host.split('.')[0] ?? ''
      const isUp = apis.some(({ is }) => is.ref === id) && stages.some(({ ApiId, StageName }) => ApiId === id && StageName === '$default')
      if (!isUp) return say(404, 'Not Found')
      const own = routes.filter(({ ApiId }) => ApiId === id)
      // A route without parameters goes before one with them, and $default comes last.
      const hit = own.filter(({ RouteKey }) => isRouted(RouteKey, asked)).toSorted((a, b) => a.RouteKey.split('{').length - b.RouteKey.split('{').length)[0]
      const route = hit ?? own.find(({ RouteKey }) => RouteKey === '$default')
      const integration = integrations.find(({ is, ApiId }) => ApiId === id && route?.Target === `integrations/${is.ref}`)
      if (!route || !integration) return say(404, 'Not Found')
      const claims = route.AuthorizationType === 'JWT' ? await claimsFor(route.AuthorizerId, asked) : undefined
      if (route.AuthorizationType === 'JWT' && !claims) return say(401, 'Unauthorized')
      const arn = integration.IntegrationUri
      if (!leave.mayInvoke(arn, 'apigateway.amazonaws.com', `arn:aws:execute-api:${REGION}:${ACCOUNT}:${id}/$default/${route.RouteKey.replace(' ', '')}`))
        return say(500, `The gateway may not call ${arn}.`)
      const { statusCode, headers, cookies, body, isBase64Encoded } = Result.parse(await functions.invoke(arn, eventOf(asked, route.RouteKey, claims)))
      return {
        status: statusCode,
        headers: [
          ...Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), String(value)]),
          ...cookies.map((cookie): [string, string] => ['set-cookie', cookie]),
        ],
        body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
      }
    },
  }
}

export type Gateways = ReturnType<typeof gateways>
