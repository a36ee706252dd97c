import { type Messenger, REMEMBERED_MS } from '#ports/alerts.ts'
import type { Clock } from '#ports/clock.ts'
import type { Mail } from '#ports/mail.ts'
import { html } from './identity/html.ts'
import type { SchoolFile } from './school-file.ts'

type Options = { mail: Mail; to: string; file: SchoolFile; clock: Clock }

/**
 * Alerts as mail to the owner, once for each id: post offices deliver a letter as often as it is sent, whatever its Message-ID.
 * The mark is set after the post has taken the letter: a crash between the two sends it again, which is better than an alert
 * that never comes.
 */
export const alerts = ({ mail, to, file: { reader, write }, clock }: Options): Messenger => {
  const known = reader.prepare('SELECT 1 FROM alerts WHERE id = ? AND at > ?')
  const underWay = new Map<string, Promise<void>>()
  const oldest = (): number => clock.now().getTime() - REMEMBERED_MS

  const send = async ({ id, subject, text }: Parameters<Messenger['tell']>[0]): Promise<void> => {
    const paragraphs = text.split(/\n{2,}/).map((each) => html`<p style="margin:0 0 16px;white-space:pre-line">${each}</p>`)
    const page = html`<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title></head>
<body style="margin:0;padding:32px 16px;font:16px/1.55 Inter,ui-sans-serif,system-ui,sans-serif;color:#1c2024"><div style="max-width:560px;margin:0 auto">
<h1 style="margin:0 0 16px;font-size:20px">${subject}</h1>${paragraphs}<p style="margin:24px 0 0;font-size:14px;color:#5b6169">You get this because you look after the school.</p></div></body></html>`
    await mail.send({ id, kind: 'alert', to, subject, text: `${text}\n`, html: page.markup })
    await write('markAlert', { id, at: clock.now().getTime(), forgetUntil: oldest() })
  }

  return {
    async tell(alert) {
      if (known.get(alert.id, oldest())) return
      const sending = underWay.get(alert.id) ?? send(alert).finally(() => underWay.delete(alert.id))
      underWay.set(alert.id, sending)
      await sending
    },
  }
}
