import { createRequire } from 'node:module'
import { runInNewContext } from 'node:vm'
import * as z from 'zod'
import { matchesPattern } from '#core/delivery/behaviours.ts'
import { cloudFront, REFUSALS } from '#homes/machine/cloudfront.ts'
import { ACCOUNT } from '../endpoint.ts'
import type { Deployment } from './deployment.ts'
import { Distribution, KeyGroup, Program, PublicKey, type Row } from './distribution-config.ts'
import type { Answered, Asked, Gateways } from './gateway.ts'
import { headersOf } from './told-headers.ts'

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

/** What the program of a behaviour makes of a request: another address, or an answer. */
const rewritten = (deployment: Deployment, { row, host, asked }: { row: Row; host: string; asked: Asked }): Asked | Answered => {
  const arn = row.FunctionAssociations[0]?.FunctionARN
  if (arn === undefined) return asked
  const program = deployment.all('AWS::CloudFront::Function', Program).find((each) => each.is.ref === arn)
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

/** What a distribution of the templates answers: behaviours, keys, programs, origins and headers as they stand there. Nothing is cached. */
export const distributionOf = (
  deployment: Deployment,
  { gateways, bucket, secretOf }: { gateways: Gateways; bucket: Bucket; secretOf(name: string): string },
) => {
  const [found] = deployment.all('AWS::CloudFront::Distribution', Distribution)
  if (!found) throw new Error('The templates have no distribution.')
  const { DistributionConfig: config, is } = found
  const rows = [...config.CacheBehaviors, config.DefaultCacheBehavior]
  const told = headersOf(deployment)
  const doors = new Map(rows.map((row) => [row, row.TrustedKeyGroups.length > 0 ? cloudFront(keysIn(deployment, row.TrustedKeyGroups)) : undefined]))

  /** As CloudFormation puts a secret where a template only names it. */
  const resolved = (text: string): string => text.replace(/\{\{resolve:secretsmanager:([^:}]+):SecretString\}\}/g, (_, name: string) => secretOf(name))

  const fromOrigin = async (id: string, row: Row, asked: Asked): Promise<Answered> => {
    const origin = config.Origins.find(({ Id }) => Id === id)
    if (!origin) throw new Error(`The behaviour ${row.PathPattern} goes to ${id}, which is no origin.`)
    const name = /^(.+)\.s3\.[^.]+\.amazonaws\.com$/.exec(origin.DomainName)?.[1]
    if (name !== undefined) return origin.OriginAccessControlId === undefined ? say(403, 'Access Denied') : bucket.read(name, asked.path.slice(1), asked)
    const isWhole = row.OriginRequestPolicyId === WHOLE_REQUEST
    const own = Object.fromEntries(origin.OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName, resolved(HeaderValue)]))
    const passed = isWhole
      ? { ...asked, headers: { ...asked.headers, ...own, host: origin.DomainName } }
      : { ...asked, query: '', headers: { ...own, host: origin.DomainName } }
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
    const passed = rewritten(deployment, { row, host, asked })
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
