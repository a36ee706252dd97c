import assert from 'node:assert/strict'
import { type Answer, directivesOf, observed } from './observatory.ts'

/** What the schools of these tests are called by the world, so that they say what only HTTPS may. */
export const URL_OF_SCHOOL = 'https://school.example'

export type Page = Answer & { status: number }

/** Sends a request to the school on this machine, by the addresses it has for the world. */
export const sending =
  (port: number) =>
  (address: string | URL, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(address, URL_OF_SCHOOL)
    return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { redirect: 'manual', ...init })
  }

export const asking =
  (port: number) =>
  async (path: string, init: RequestInit = {}): Promise<Page> => {
    const answer = await sending(port)(path, init)
    const { status, headers } = answer
    return { status, url: new URL(path, URL_OF_SCHOOL).href, headers, cookies: headers.getSetCookie(), html: await answer.text() }
  }

/** Fails unless an answer is a page that says all that every page has to say. */
export const judge = (name: string, { status, url, headers, cookies, html }: Page): void => {
  const { score, because } = observed({ url, headers, cookies, html })
  assert.match(headers.get('content-type') ?? '', /^text\/html/, `${name} is a page (${status})`)
  assert.ok(score >= 130, `${name} scores ${score}: ${because}`)
  const policy = headers.get('content-security-policy') ?? ''
  assert.doesNotMatch(policy, /unsafe-/, name)
  const directives = directivesOf(policy)
  for (const closed of ['base-uri', 'frame-ancestors', 'form-action']) assert.ok(directives.has(closed), `${name}: ${closed}`)
  assert.deepEqual(directives.get('require-trusted-types-for'), ["'script'"], `${name}: trusted types`)
  assert.match(directives.get('trusted-types')?.join(' ') ?? '', /^(?:'none'|vue dompurify lectern)$/, `${name}: who may make markup`)
  for (const header of ['permissions-policy', 'cross-origin-opener-policy']) assert.ok(headers.has(header), `${name}: ${header}`)
  if (!policy.includes('sha256')) assert.doesNotMatch(html, /<style|\sstyle=/, name)
}
