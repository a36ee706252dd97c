import { readFileSync } from 'node:fs'
import { NO_MARKUP } from '../markup.ts'
import { readFaults } from './faults.ts'
import { ROOT } from './html.ts'
import { faultsPage, listPage, missingPage, questionPage } from './pages.ts'
import type { Store } from './store.ts'

export type Reply = { status: number; body: string; headers: Record<string, string> }
export type Asked = { method: string; path: string; query: URLSearchParams; body: string }

const SHEETS = ['../stripe/style.css', '../stripe/board.css', './chatbot.css']
const STYLE = SHEETS.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')).join('\n')

const POLICY = `default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; ${NO_MARKUP}`
const page = (body: string, status = 200): Reply => ({
  ...{ status, body },
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer' },
})
const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value, null, 2), headers: { 'content-type': 'application/json' } })
const goTo = (location: string): Reply => ({ status: 303, body: '', headers: { location } })

const fieldsIn = (body: string): Record<string, unknown> => {
  const said: unknown = JSON.parse(body || '{}')
  return typeof said === 'object' && said !== null ? { ...said } : {}
}

/** For tests, and for whoever would rather not press buttons. */
const control = async (store: Store, what: string, { method, body }: Asked): Promise<Reply> => {
  if (what === 'exchanges' && method === 'GET') return json({ exchanges: await store.list() })
  if (what !== 'faults') return json({ error: 'There is no such control.' }, 404)
  if (method === 'POST') await store.putFaults(readFaults(fieldsIn(body), store.faults()))
  return json(store.faults())
}

/** Everything below `/sandbox/chatbot`. */
export const web =
  (store: Store) =>
  async (asked: Asked): Promise<Reply> => {
    const { method, path, query, body } = asked
    const [, what = '', id = ''] = path.slice(ROOT.length).split('/')
    if (what === 'style.css') return { status: 200, body: STYLE, headers: { 'content-type': 'text/css; charset=utf-8' } }
    if (what === 'api') return control(store, id, asked)
    if (what === '') return page(listPage(await store.list(), store.faults()))
    if (what === 'clear' && method === 'POST') {
      await store.clear()
      return goTo(ROOT)
    }
    if (what === 'faults' && method === 'POST') {
      await store.putFaults(readFaults(Object.fromEntries(new URLSearchParams(body)), store.faults()))
      return goTo(`${ROOT}/faults?saved`)
    }
    if (what === 'faults') return page(faultsPage({ faults: store.faults(), isSaved: query.has('saved') }))
    const found = what === 'questions' ? await store.find(id) : undefined
    return found ? page(questionPage(found)) : page(missingPage(), 404)
  }
