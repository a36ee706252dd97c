import { Agent, request } from 'node:http'
import type { Tally } from './tally.ts'

const LONGEST_MS = 15_000

export type Call = { kind: string; path: string; method?: 'GET' | 'POST' | 'PUT'; body?: unknown; cookie?: string }
export type Answer = { text: string; cookies: string[] }

/** Someone at a browser: connections that are kept, a token, and an address of their own. */
export type Browser = {
  /** Fails with what was answered where that is not what one asks for. */
  ask(call: Call): Promise<Answer>
  json<T>(call: Call): Promise<T>
  /** Read and thrown away, as it arrives. */
  bytes(call: Call): Promise<void>
  close(): void
}

type Who = { port: number; token: string; address: string; tally: Tally }

const isGone = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET'

export const browser = ({ port, token, address, tally }: Who): Browser => {
  const agent = new Agent({ keepAlive: true, maxSockets: 6 })
  const once = ({ kind, path, method = 'GET', body, cookie }: Call, keeps: boolean): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const began = performance.now()
      const sent = body === undefined ? undefined : JSON.stringify(body)
      const headers = {
        ...{ 'x-forwarded-for': address, 'accept-encoding': 'identity' },
        ...(path.startsWith('/api/') && { authorization: `Bearer ${token}` }),
        ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }),
        ...(cookie !== undefined && { cookie }),
      }
      const asking = request({ host: '127.0.0.1', port, path, method, agent, headers, timeout: LONGEST_MS }, (answer) => {
        const parts: Buffer[] = []
        const isFine = answer.statusCode === 200
        answer.on('data', (part: Buffer) => void (keeps || !isFine ? parts.push(part) : undefined))
        answer.once('error', reject)
        answer.once('end', () => {
          tally.answered(kind, performance.now() - began)
          const text = Buffer.concat(parts).toString()
          if (isFine) resolve({ text, cookies: answer.headers['set-cookie'] ?? [] })
          else reject(new Error(`${answer.statusCode} ${text.slice(0, 120)}`))
        })
      })
      asking.once('timeout', () => asking.destroy(new Error(`no answer in ${LONGEST_MS / 1000} s`)))
      // A kept connection may be closed by the server at the very moment it is used again: a browser then asks once more.
      asking.once('error', (error) =>
        asking.reusedSocket && isGone(error)
          ? once({ kind, path, method, body, ...(cookie !== undefined && { cookie }) }, keeps).then(resolve, reject)
          : reject(error),
      )
      asking.end(sent)
    })
  return {
    ask: (call) => once(call, true),
    // The school parses each answer by the contract before it leaves.
    json: async <T>(call: Call) => JSON.parse((await once(call, true)).text) as T,
    bytes: async (call) => void (await once(call, false)),
    close: () => agent.destroy(),
  }
}
