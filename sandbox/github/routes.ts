import type { Desk } from './desk.ts'
import { invalid } from './errors.ts'
import type { Person } from './store.ts'

export type Answer = { status: number; body: string | Uint8Array; headers: Record<string, string> }

export type Call = {
  desk: Desk
  /** What the path holds where its template has `{…}`, in order. */
  params: string[]
  query: URLSearchParams
  said: Record<string, unknown>
  by: Person
}

export type Route = { method: string; template: string; pattern: RegExp; answer(call: Call): Promise<Answer> | Answer }

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
})

export const REPOSITORY = '/repos/{owner}/{repo}'

/** `{ref}` reaches over slashes, as GitHub’s do. */
export const route = (line: string, answer: Route['answer']): Route => {
  const [method = '', template = ''] = line.split(' ')
  const pattern = template
    .replace(/[.]/g, '\\.')
    .replace(/\{ref\}/g, '(.+)')
    .replace(/\{\w+\}/g, '([^/]+)')
  return { method, template, pattern: new RegExp(`^${pattern}$`), answer }
}

export const text = (said: Record<string, unknown>, name: string): string | undefined => {
  const value = said[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid('Invalid request.', [`${name} is not a string.`])
  return value
}

export const required = (said: Record<string, unknown>, name: string): string => {
  const value = text(said, name)
  if (value === undefined) throw invalid(`Invalid request.\n\n"${name}" wasn't supplied.`)
  return value
}

const positive = (asked: string | null, otherwise: number): number => (asked !== null && /^[1-9]\d{0,6}$/.test(asked) ? Number(asked) : otherwise)

/** One page of a list, and where the others are. */
export const paged = ({ desk, query }: Call, path: string, all: readonly unknown[]): Answer => {
  const [size, page] = [Math.min(100, positive(query.get('per_page'), 30)), positive(query.get('page'), 1)]
  const last = Math.max(1, Math.ceil(all.length / size))
  const link = (to: number, rel: string): string => {
    const asked = new URLSearchParams(query)
    asked.set('page', String(to))
    return `<${desk.apiUrl}${path}?${asked}>; rel="${rel}"`
  }
  const links = [...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []), ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : [])]
  return json(all.slice((page - 1) * size, page * size), 200, links.length > 0 ? { link: links.join(', ') } : {})
}
