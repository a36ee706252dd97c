import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from './endpoint.ts'
import { asError, header } from './s3-request.ts'
import type { CorsRule } from './s3-shelf.ts'

/** A rule's origins and headers may hold one `*` each. */
const matches = (pattern: string, text: string): boolean => {
  const [before = '', after] = pattern.toLowerCase().split('*')
  const lower = text.toLowerCase()
  if (after === undefined) return before === lower
  return lower.length >= before.length + after.length && lower.startsWith(before) && lower.endsWith(after)
}

const listed = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]))

const ruleFor = (rules: readonly CorsRule[], origin: string, method: string, asked: readonly string[]): CorsRule | undefined =>
  rules.find(
    ({ AllowedOrigins, AllowedMethods, AllowedHeaders = [] }) =>
      AllowedOrigins.some((each) => matches(each, origin)) &&
      AllowedMethods.includes(method) &&
      asked.every((name) => AllowedHeaders.some((each) => matches(each, name))),
  )

const said = ({ AllowedOrigins, AllowedMethods, ExposeHeaders }: CorsRule, origin: string): Record<string, string> => ({
  'access-control-allow-origin': AllowedOrigins.includes('*') ? '*' : origin,
  'access-control-allow-methods': AllowedMethods.join(', '),
  ...(ExposeHeaders && { 'access-control-expose-headers': ExposeHeaders.join(', ') }),
  vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
})

/** A browser asks before it sends. */
export const preflight = (rules: readonly CorsRule[], headers: IncomingHttpHeaders): Answer => {
  const [origin = '', method = ''] = [header(headers, 'origin'), header(headers, 'access-control-request-method')]
  const asked = listed(header(headers, 'access-control-request-headers'))
  const rule = ruleFor(rules, origin, method, asked)
  if (!rule) return asError(403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.')
  return {
    status: 200,
    headers: {
      ...said(rule, origin),
      ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
      ...(rule.MaxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
    },
  }
}

/** What S3 adds to an answer that a page of another origin may read. */
export const corsHeaders = (rules: readonly CorsRule[], headers: IncomingHttpHeaders, method: string): Record<string, string> => {
  const origin = header(headers, 'origin')
  const rule = origin === undefined ? undefined : ruleFor(rules, origin, method, [])
  return rule && origin !== undefined ? said(rule, origin) : {}
}
