import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { patientAgent } from '../agent.ts'

/** Calls of the repository under way at once. */
const AT_ONCE = 10

export type LineLimits = {
  /** For a connection to be made, TLS and all; Node has no such setting. */
  connectMs: number
  /** For a call and its whole answer. */
  totalMs: number
  answerBytes: number
}

type Sent = { method: string; headers: Record<string, string>; body?: string | undefined }

/** Begins the message of an answer that is not read to its end. */
export const TOO_LARGE = 'The answer is larger than'

/** Status codes that come without a body, which a Response insists on. */
const isBodiless = (status: number): boolean => status === 204 || status === 205 || status === 304

/** A `fetch` with limits of its own. Redirects are not followed, so that the token goes nowhere else. */
export const line = (apiUrl: string, { connectMs, totalMs, answerBytes }: LineLimits) => {
  const isSecure = apiUrl.startsWith('https:')
  const [send, through] = [isSecure ? secureRequest : plainRequest, patientAgent(isSecure, { connectMs, atOnce: AT_ONCE })]
  return (url: string, { method, headers, body }: Sent): Promise<Response> =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(totalMs)
      const failed = (error: Error): void => reject(signal.aborted ? new Error(`No answer within ${totalMs} ms.`, { cause: error }) : error)
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const request = send(url, { method, headers: { ...headers, ...length }, signal, agent: through }, (answer) => {
        const chunks: Buffer[] = []
        let size = 0
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length
          chunks.push(chunk)
          if (size > answerBytes) answer.destroy(new Error(`${TOO_LARGE} ${answerBytes} bytes.`))
        })
        answer.on('error', failed)
        answer.on('end', () => {
          const told = Object.entries(answer.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]))
          const status = answer.statusCode ?? 0
          resolve(new Response(isBodiless(status) ? null : Buffer.concat(chunks), { status, headers: told }))
        })
      })
      request.on('error', failed)
      request.end(body)
    })
}
