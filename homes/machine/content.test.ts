import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayStandIn } from './content.ts'
import { aServedHome } from './served.fixture.ts'
import { readSettings } from './settings.ts'

const MAIL = { SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'school@school.example' }
const STRIPE = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRETS: 'whsec_1' }

test('nobody publishes by the pages of a stand-in repository in a school that is open to others and has mail or payments of its own', () => {
  const cases: [Record<string, string>, boolean][] = [
    [{}, true],
    [{ ...MAIL, ...STRIPE }, true],
    [{ ...STRIPE, LECTERN_URL: 'http://127.0.0.1:4600' }, true],
    [{ ...MAIL, LECTERN_URL: 'http://school.localhost:4600' }, true],
    [{ LECTERN_URL: 'https://trial.example' }, true],
    [{ ...MAIL, LECTERN_URL: 'https://school.example' }, false],
    [{ ...STRIPE, LECTERN_URL: 'https://school.example' }, false],
    [{ ...MAIL, LECTERN_URL: 'https://localhost.example' }, false],
    [{ ...MAIL, LECTERN_URL: 'https://127.0.0.1.example' }, false],
  ]
  for (const [variables, expected] of cases) assert.equal(mayStandIn(readSettings(variables)), expected, JSON.stringify(variables))
})

test('such a school has no repository and nobody who writes until its owner names them, and opens all the same', async () => {
  const { home, port, close } = await aServedHome({ ...STRIPE, LECTERN_URL: 'https://school.example' })
  try {
    assert.deepEqual(
      [home.world.repository, home.world.settings.chatbot, home.standIns.github, home.standIns.chatbot],
      [undefined, undefined, undefined, undefined],
    )
    for (const path of ['/sandbox', '/sandbox/github/lectern/courses', '/sandbox/github/api/files', '/sandbox/chatbot']) {
      const list = await (await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' })).text()
      assert.match(list, /Stand-ins in use.*Mail inbox/)
      assert.doesNotMatch(list, /Repository|Chatbot/)
    }
  } finally {
    await close()
  }
})
