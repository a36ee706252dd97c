import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Log } from '#ports/log.ts'
import type { EdgeDoor } from './edge-door.ts'
import { during } from './log.ts'

/** Lambda answers at most 6 MB, counted as the JSON it is written in; a little is left for what stands around the body. */
const MOST_ANSWER_BYTES = 6 * 1024 * 1024 - 64 * 1024

/**
 * What a proxy writes about who asked: anybody can write it too. No endpoint asks for an address, so that none is believed, be it
 * CloudFront's, Cloudflare's or the gateway's. What opens the edge's door goes no further than that.
 */
const HEARSAY = /^(x-lectern-edge|x-forwarded-.*|forwarded|x-real-ip|true-client-ip|cf-.*|cloudfront-.*|x-amzn-.*)$/

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The body as it was sent, byte for byte: signatures are made over these. */
export const rawBody = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer => Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8')

/** An HTTP API hands on a path that it has decoded; what cannot stand in an encoded one is encoded again, and one that is encoded stays. */
const encodedPath = (path: string): string => path.toWellFormed().replace(/%(?![0-9A-Fa-f]{2})|[^\x21-\x7e]+|["#<>?\\^`{|}]/gu, encodeURIComponent)

const headersOf = ({ headers, cookies }: APIGatewayProxyEventV2): Headers => {
  const kept = new Headers()
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && !HEARSAY.test(name.toLowerCase())) kept.set(name, value)
  // Payload 2.0 takes cookies out of the headers.
  if (cookies && cookies.length > 0) kept.set('cookie', cookies.join('; '))
  return kept
}

const BODILESS = ['GET', 'HEAD']

/** `origin`: the school's own, whatever host the request names. */
export const requestOf = (event: APIGatewayProxyEventV2, origin: string): Request => {
  const { method } = event.requestContext.http
  const url = `${origin}${encodedPath(event.rawPath)}${event.rawQueryString && `?${event.rawQueryString}`}`
  const body = BODILESS.includes(method) || event.body === undefined ? {} : { body: new Uint8Array(rawBody(event)) }
  return new Request(url, { method, headers: headersOf(event), ...body })
}

const textIn = (bytes: Uint8Array): string | undefined => {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

/** @throws where the answer is larger than Lambda hands on. */
export const answerOf = async (response: Response): Promise<APIGatewayProxyStructuredResultV2> => {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const text = textIn(bytes)
  const body = text ?? Buffer.from(bytes).toString('base64')
  // Quotes and control characters grow when the answer is written as JSON.
  const size = Buffer.byteLength(JSON.stringify(body))
  if (size > MOST_ANSWER_BYTES) throw new Error(`An answer of ${size} bytes is more than Lambda hands on.`)
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'))
  const cookies = response.headers.getSetCookie()
  return { statusCode: response.status, headers, ...(cookies.length > 0 && { cookies }), body, isBase64Encoded: text === undefined }
}

export const say = (status: number, body: string, type = 'text/plain; charset=utf-8'): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  body,
})

type Answering = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>

type Over = { log: Log; admits: EdgeDoor }

/** A function behind an HTTP API and the edge before it: whatever goes wrong is logged whole under the request's id, and says little. */
export const overHttp =
  ({ log, admits }: Over, answer: Answering): Answering =>
  (event) =>
    during(event.requestContext.requestId, async () => {
      try {
        if (!(await admits(event.headers))) return say(403, 'This address is reached by the school’s own.')
        return await answer(event)
      } catch (error) {
        log.error('request failed', error, { method: event.requestContext.http.method })
        const { requestId } = event.requestContext
        const message = `Something went wrong on our side, and has been noted. Should you tell us of it, give this number: ${requestId}`
        return say(500, JSON.stringify({ code: 'fault', status: 500, message }), 'application/json')
      }
    })
