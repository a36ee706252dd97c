import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifySignature, type Wire } from './sigv4.ts'

/** One call of a service's API, its signature verified. `principal` is who signed it; undefined for what needs no signature. */
export type Call = {
  principal: string | undefined
  isPresigned: boolean
  method: string
  /** Percent-encoded as it was sent. */
  url: URL
  headers: IncomingHttpHeaders
  body: Buffer
}

export type Answer = { status: number; headers?: Record<string, string>; body?: string | Uint8Array }

/** What somebody needs leave for, in IAM's words: `s3:GetObject` of `arn:aws:s3:::bucket/key`. */
export type Ask = {
  action: string
  resource: string
  /** What a statement's conditions may ask about: `iam:PassedToService`. */
  context?: Record<string, string>
}

/** A service of AWS as a program on this machine speaks to it: real clients, real protocol. */
export type Service = {
  /** As it stands in a signature's scope: `s3`, `dynamodb`, `sqs`, `sns`, `events`, `mediaconvert`, `cognito-idp`, `secretsmanager`. */
  name: string
  /** What the call needs leave for; every one of them. */
  asks(call: Call): Ask[]
  answer(call: Call): Promise<Answer>
  /** Whether a request without a signature is for this service: a browser's preflight, a sign-up. Not asked for leave. */
  takesUnsigned?(wire: Wire): boolean
  /** How this service words a refusal; JSON where it does not say. */
  refuse?(status: number, code: string, message: string): Answer
  close?(): Promise<void>
}

export const REGION = 'eu-central-1'
export const ACCOUNT = '111122223333'

export type Endpoint = {
  /** For AWS_ENDPOINT_URL. */
  url: string
  /** The keys somebody signs with: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. */
  credentials(principal: string): { accessKeyId: string; secretAccessKey: string }
  /** Those of a session of a role, with what it is tagged with; worth nothing without their token. */
  session(role: string, tags: Record<string, string>): { accessKeyId: string; secretAccessKey: string; sessionToken: string }
  /** Every call that was refused for want of leave, in order. */
  refused: readonly (Ask & { principal: string })[]
  close(): Promise<void>
}

type Options = {
  services: readonly Service[]
  now(): Date
  /** Whether IAM lets somebody do this; everybody may do everything where it is left out. */
  allows?(principal: string, ask: Ask): boolean
}

const PREFIX = 'AKIDLECTERN'
const accessKeyOf = (principal: string): string => PREFIX + Buffer.from(principal).toString('hex').toUpperCase()
const principalOf = (accessKey: string): string => Buffer.from(accessKey.slice(PREFIX.length), 'hex').toString()
const secretOf = (accessKey: string): string | undefined => (accessKey.startsWith(PREFIX) ? `secret-of-${accessKey}` : undefined)

/** A bucket may be named by the host, and is signed so: its path as one of this address. */
const pathStyle = ({ headers, target }: Wire): string => {
  const bucket = /^(.+)\.s3\.[\w-]+\.amazonaws\.com$/.exec(headers.host ?? '')?.[1]
  return bucket === undefined ? target : `/${bucket}${target}`
}

/** A session's principal is its role, and what it is tagged with as a query. */
const tokenOf = (accessKey: string): string => `token-of-${accessKey}`
const isToken = ({ headers, target }: Wire, accessKey: string): boolean => {
  const given = headers['x-amz-security-token'] ?? new URL(target, 'http://endpoint').searchParams.get('X-Amz-Security-Token')
  return given === tokenOf(accessKey)
}

/** The role that a principal has, and its tags as a policy asks for them. */
export const sessionOf = (principal: string): { role: string; tags: Record<string, string> } => {
  const [role = '', query = ''] = principal.split('?')
  return { role, tags: Object.fromEntries([...new URLSearchParams(query)].map(([tag, value]) => [`aws:PrincipalTag/${tag}`, value])) }
}

const asJson = (status: number, code: string, message: string): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: code, message }),
})

const send = (response: ServerResponse, { status, headers = {}, body = '' }: Answer): void => {
  response.writeHead(status, { 'x-amzn-requestid': 'local', 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  // An IncomingMessage without an encoding yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Serves all services at one address on this machine, as AWS_ENDPOINT_URL wants it. Whose call it is stands in its signature. */
export const openEndpoint = async ({ services, now, allows = () => true }: Options): Promise<Endpoint> => {
  const refused: (Ask & { principal: string })[] = []

  const answered = async (wire: Wire): Promise<Answer> => {
    const target = pathStyle(wire)
    const call = { method: wire.method, url: new URL(target, 'http://endpoint'), headers: wire.headers, body: wire.body }
    const open = services.find((service) => service.takesUnsigned?.({ ...wire, target }))
    if (open) return open.answer({ ...call, principal: undefined, isPresigned: false })
    const verified = verifySignature(wire, { secretOf, now: now() })
    const scoped = /(?:\/|%2F)([a-z0-9-]+)(?:\/|%2F)aws4_request/.exec(`${wire.headers.authorization ?? ''} ${wire.target}`)?.[1]
    const service = services.find(({ name }) => name === scoped)
    const refuse = service?.refuse ?? asJson
    if (typeof verified === 'string') return refuse(403, verified, 'The request is not signed as it must be.')
    if (!service) return refuse(501, 'NotImplemented', `There is no ${scoped} here.`)
    const principal = principalOf(verified.accessKey)
    if (principal.includes('?') && !isToken(wire, verified.accessKey))
      return refuse(403, 'InvalidClientTokenId', 'These keys are of a session, and come with its token.')
    const whole = { ...call, principal, isPresigned: verified.isPresigned }
    const denied = service.asks(whole).find((ask) => !allows(principal, ask))
    if (!denied) return service.answer(whole)
    refused.push({ ...denied, principal })
    return refuse(403, 'AccessDeniedException', `${principal} is not authorized to perform ${denied.action} on ${denied.resource}`)
  }

  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const { method = 'GET', url: target = '/', headers } = request
      send(response, await answered({ method, target, headers, body: await bodyOf(request) }))
    }
    take().catch((error: unknown) => {
      if (!response.headersSent) send(response, asJson(500, 'InternalFailure', String(error)))
    })
  })
  // A container may run for longer than Node keeps an idle connection, and whoever uses one at that moment is cut off.
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server that listens has an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    credentials: (principal) => ({ accessKeyId: accessKeyOf(principal), secretAccessKey: `secret-of-${accessKeyOf(principal)}` }),
    session: (role, tags) => {
      const accessKeyId = accessKeyOf(`${role}?${new URLSearchParams(tags)}`)
      return { accessKeyId, secretAccessKey: `secret-of-${accessKeyId}`, sessionToken: tokenOf(accessKeyId) }
    },
    refused,
    async close() {
      server.close()
      server.closeAllConnections()
      await Promise.all(services.map((service) => service.close?.()))
    },
  }
}
