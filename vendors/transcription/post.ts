import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'

export type Answer = { status: number; retryAfterSeconds: number | undefined; body: string }

type Post = { url: string; headers: Record<string, string>; body: Uint8Array; signal: AbortSignal; mostBytes: number }

/**
 * One POST and its whole answer. Not by `fetch`: that gives up after five minutes without a byte, and whoever listens to
 * twenty minutes on a small machine takes longer. Redirects are not followed, so that the key goes nowhere else.
 */
export const post = ({ url, headers, body, signal, mostBytes }: Post): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? secureRequest : plainRequest
    const request = send(url, { method: 'POST', headers: { ...headers, 'content-length': body.length }, signal }, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        chunks.push(chunk)
        if (size > mostBytes) response.destroy(new Error(`The answer is larger than ${mostBytes} bytes.`))
      })
      response.on('error', reject)
      response.on('end', () => {
        const wait = Number(response.headers['retry-after'])
        const retryAfterSeconds = Number.isFinite(wait) && response.headers['retry-after'] !== undefined ? wait : undefined
        resolve({ status: response.statusCode ?? 0, retryAfterSeconds, body: Buffer.concat(chunks).toString('utf8') })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
