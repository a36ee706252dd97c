import type { Alerts } from '#ports/alerts.ts'
import type { Mail } from '#ports/mail.ts'
import { html } from './identity/html.ts'

/** Alerts as mail to the owner. The alert's id is the letter's, so that telling it again is the same message again. */
export const alerts = ({ mail, to }: { mail: Mail; to: string }): Alerts => ({
  async tell({ id, subject, text }) {
    const paragraphs = text.split(/\n{2,}/).map((each) => html`<p style="margin:0 0 16px;white-space:pre-line">${each}</p>`)
    const page = html`<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title></head>
<body style="margin:0;padding:32px 16px;font:16px/1.55 Inter,ui-sans-serif,system-ui,sans-serif;color:#1c2024"><div style="max-width:560px;margin:0 auto">
<h1 style="margin:0 0 16px;font-size:20px">${subject}</h1>${paragraphs}<p style="margin:24px 0 0;font-size:14px;color:#5b6169">You get this because you look after the school.</p></div></body></html>`
    await mail.send({ id, to, subject, text: `${text}\n`, html: page.markup })
  },
})
