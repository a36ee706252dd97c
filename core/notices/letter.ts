import { escapeHtml } from '#core/html.ts'
import type { Letter } from '#ports/mail.ts'

type Content = { id: string; to: string; school: string; subject: string; paragraphs: string[]; action?: { label: string; url: string } }

/** A plain, narrow letter that every mail reader shows alike; the same words as text and as HTML. */
export const letter = ({ id, to, school, subject, paragraphs, action }: Content): Letter => {
  const text = [...paragraphs, ...(action ? [`${action.label}: ${action.url}`] : []), school].join('\n\n')
  const style = 'font-family:Inter,system-ui,sans-serif;font-size:16px;line-height:1.6;color:#1c1917'
  const button = action
    ? `<p style="margin:28px 0"><a href="${escapeHtml(action.url)}" style="background:#0f766e;color:#ffffff;padding:12px 20px;border-radius:8px;text-decoration:none;font-weight:600">${escapeHtml(action.label)}</a></p>`
    : ''
  const body = paragraphs.map((paragraph) => `<p style="margin:0 0 16px">${escapeHtml(paragraph)}</p>`).join('')
  const html = `<!doctype html><html lang="en"><body style="margin:0;background:#fafaf9"><div style="max-width:520px;margin:0 auto;padding:40px 24px;${style}"><h1 style="font-size:22px;line-height:1.3;margin:0 0 20px">${escapeHtml(subject)}</h1>${body}${button}<p style="color:#78716c;font-size:14px;margin-top:36px">${escapeHtml(school)}</p></div></body></html>`
  return { id, to, subject, text, html }
}
