import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { createTransport } from 'nodemailer'
import { startMailSandbox } from './mail.ts'

type Listed = { id: string; to: string; subject: string; times: number }

const anInbox = async (test: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-'))
  let inbox = await startMailSandbox({ folder })
  test.after(async () => {
    await inbox.close()
    await rm(folder, { recursive: true })
  })
  const at = (path: string): string => `${inbox.url}/sandbox/mail${path}`
  return {
    at,
    send: (to: string | string[], subject: string, more: { text?: string; html?: string; messageId?: string } = {}) =>
      createTransport(inbox.smtpUrl).sendMail({ from: 'school@lectern.test', to, subject, text: 'Words.', ...more }),
    list: async (query = ''): Promise<Listed[]> => {
      const answer = await fetch(at(`/api/messages${query}`))
      // The stand-in's own answer.
      return (await answer.json()) as Listed[]
    },
    page: async (path: string) => {
      const answer = await fetch(at(path))
      return { status: answer.status, text: await answer.text(), policy: answer.headers.get('content-security-policy') ?? '' }
    },
    restart: async (): Promise<void> => {
      await inbox.close()
      inbox = await startMailSandbox({ folder })
    },
  }
}

describe('the stand-in inbox', () => {
  it('lists letters newest first, a copy for every recipient, and by recipient', async (test) => {
    const { send, list } = await anInbox(test)
    await send('ada@lectern.test', 'First')
    await send(['ada@lectern.test', 'bob@lectern.test'], 'Second')
    assert.deepEqual(
      (await list('?to=Ada@lectern.test')).map(({ subject }) => subject),
      ['Second', 'First'],
    )
    assert.deepEqual((await list()).length, 3)
  })

  it('keeps letters over a restart, and how often each came', async (test) => {
    const { send, list, restart } = await anInbox(test)
    await send('ada@lectern.test', 'Kept', { messageId: '<one@lectern.test>' })
    await send('ada@lectern.test', 'Kept', { messageId: '<one@lectern.test>' })
    await send('bob@lectern.test', 'Later')
    const before = await list()
    await restart()
    assert.deepEqual(await list(), before)
    assert.deepEqual(
      before.map(({ to, times }) => [to, times]),
      [
        ['bob@lectern.test', 1],
        ['ada@lectern.test', 2],
      ],
    )
  })

  it('tells whoever waits for a letter as soon as it is there', async (test) => {
    const { send, list } = await anInbox(test)
    const waiting = list('?to=ada@lectern.test&wait=30')
    await send('bob@lectern.test', 'Not this one')
    await send('ada@lectern.test', 'This one')
    assert.deepEqual(
      (await waiting).map(({ subject }) => subject),
      ['This one'],
    )
  })

  it('shows a letter where its links lead the whole window on and nothing in it can run', async (test) => {
    const { send, list, page } = await anInbox(test)
    await send('ada@lectern.test', '<i>Subject</i>', {
      html: '<a href="https://school.example/go">Go</a><script>alert(1)</script>',
      text: 'See https://school.example/go?a=1&b=2.',
    })
    const id = (await list())[0]?.id
    const letter = await page(`/messages/${id}/html`)
    assert.match(letter.text, /<base target="_top">/)
    assert.match(letter.policy, /^sandbox (?!.*allow-scripts).*default-src 'none'/)
    const shown = await page(`/messages/${id}`)
    assert.match(shown.text, /<iframe[^>]*sandbox="(?![^"]*allow-(?:scripts|same-origin))/)
    assert.match(shown.text, /&lt;i&gt;Subject&lt;\/i&gt;/)
    assert.match((await page(`/messages/${id}?view=text`)).text, /<a href="https:\/\/school\.example\/go\?a=1&amp;b=2">/)
    assert.match((await page(`/messages/${id}?view=headers`)).text, /Message-ID/i)
    assert.match((await page('')).text, /mail never leaves this machine/)
  })

  it('goes down, refuses and recovers as it is told, for as often as it is told', async (test) => {
    const { at, send, list } = await anInbox(test)
    const fault = (body: unknown): Promise<Response> => fetch(at('/api/faults'), { method: 'POST', body: JSON.stringify(body) })
    await fault({ mode: 'down', count: 1 })
    await assert.rejects(send('ada@lectern.test', 'Lost'))
    await fault({ mode: 'reject', count: 1 })
    await assert.rejects(send('ada@lectern.test', 'Refused'), /451/)
    await send('ada@lectern.test', 'Through')
    await fault({ mode: 'down' })
    await assert.rejects(send('ada@lectern.test', 'Lost'))
    await assert.rejects(send('ada@lectern.test', 'Lost'))
    await fault({ mode: 'none' })
    assert.deepEqual(
      (await list()).map(({ subject }) => subject),
      ['Through'],
    )
    for (const wrong of [{ mode: 'gone' }, { mode: 'down', count: 0 }, {}, null]) assert.equal((await fault(wrong)).status, 422)
  })

  it('is emptied from its page, and not by another site', async (test) => {
    const { at, send, list } = await anInbox(test)
    await send('ada@lectern.test', 'Stays at first')
    assert.equal((await fetch(at('/clear'), { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).status, 403)
    assert.equal((await list()).length, 1)
    await fetch(at('/clear'), { method: 'POST' })
    assert.deepEqual(await list(), [])
  })
})
