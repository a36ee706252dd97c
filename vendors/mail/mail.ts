import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Mail } from '#ports/mail.ts'
import { isPublicAddress } from '../links/addresses.ts'
import { hostOf } from '../links/line.ts'

const TIMEOUT_MS = { connection: 5_000, greeting: 5_000, silence: 20_000 }

/** `<id@domain>`, with the sender's own domain: the same letter is the same message, however often it is sent. */
const messageId = (id: string, from: string): string => `<${id.replace(/[^\w.-]/g, '-')}@${/@([\w.-]+)/.exec(from)?.[1] ?? 'localhost'}>`

const NEARBY_NAME = /^[^.]+$|\.(?:localhost|local|internal|lan)$/

/**
 * Whether letters may go to a server only under TLS: without that, whoever is in between could have them read, with the links in them, by
 * leaving out its offer. Not so for a server nearby, a name or an address that is no public one.
 */
export const needsTls = (url: string): boolean => {
  const host = hostOf(new URL(url))
  return isIP(host) ? isPublicAddress(host) : !NEARBY_NAME.test(host)
}

/** `requestNow`: for which request a letter is being sent, which its header then tells. */
export type SmtpOptions = { url: string; from: string; requestNow?: () => string | undefined }

/**
 * Mail over SMTP. `url` is `smtp://` or `smtps://`, with name and password in it where the server wants them; `from` as in
 * a header, `The School <school@example.com>`. `?requireTLS=false` at its end takes a server without TLS at its word. Throws when
 * the server does not take the letter: whoever sends tries again.
 */
export const smtpMail = ({ url, from, requestNow }: SmtpOptions): Mail & { close(): void } => {
  const transport = createTransport({
    // Connections are kept for a while: opening one costs more than the letter.
    ...{ url, pool: true, maxConnections: 2, disableFileAccess: true, disableUrlAccess: true, requireTLS: needsTls(url) },
    // A server ends a connection that was quiet for long, maybe just as a letter sets out: that goes by another one.
    maxRequeues: 1,
    ...{ connectionTimeout: TIMEOUT_MS.connection, greetingTimeout: TIMEOUT_MS.greeting, socketTimeout: TIMEOUT_MS.silence },
  })
  return {
    async send({ id, to, subject, text, html, unsubscribeUrl }) {
      const request = requestNow?.()
      await transport.sendMail({
        ...{ from, subject, text, html },
        // As one address, not as a list that a comma could lengthen.
        to: { name: '', address: to },
        messageId: messageId(id, from),
        headers: {
          'Auto-Submitted': 'auto-generated',
          ...(request !== undefined && { 'X-Request-Id': request }),
          // RFC 8058 §3.1: both of them, so that a mail program stops the letters by one click and without a page.
          ...(unsubscribeUrl !== undefined && { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
        },
      })
    },
    close: () => transport.close(),
  }
}
