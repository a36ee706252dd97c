import type { LetterKind } from '#contract/desks.ts'
import type { LetterLanguage } from '#contract/notifications.ts'
import { escapeHtml } from '#core/html.ts'
import type { Letter } from '#ports/mail.ts'
import type { Words } from './words/en.ts'
import { WORDS } from './words/words.ts'

type Content = {
  id: string
  kind: LetterKind
  to: string
  school: string
  /** What it is written in; English unless it says so. */
  language?: LetterLanguage
  subject: string
  paragraphs: string[]
  /** A table of two columns below them, such as what was bought and for how much, and what is said below it. */
  rows?: (readonly [string, string])[]
  after?: string[]
  /** A list of pages below the paragraphs. */
  links?: readonly { label: string; url: string }[]
  action?: { label: string; url: string }
  /** Whom it is from at its end, where that is more than the school’s name. */
  signature?: string
  /** Of a letter that one may stop: where a mail program does so, where a person does, and where all of it is chosen. */
  stopping?: { unsubscribeUrl: string; pageUrl: string; settingsUrl: string }
}

const paragraphed = (paragraphs: readonly string[]): string => paragraphs.map((paragraph) => `<p style="margin:0 0 16px">${escapeHtml(paragraph)}</p>`).join('')

const tabled = (rows: readonly (readonly [string, string])[]): string => {
  const cell = 'padding:8px 0;border-top:1px solid #e7e5e4;vertical-align:top'
  const lines = rows.map(
    ([label, value]) =>
      `<tr><td style="${cell}">${escapeHtml(label)}</td><td style="${cell};padding-left:16px;text-align:right;white-space:nowrap">${escapeHtml(value)}</td></tr>`,
  )
  return `<table role="presentation" style="width:100%;border-collapse:collapse;margin:0 0 24px;font-variant-numeric:tabular-nums">${lines.join('')}</table>`
}

const linked = (links: NonNullable<Content['links']>): string =>
  links.map(({ label, url }) => `<p style="margin:0 0 12px"><a href="${escapeHtml(url)}" style="color:#0f766e">${escapeHtml(label)}</a></p>`).join('')

const textRows = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([label]) => label.length))
  const most = Math.max(...rows.map(([, value]) => value.length))
  return rows.map(([label, value]) => `${label.padEnd(width)}   ${value.padStart(most)}`).join('\n')
}

const stopLine = ({ pageUrl, settingsUrl }: NonNullable<Content['stopping']>, { stop, choose }: Words['frame']): string => {
  const link = (url: string, label: string): string => `<a href="${escapeHtml(url)}" style="color:#78716c">${escapeHtml(label)}</a>`
  return `<p style="color:#78716c;font-size:13px;margin-top:8px">${link(pageUrl, stop)} · ${link(settingsUrl, choose)}</p>`
}

/** A plain, narrow letter that every mail reader shows alike; the same words as text and as HTML. */
export const letter = ({
  id,
  kind,
  to,
  school,
  language = 'en',
  subject,
  paragraphs,
  rows = [],
  after = [],
  links = [],
  action,
  signature = school,
  stopping,
}: Content): Letter => {
  const { frame } = WORDS[language]
  const stopText = stopping ? [`${frame.stop}: ${stopping.pageUrl}\n${frame.choose}: ${stopping.settingsUrl}`] : []
  const table = rows.length > 0 ? [textRows(rows)] : []
  const text = [
    ...paragraphs,
    ...links.map(({ label, url }) => `${label}\n${url}`),
    ...table,
    ...after,
    ...(action ? [`${action.label}: ${action.url}`] : []),
    signature,
    ...stopText,
  ].join('\n\n')
  const style = 'font-family:Inter,system-ui,sans-serif;font-size:16px;line-height:1.6;color:#1c1917'
  const button = action
    ? `<p style="margin:28px 0"><a href="${escapeHtml(action.url)}" style="background:#0f766e;color:#ffffff;padding:12px 20px;border-radius:8px;text-decoration:none;font-weight:600">${escapeHtml(action.label)}</a></p>`
    : ''
  const body = `${paragraphed(paragraphs)}${linked(links)}${rows.length > 0 ? tabled(rows) : ''}${paragraphed(after)}`
  const html = `<!doctype html><html lang="${language}"><body style="margin:0;background:#fafaf9"><div style="max-width:520px;margin:0 auto;padding:40px 24px;${style}"><h1 style="font-size:22px;line-height:1.3;margin:0 0 20px">${escapeHtml(subject)}</h1>${body}${button}<p style="color:#78716c;font-size:14px;margin-top:36px">${escapeHtml(signature)}</p>${stopping ? stopLine(stopping, frame) : ''}</div></body></html>`
  return { id, kind, to, subject, text, html, ...(stopping && { unsubscribeUrl: stopping.unsubscribeUrl }) }
}
