import type { IncomingMessage, ServerResponse } from 'node:http'
import { answering, MODEL, questionIn } from './chatbot/completions.ts'
import { ROOT } from './chatbot/html.ts'
import { openStore } from './chatbot/store.ts'
import { type Reply, web } from './chatbot/web.ts'
import { isFromElsewhere, openServer, readBody } from './server.ts'

export type ChatbotSandboxOptions = {
  /** Where switches are kept, and what was asked lately. */
  folder: string
  /** Where people reach it: its pages lie below `/sandbox/chatbot`. */
  publicUrl: string
  /** Any free one when left out. */
  port?: number
}

/** A stand-in for a chatbot: an OpenAI-compatible endpoint at `apiUrl`, and a page of switches at `url`. */
export type ChatbotSandbox = { url: string; apiUrl: string; model: string; close(): Promise<void> }

const MOST_BODY_BYTES = 4 * 1024 * 1024

const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } })
const wrong = (status: number, message: string): Reply => json({ error: { message, type: 'invalid_request_error', code: null, param: null } }, status)

const streamed = (events: unknown[]): Reply => ({
  status: 200,
  body: `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`,
  headers: { 'content-type': 'text/event-stream' },
})

type Answer = ReturnType<typeof answering>

const completion = async (answer: Answer, body: string, gone: AbortSignal): Promise<Reply | undefined> => {
  let said: unknown
  try {
    said = JSON.parse(body)
  } catch {
    return wrong(400, 'The body is no JSON.')
  }
  const question = questionIn(said)
  if (typeof question === 'string') return wrong(400, question)
  const answered = await answer(question, gone)
  if (!answered) return undefined
  return 'events' in answered ? streamed(answered.events) : json(answered.body, answered.status)
}

const models = (): Reply => json({ object: 'list', data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'stand-in' }] })

/**
 * Starts one. It writes a whole little lesson from what a prompt says of it, the same for the same prompt, in the shape of the schema it is given;
 * nothing is asked of anybody.
 */
export const startChatbotSandbox = async ({ folder, port = 0 }: ChatbotSandboxOptions): Promise<ChatbotSandbox> => {
  const store = await openStore(folder)
  const closing = new AbortController()
  const [answer, show] = [answering(store, Date.now), web(store)]
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://stand-in')
    const method = request.method ?? 'GET'
    // A page of another site must not press buttons here.
    if (isFromElsewhere(request)) return wrong(403, 'Not from another site.')
    const left = new AbortController()
    response.once('close', () => left.abort())
    const body = await readBody(request, MOST_BODY_BYTES)
    if (path === '/v1/models' && method === 'GET') return models()
    if (path === '/v1/chat/completions' && method === 'POST') return completion(answer, body, AbortSignal.any([left.signal, closing.signal]))
    if (path === ROOT || path.startsWith(`${ROOT}/`)) return show({ method, path, query, body })
    return wrong(404, `Unknown request URL: ${method} ${path}.`)
  }
  const server = await openServer({ respond, fault: (message) => wrong(500, message), port })
  const { origin } = server
  return {
    ...{ url: `${origin}${ROOT}`, apiUrl: `${origin}/v1`, model: MODEL },
    async close() {
      closing.abort()
      await server.close()
    },
  }
}
