import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { runInNewContext } from 'node:vm'
import * as z from 'zod'
import { matchesPattern } from '#core/delivery/behaviours.ts'
import { cloudFront, REFUSALS } from '#homes/machine/cloudfront.ts'
import { ACCOUNT } from '../endpoint.ts'
import type { Deployment } from './deployment.ts'
import type { Answered, Asked, Gateways } from './gateway.ts'
import { headersOf } from './told-headers.ts'

const Row = z.object({
  PathPattern: z.string().default('*'),
  TargetOriginId: z.string(),
  AllowedMethods: z.array(z.string()),
  OriginRequestPolicyId: z.string().optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  TrustedKeyGroups: z.array(z.string()).default([]),
  FunctionAssociations: z.array(z.object({ EventType: z.literal('viewer-request'), FunctionARN: z.string() })).default([]),
})
type Row = z.infer<typeof Row>
const Origin = z.object({ Id: z.string(), DomainName: z.string(), OriginAccessControlId: z.string().optional() })
const Group = z.object({
  Id: z.string(),
  FailoverCriteria: z.object({ StatusCodes: z.object({ Items: z.array(z.number()) }) }),
  Members: z.object({ Items: z.array(z.object({ OriginId: z.string() })) }),
})
const Distribution = z.object({
  DistributionConfig: z.object({
    Aliases: z.array(z.string()).default([]),
    CacheBehaviors: z.array(Row).default([]),
    DefaultCacheBehavior: Row,
    Origins: z.array(Origin),
    OriginGroups: z.object({ Items: z.array(Group) }).default({ Items: [] }),
  }),
})
const KeyGroup = z.object({ KeyGroupConfig: z.object({ Items: z.array(z.string()) }) })
const PublicKey = z.object({ PublicKeyConfig: z.object({ EncodedKey: z.string() }) })
const Program = z.object({ FunctionCode: z.string() })

/** AWS's own policy: everything of the viewer's request but its host. */
const WHOLE_REQUEST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac'

const Rewritten = z.union([
  z.object({
    statusCode: z.number(),
    headers: z.record(z.string(), z.object({ value: z.string() })).default({}),
    body: z.object({ data: z.string() }).optional(),
  }),
  z.object({ uri: z.string(), method: z.string() }),
])

const say = (status: number, text: string): Answered => ({ status, headers: [['content-type', 'text/plain; charset=utf-8']], body: Buffer.from(text) })

export type Bucket = { read(bucket: string, key: string, asked: Asked): Promise<Answered> }

const keysIn = (deployment: Deployment, groups: readonly string[]) => {
  const ids = deployment.all('AWS::CloudFront::KeyGroup', KeyGroup).flatMap(({ is, KeyGroupConfig }) => (groups.includes(is.ref) ? KeyGroupConfig.Items : []))
  return deployment
    .all('AWS::CloudFront::PublicKey', PublicKey)
    .flatMap(({ is, PublicKeyConfig }) => (ids.includes(is.ref) ? [{ id: is.ref, publicKey: PublicKeyConfig.EncodedKey }] : []))
}

/** What a distribution of the templates answers: behaviours, keys, programs, origins and headers as they stand there. Nothing is cached. */
export const distributionOf = (deployment: Deployment, { gateways, bucket }: { gateways: Gateways; bucket: Bucket }) => {
  const [found] = deployment.all('AWS::CloudFront::Distribution', Distribution)
  if (!found) throw new Error('The templates have no distribution.')
  const { DistributionConfig: config, is } = found
  const rows = [...config.CacheBehaviors, config.DefaultCacheBehavior]
  const programs = deployment.all('AWS::CloudFront::Function', Program)
  const told = headersOf(deployment)
  const doors = new Map(rows.map((row) => [row, row.TrustedKeyGroups.length > 0 ? cloudFront(keysIn(deployment, row.TrustedKeyGroups)) : undefined]))

  const rewritten = (row: Row, host: string, asked: Asked): Asked | Answered => {
    const arn = row.FunctionAssociations[0]?.FunctionARN
    if (arn === undefined) return asked
    const program = programs.find((each) => each.is.ref === arn)
    if (!program) throw new Error(`The behaviour ${row.PathPattern} calls ${arn}, which is not there.`)
    const headers = Object.fromEntries(Object.entries({ ...asked.headers, host }).map(([name, value]) => [name, { value }]))
    const event = { request: { method: asked.method, uri: asked.path, headers, querystring: {}, cookies: {} } }
    const result = Rewritten.parse(
      runInNewContext(`${program.FunctionCode}\n;JSON.parse(JSON.stringify(handler(event)))`, { event, require: createRequire(import.meta.url) }),
    )
    if ('uri' in result) return { ...asked, path: result.uri }
    const own = Object.entries(result.headers).map(([name, { value }]): [string, string] => [name, value])
    return { status: result.statusCode, headers: own, body: Buffer.from(result.body?.data ?? '') }
  }

  const fromOrigin = async (id: string, row: Row, asked: Asked): Promise<Answered> => {
    const origin = config.Origins.find(({ Id }) => Id === id)
    if (!origin) throw new Error(`The behaviour ${row.PathPattern} goes to ${id}, which is no origin.`)
    const name = /^(.+)\.s3\.[^.]+\.amazonaws\.com$/.exec(origin.DomainName)?.[1]
    if (name !== undefined) return origin.OriginAccessControlId === undefined ? say(403, 'Access Denied') : bucket.read(name, asked.path.slice(1), asked)
    const isWhole = row.OriginRequestPolicyId === WHOLE_REQUEST
    const passed = isWhole
      ? { ...asked, headers: { ...asked.headers, host: origin.DomainName } }
      : { ...asked, query: '', headers: { host: origin.DomainName } }
    return gateways.answer(origin.DomainName, passed)
  }

  const answered = async (row: Row, asked: Asked): Promise<Answered> => {
    const group = config.OriginGroups.Items.find(({ Id }) => Id === row.TargetOriginId)
    if (!group) return fromOrigin(row.TargetOriginId, row, asked)
    const [first, second] = group.Members.Items.map(({ OriginId }) => OriginId)
    const tried = await fromOrigin(first ?? '', row, asked)
    return group.FailoverCriteria.StatusCodes.Items.includes(tried.status) && second !== undefined ? fromOrigin(second, row, asked) : tried
  }

  const serve = async (row: Row, host: string, asked: Asked): Promise<Answered> => {
    if (!row.AllowedMethods.includes(asked.method)) return say(403, 'This distribution is not configured to allow the HTTP request method.')
    const url = `https://${host}${asked.path}${asked.query && `?${asked.query}`}`
    const refusal = doors.get(row)?.({ url, cookies: asked.headers['cookie'], address: undefined, now: new Date() })
    if (refusal)
      return {
        status: 403,
        headers: [['content-type', 'text/xml']],
        body: Buffer.from(`<Error><Code>${refusal}</Code><Message>${REFUSALS[refusal]}</Message></Error>`),
      }
    const passed = rewritten(row, host, asked)
    return 'status' in passed ? passed : answered(row, passed)
  }

  return {
    id: is.ref,
    arn: `arn:aws:cloudfront::${ACCOUNT}:distribution/${is.ref}`,
    aliases: config.Aliases,
    /** Which behaviour answered stands in the answer beside it. */
    async answer(host: string, asked: Asked): Promise<Answered> {
      const row = rows.find(({ PathPattern }) => matchesPattern(PathPattern, asked.path)) ?? config.DefaultCacheBehavior
      const { status, headers, body } = await serve(row, host, asked)
      const all = told(row.ResponseHeadersPolicyId, headers, asked.headers['origin'])
      return { status, body, headers: [...all, ['x-rehearsed-behaviour', row.PathPattern]] }
    },
  }
}

export type DistributionPlay = ReturnType<typeof distributionOf>

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  // An IncomingMessage without an encoding yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const askedIn = async (request: IncomingMessage): Promise<Asked> => {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s, 2)
  const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const])))
  return { method: request.method ?? 'GET', path, query, headers, body: await bodyOf(request) }
}

/** Serves one host of a distribution at an address of this machine. `current`: the distribution as it is deployed at the moment. */
export const openHost = async (host: string, current: () => DistributionPlay): Promise<{ url: string; close(): void }> => {
  const server: Server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const { status, headers, body } = await current().answer(host, await askedIn(request))
      const cookies = headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)
      const plain = headers.filter(([name]) => name !== 'set-cookie' && name !== 'content-length')
      response.writeHead(status, { ...Object.fromEntries(plain), ...(cookies.length > 0 && { 'set-cookie': cookies }) })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    take().catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' })
      response.end(error instanceof Error ? error.message : String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server that listens has an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
