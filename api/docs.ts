import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { answerHeaders, NO_MARKUP } from '#core/delivery/headers.ts'

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lectern API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"></head><body><div id="swagger-ui"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body></html>`
/** Swagger UI makes markup of descriptions, which the policy stops; of ours, text with code between backquotes, this makes elements. */
const START = `const Markdown = (_, { React: { createElement } }) => ({ source }) => {
  if (typeof source !== 'string' || source === '') return null
  const parts = source.split('\`').map((part, at) => (at % 2 === 1 ? createElement('code', { key: at }, part) : part))
  return createElement('div', { className: 'renderedMarkdown' }, createElement('p', null, parts))
}
SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#swagger-ui', deepLinking: true, plugins: [{ wrapComponents: { Markdown } }] })`
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", NO_MARKUP],
].join('; ')

export const isDocs = (path: string): boolean => path === '/api/openapi.json' || /^\/api\/docs(?:[/?]|$)/.test(path)

/** What of swagger-ui-dist the page needs. */
export const DOCS_FILES = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' } as const

const isFile = (name: string): name is keyof typeof DOCS_FILES => name in DOCS_FILES

export type DocsAnswer = { type: string; body: string; headers: Record<string, string> }

/** The contract as a document, and a page to try it on. `folder` holds `DOCS_FILES`. The document is made when it is first asked for. */
export const docs = (folder: string): ((path: string) => Promise<DocsAnswer>) => {
  let document: Promise<string> | undefined
  const written = async (): Promise<string> => JSON.stringify(await (await import('./openapi.ts')).openApi())
  return async (path) => {
    if (path === '/api/openapi.json') {
      document ??= written()
      return { type: 'application/json', body: await document, headers: {} }
    }
    const headers = { ...answerHeaders, 'content-security-policy': POLICY }
    const name = path.slice('/api/docs/'.length)
    if (name === 'start.js') return { type: 'text/javascript', body: START, headers }
    if (isFile(name)) return { type: DOCS_FILES[name], body: await readFile(join(folder, name), 'utf8'), headers }
    return { type: 'text/html; charset=utf-8', body: PAGE, headers }
  }
}
