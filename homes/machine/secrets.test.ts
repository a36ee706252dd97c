import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { randomIds, systemClock } from './clock.ts'
import { keysIn } from './keys.ts'
import { scratchFolder } from './scratch.fixture.ts'
import { openSecrets } from './secrets.ts'
import { readSettings } from './settings.ts'

const world = { ids: randomIds(systemClock), clock: systemClock }

test('a data folder’s secrets are made once, kept from other accounts of the machine, and the same after a restart', async () => {
  const folder = await scratchFolder()
  const made = await openSecrets(folder, world)
  const [key] = await keysIn(folder)
  const again = await openSecrets(folder, world)
  assert.deepEqual([again.standInWebhookSecret.reveal(), again.demoPassword], [made.standInWebhookSecret.reveal(), made.demoPassword])
  assert.equal((await keysIn(folder))[0].privateKey.reveal(), key.privateKey.reveal())
  assert.equal((await stat(join(folder, 'secrets.json'))).mode & 0o077, 0)
  assert.match(await readFile(join(folder, 'secrets.json'), 'utf8'), /BEGIN PRIVATE KEY/)
})

test('printing or logging settings and secrets shows none of them', async () => {
  const secrets = await openSecrets(await scratchFolder(), world)
  const settings = readSettings({
    STRIPE_SECRET_KEY: 'sk_live_hush',
    STRIPE_WEBHOOK_SECRETS: 'whsec_hush',
    SMTP_URL: 'smtp://me:hush@mail.test',
    MAIL_FROM: 'a@b.test',
  })
  for (const shown of [JSON.stringify({ secrets, settings }), inspect({ secrets, settings }, { depth: 9 }), `${settings.stripe?.secretKey}`]) {
    assert.doesNotMatch(shown, /hush|PRIVATE KEY|whsec_/)
  }
})
