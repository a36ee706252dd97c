import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 8 })

export type Call = { path: string; token: string; method?: 'GET' | 'POST' }
export type Answer = { milliseconds: number; text: string }

/** Asks a school on this machine over a connection that is kept, and tells how long it took until all of the answer was there. */
export const asked = (port: number, { path, token, method = 'GET' }: Call): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const headers = { authorization: `Bearer ${token}`, ...(method === 'POST' && { 'content-type': 'application/json', 'content-length': '2' }) }
    const asking = request({ host: '127.0.0.1', port, path, method, agent, headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.once('end', () => {
        const text = Buffer.concat(parts).toString()
        if (answer.statusCode !== 200) reject(new Error(`${method} ${path} was answered ${answer.statusCode}: ${text.slice(0, 300)}`))
        else resolve({ milliseconds: performance.now() - began, text })
      })
    })
    asking.once('error', reject).end(method === 'POST' ? '{}' : undefined)
  })
