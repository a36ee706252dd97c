import type { IncomingMessage, ServerResponse } from 'node:http'
import { LetterLanguage } from '#contract/notifications.ts'
import { cookieName } from './http.ts'
import type { House, Spoken } from './layout.ts'
import { WORDS } from './words/words.ts'

/** The parts of a visit that this reads. `interaction`: the sign-in that a browser is in, with what the app asked for. */
type Asked = { request: IncomingMessage; query?: URLSearchParams; interaction?: { params: Record<string, unknown> } | undefined }

const KEPT = /(?:^|; *)(?:__Secure-)?lectern_language=([a-z]+)/

/** The first of these tags (BCP 47) that is spoken here, whatever its region. */
const known = (tags: readonly string[]): LetterLanguage | undefined =>
  tags.flatMap((tag) => LetterLanguage.options.find((each) => each === tag.trim().toLowerCase().split('-', 1)[0]) ?? [])[0]

/** By `ui_locales` (OpenID Connect Core 1.0 §3.1.2.1): the app's own, or that of the letter whose link this is. */
const said = ({ query, interaction }: Asked): LetterLanguage | undefined =>
  [interaction?.params['ui_locales'], query?.get('ui_locales')].flatMap((tags) => (typeof tags === 'string' ? (known(tags.split(' ')) ?? []) : []))[0]

const kept = ({ headers: { cookie = '' } }: IncomingMessage): LetterLanguage | undefined => known([KEPT.exec(cookie)?.[1] ?? ''])

/** By `Accept-Language` (RFC 9110 §12.5.4), heaviest first. */
const accepted = ({ headers }: IncomingMessage): LetterLanguage | undefined => {
  const ranges = (headers['accept-language'] ?? '').split(',').map((range) => {
    const [tag = '', weight = '1'] = range.split(/; *q=/i)
    return { tag, weight: Number(weight) }
  })
  const wanted = ranges.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight)
  return known(wanted.map(({ tag }) => tag))
}

/** What pages and letters speak to whoever asks: what is asked for, else what they were last shown, else what their browser would like, else English. */
export const languageFor = (visit: Asked): LetterLanguage => said(visit) ?? kept(visit.request) ?? accepted(visit.request) ?? 'en'

export const spokenTo = (house: House, visit: Asked): Spoken => ({ house, words: WORDS[languageFor(visit)] })

/** Leaves with the browser what was asked for, until it is closed: a sign-in that has run out, or a page outside one, says it no longer. */
export const keepLanguage = (visit: Asked, response: ServerResponse, url: string): void => {
  const language = said(visit)
  if (language === undefined || language === kept(visit.request)) return
  const secure = url.startsWith('https:') ? '; Secure' : ''
  response.appendHeader('set-cookie', `${cookieName(url, 'language')}=${language}; Path=/auth; HttpOnly; SameSite=Lax${secure}`)
}
