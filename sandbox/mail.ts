import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { type Faults, faults } from './mail/faults.ts'
import { openStore, type Store } from './mail/store.ts'
import { web } from './mail/web.ts'

const MOST_LETTER_BYTES = 10 * 1024 * 1024
const SLOW_MS = 8000

export type MailSandbox = { smtpUrl: string; url: string; close(): Promise<void> }

/** Any transport error with the reply code a mail server would give. */
const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode })

const receiver = ({ store, faults: trouble }: { store: Store; faults: Faults }): SMTPServer => {
  const accept = async (stream: AsyncIterable<Buffer>, recipients: string[]): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    const strike = trouble.strikes('slow', 'reject')
    if (strike === 'reject') throw refusal(451, 'Stand-in: refused for now, try again later')
    if (strike === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref())
    for (const recipient of recipients) await store.add(recipient, Buffer.concat(chunks))
  }
  return new SMTPServer({
    banner: 'Stand-in inbox',
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    hideSTARTTLS: true,
    disableReverseLookup: true,
    size: MOST_LETTER_BYTES,
    logger: false,
    closeTimeout: 500,
    onData: (stream, session, done) => {
      const recipients = session.envelope.rcptTo.map(({ address }) => address)
      accept(stream, recipients).then(() => done(), done)
    },
  })
}

const listening = async (server: ReturnType<typeof createServer>, port: number): Promise<number> => {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on TCP has such an address.
  return (server.address() as AddressInfo).port
}

/**
 * A mail server and its inbox, standing in for the one a school would use: it takes whatever is sent, shows it below
 * `/sandbox/mail`, and passes nothing on. Letters are files in `folder`; the newest 500 stay.
 */
export const startMailSandbox = async ({ folder, smtpPort = 0 }: { folder: string; smtpPort?: number }): Promise<MailSandbox> => {
  const parts = { store: await openStore(folder), faults: faults() }
  const smtp = receiver(parts)
  smtp.on('error', () => {
    // A client that broke off; it will say so itself.
  })
  const sockets = new Set<Socket>()
  const door = createServer((socket) => {
    if (parts.faults.strikes('down')) return void socket.destroy()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    smtp.connect(socket)
  })
  const show = web(parts)
  const http = createHttpServer((request, response) => {
    show(request, response).catch(() => response.destroy())
  })
  const [mailPort, webPort] = await Promise.all([listening(door, smtpPort), listening(http, 0)])
  return {
    smtpUrl: `smtp://127.0.0.1:${mailPort}`,
    url: `http://127.0.0.1:${webPort}`,
    async close() {
      const closed = [once(door, 'close'), once(http, 'close')]
      door.close()
      http.close()
      http.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}
