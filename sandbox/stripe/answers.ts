import { NO_MARKUP } from '../markup.ts'

export type Answer = { status: number; body: string; headers: Record<string, string> }
export type Asked = { method: string; path: string; query: URLSearchParams; body: string }

export const ROOT = '/sandbox/stripe'

export const json = (value: unknown, status = 200): Answer => ({
  status,
  body: JSON.stringify(value, null, 2),
  headers: { 'content-type': 'application/json' },
})
export const goTo = (location: string): Answer => ({ status: 303, body: '', headers: { location } })

/** `onward`: where a form may lead after its answer; browsers hold redirects to the policy too. */
export const page = (body: string, status = 200, onward: string[] = []): Answer => {
  const origins = onward.map((url) => new URL(url).origin).join(' ')
  const policy = `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${origins}; base-uri 'none'; frame-ancestors 'none'; ${NO_MARKUP}`
  return { status, body, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, 'referrer-policy': 'no-referrer' } }
}
