import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { SMTPServer } from 'smtp-server'
import type { Letter } from '#ports/mail.ts'
import { startMailSandbox } from '#sandbox/mail.ts'
import { needsTls, smtpMail } from './mail.ts'

type Arrived = { to: string; from: string; subject: string; text: string; html: string; times: number; headers: { name: string; value: string }[] }

const aLetter = (more: Partial<Letter> = {}): Letter => ({
  id: 'ltr_1',
  to: 'ada@lectern.test',
  subject: 'Grüße: naïve & <b>',
  text: 'Plain words.',
  html: '<p>Wörter</p>',
  ...more,
})

const aPostOffice = async (test: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'mail-'))
  const inbox = await startMailSandbox({ folder })
  const mail = smtpMail({ url: inbox.smtpUrl, from: 'The School <school@example.com>' })
  test.after(async () => {
    mail.close()
    await inbox.close()
    await rm(folder, { recursive: true })
  })
  return {
    ...{ mail, smtpUrl: inbox.smtpUrl },
    letters: async (to = ''): Promise<Arrived[]> => {
      const answer = await fetch(`${inbox.url}/sandbox/mail/api/messages?to=${encodeURIComponent(to)}`)
      // The stand-in's own answer.
      return (await answer.json()) as Arrived[]
    },
    fault: (mode: string, count?: number) => fetch(`${inbox.url}/sandbox/mail/api/faults`, { method: 'POST', body: JSON.stringify({ mode, count }) }),
  }
}

describe('mail over SMTP', () => {
  it('brings both bodies and the subject to the reader as they were written', async (test) => {
    const { mail, letters } = await aPostOffice(test)
    await mail.send(aLetter())
    const [arrived] = await letters('ada@lectern.test')
    assert.deepEqual(
      [arrived?.from, arrived?.to, arrived?.subject, arrived?.text.trim(), arrived?.html.trim()],
      ['school@example.com', 'ada@lectern.test', 'Grüße: naïve & <b>', 'Plain words.', '<p>Wörter</p>'],
    )
  })

  it('names the message after the letter, so that one sent twice is one to its reader', async (test) => {
    const { mail, letters } = await aPostOffice(test)
    await mail.send(aLetter())
    await mail.send(aLetter())
    const arrived = await letters('ada@lectern.test')
    assert.deepEqual(
      arrived.map(({ times }) => times),
      [2],
    )
    assert.equal(arrived[0]?.headers.find(({ name }) => name.toLowerCase() === 'message-id')?.value, '<ltr_1@example.com>')
  })

  it('tells mail programs how a letter’s kind is stopped by one click, and says nothing of it where none can be', async (test) => {
    const { mail, letters } = await aPostOffice(test)
    await mail.send(aLetter({ unsubscribeUrl: 'https://school.example/api/letters/tok/reply' }))
    await mail.send(aLetter({ id: 'ltr_2', to: 'bob@lectern.test' }))
    const headersOf = async (to: string) => Object.fromEntries((await letters(to))[0]?.headers.map(({ name, value }) => [name.toLowerCase(), value]) ?? [])
    const stopped = await headersOf('ada@lectern.test')
    assert.deepEqual(
      [stopped['list-unsubscribe'], stopped['list-unsubscribe-post']],
      ['<https://school.example/api/letters/tok/reply>', 'List-Unsubscribe=One-Click'],
    )
    assert.equal((await headersOf('bob@lectern.test'))['list-unsubscribe'], undefined)
  })

  it('writes to one person only, and adds no header, whatever an address or a subject holds', async (test) => {
    const { mail, letters } = await aPostOffice(test)
    await mail.send(aLetter({ subject: 'Hello\r\nBcc: eve@evil.example' }))
    await mail.send(aLetter({ id: 'ltr_2', to: 'ada@lectern.test, eve@evil.example' })).catch(() => {})
    await mail.send(aLetter({ id: 'ltr_3', to: 'ada@lectern.test\r\nRCPT TO:<eve@evil.example>' })).catch(() => {})
    const all = await letters()
    assert.deepEqual(
      all.filter(({ to }) => to.startsWith('eve')),
      [],
    )
    assert.ok(all.every(({ headers }) => !headers.some(({ name }) => name.toLowerCase() === 'bcc')))
    assert.ok(all.some(({ subject }) => subject.startsWith('Hello')))
  })

  it('throws when the server is down or refuses, and gets through afterwards', async (test) => {
    const { mail, letters, fault } = await aPostOffice(test)
    await fault('down', 2)
    await assert.rejects(mail.send(aLetter()))
    await fault('reject', 1)
    await assert.rejects(mail.send(aLetter()), /451/)
    await mail.send(aLetter())
    assert.equal((await letters('ada@lectern.test'))[0]?.times, 1)
  })

  it('sends a letter by another connection when the server ends the kept one just then', async (test) => {
    const taken: string[] = []
    const server = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], disableReverseLookup: true, closeTimeout: 500 },
      // RFC 5321 §3.8: a server that shuts the channel says 421 to whatever is asked.
      onMailFrom: (_, { id }, done) => done(taken.includes(id) ? Object.assign(new Error('Quiet for too long'), { responseCode: 421 }) : null),
      onData: (stream, { id }, done) => {
        stream.resume().once('end', () => {
          taken.push(id)
          done()
        })
      },
    })
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    // A server that listens on TCP has such an address.
    const { port } = server.server.address() as AddressInfo
    const mail = smtpMail({ url: `smtp://127.0.0.1:${port}`, from: 'school@example.com' })
    test.after(() => {
      mail.close()
      server.close()
    })
    await mail.send(aLetter())
    await mail.send(aLetter({ id: 'ltr_2' }))
    assert.equal(new Set(taken).size, 2)
  })

  it('wants TLS of every server but one nearby', () => {
    for (const host of ['smtp.example.com', '93.184.216.34', '[2606:2800:220:1::1]']) assert.equal(needsTls(`smtp://me:secret@${host}:587`), true, host)
    for (const host of ['localhost', 'mailpit', 'post.internal', '127.0.0.1', '192.168.1.5', '[::1]', '[fd00::5]'])
      assert.equal(needsTls(`smtp://${host}:25`), false, host)
  })

  it('gives no letter to a server that offers no TLS where that is wanted, unless the address says otherwise', async (test) => {
    const { mail, smtpUrl, letters } = await aPostOffice(test)
    const wanting = smtpMail({ url: `${smtpUrl}?requireTLS=true`, from: 'The School <school@example.com>' })
    test.after(() => wanting.close())
    await assert.rejects(wanting.send(aLetter()), /TLS/)
    assert.deepEqual(await letters(), [])
    await mail.send(aLetter())
    assert.equal((await letters()).length, 1)
  })
})
