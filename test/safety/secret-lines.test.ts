import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lineLog } from '#homes/aws/log.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { openHome } from '#homes/machine/home.ts'
import { schoolServer } from '#homes/machine/http.ts'
import { fileLog } from '#homes/machine/log.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { Log } from '#ports/log.ts'
import { aSignIn } from '#test/browser.ts'
import { secretsIn } from '#test/journeys/secrets.ts'

/** Planted where a school keeps secrets: none of these may be in any line. */
const PLANTED = {
  SMTP_URL: 'smtp://school:planted-smtp-password@127.0.0.1:9',
  STRIPE_SECRET_KEY: 'sk_test_planted4stripe',
  STRIPE_WEBHOOK_SECRETS: 'whsec_planted4webhooks',
  TRANSCRIPTION_KEY: 'planted-transcription-key',
  CHATBOT_KEY: 'planted-chatbot-key',
}
const TYPED = { password: 'planted quiet words of somebody', token: 'eyJhbGciOiJQLANTEDfQ.planted-token-body.planted-signature', code: 'planted-reset-code' }
const SECRETS = [...Object.values(PLANTED), 'planted-smtp-password', ...Object.values(TYPED)]
/** Who somebody is: lines tell people by their ids. */
const PERSONAL = { email: 'planted.address@lectern.test', name: 'Plantedname' }

const both = (...logs: Log[]): Log => ({
  info: (...said) => {
    for (const log of logs) log.info(...said)
  },
  warn: (...said) => {
    for (const log of logs) log.warn(...said)
  },
  error: (...said) => {
    for (const log of logs) log.error(...said)
  },
})

/** A school whose every outside service fails, so that there is something to say, and the lines of both homes' logs. */
const aTroubledSchool = async () => {
  const data = await mkdtemp(join(tmpdir(), 'lectern-lines-'))
  const down = createServer((_, response) => response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}'))
  await new Promise<void>((listening) => down.listen(0, '127.0.0.1', listening))
  const address = down.address()
  assert.ok(address !== null && typeof address !== 'string')
  const outside = `http://127.0.0.1:${address.port}`
  const told: string[] = []
  const path = join(data, 'school.log')
  const log = both(
    fileLog(path),
    lineLog((line) => told.push(line)),
  )
  const settings = readSettings({
    ...{ LECTERN_DATA: data, MAIL_FROM: 'school@lectern.test', TRANSCRIPTION_URL: `${outside}/v1/`, CHATBOT_URL: `${outside}/v1`, CHATBOT_MODEL: 'x' },
    ...{ CHATBOT_INPUT_PRICE: '1', CHATBOT_OUTPUT_PRICE: '1', ...PLANTED },
  })
  const provider = { secretKey: PLANTED.STRIPE_SECRET_KEY, webhookSecrets: [PLANTED.STRIPE_WEBHOOK_SECRETS], apiUrl: outside }
  const home = await openHome({ settings, clock: systemClock, ids: randomIds(systemClock), log, provider })
  const server = schoolServer(home, data)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const port = server.address()
  assert.ok(port !== null && typeof port !== 'string')
  return {
    ...{ home, log, outside },
    send: (where: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port.port}${where}`, { redirect: 'manual', ...init }),
    lines: async () => [...told, await readFile(path, 'utf8').catch(() => '')].join('\n'),
    async close() {
      for (const each of [server, down]) {
        each.close()
        each.closeAllConnections()
      }
      await home.stop()
      await rm(data, { recursive: true })
    },
  }
}

test('no line of a log holds a key, a password, a token, an address or a name, whatever goes wrong', async (t) => {
  const school = await aTroubledSchool()
  t.after(() => school.close())
  const { home, log, send } = school
  const { url } = home.settings

  const visit = await send(aSignIn(url).address.href.slice(url.length))
  const cookie = visit.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const page = new URL(visit.headers.get('location') ?? '', url).pathname
  const form = { cookie, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
  for (const [path, fields] of [
    ['', { email: PERSONAL.email, password: TYPED.password }],
    ['/create', { email: PERSONAL.email, name: PERSONAL.name, password: TYPED.password }],
    ['/forgot', { email: PERSONAL.email }],
    [`/reset?token=${TYPED.code}`, { password: TYPED.password }],
  ] as const)
    await send(`${page}${path}`, { method: 'POST', headers: form, body: new URLSearchParams(fields) })
  await send('/auth/token', {
    method: 'POST',
    headers: form,
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: TYPED.token, client_id: 'lectern-web' }),
  })

  for (const authorization of [`Bearer ${TYPED.token}`, `Basic ${TYPED.token}`]) await send('/api/me', { headers: { authorization } })
  await send(`/media/vid_00000001/a.m4s?Policy=${TYPED.token}`, { headers: { cookie: `CloudFront-Signature=${TYPED.token}` } })
  await send('/hooks/stripe', { method: 'POST', headers: { 'stripe-signature': `t=1,v1=${TYPED.token}` }, body: JSON.stringify({ password: TYPED.password }) })
  await send('/api/quotes', { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"password": "${TYPED.password}"` })

  // Each outside service, while it is down; what its client says of that is what would be logged.
  const { world } = home
  const failures = await Promise.allSettled([
    world.mail.send({ id: 'a', to: PERSONAL.email, subject: 'Hello', text: 'Words', html: '' }),
    world.transcription?.transcribe(new Uint8Array(16), { language: 'en' }),
    world.payments.giveBack({ payment: 'pi_1', amount: { amountMinor: 100, currency: 'EUR' }, idempotencyKey: 'one' }),
  ])
  const failed = failures.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  assert.equal(failed.length, 3, 'all of them are down')
  for (const reason of failed) log.error('an outside service failed', reason)
  // As the post says it, in its words and in a field of its own.
  log.error('a letter was not taken', Object.assign(new Error(`550 5.1.1 <${PERSONAL.email}>: no such user`), { rejected: [PERSONAL.email] }))
  log.info('settings', { settings: home.settings })

  const lines = await school.lines()
  assert.match(lines, /an outside service failed/)
  assert.deepEqual(
    [...SECRETS, ...Object.values(PERSONAL)].filter((secret) => lines.includes(secret)),
    [],
  )
  assert.deepEqual(secretsIn(lines.replaceAll('"[secret]"', '""')), [])
})
