import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openSecretsManager, secretArn } from '#test/aws/secrets.ts'
import { aClock } from '../machine/scratch.fixture.ts'
import { openedWith } from './held-secret.ts'
import { paymentsWith } from './payments.ts'
import { schoolSecret } from './school-secret.ts'

const NAME = 'lectern-test/school'
const FILLED = {
  stripeSecretKey: 'sk_test_hush',
  stripeWebhookSecrets: 'whsec_new, whsec_old',
  smtpUrl: 'smtps://u:hush@mail.example',
  mailFrom: 'School <s@school.example>',
}

const opened = async (t: TestContext, text: string | undefined) => {
  const clock = aClock()
  const asked: string[] = []
  const held = { isAllowed: true }
  const endpoint = await openEndpoint({
    services: [openSecretsManager({ secrets: { [NAME]: text }, now: clock.now })],
    now: () => new Date(),
    allows: (_, { action }) => {
      if (action === 'secretsmanager:GetSecretValue') asked.push(action)
      return held.isAllowed || action !== 'secretsmanager:GetSecretValue'
    },
  })
  t.after(() => endpoint.close())
  const client = new SecretsManagerClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('api') })
  const logged: string[] = []
  const log = {
    info: () => {},
    warn: (message: string) => void logged.push(message),
    error: (message: string, error: unknown) => void logged.push(`${message}: ${error}`),
  }
  const secrets = schoolSecret({ client, arn: secretArn(NAME), clock, log })
  const write = (value: unknown) => client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: JSON.stringify(value) }))
  return { secrets, write, clock, asked, held, logged }
}

test('The secret is fetched once for many, and again after some minutes, so that a changed key is used without a deployment', async (t) => {
  const { secrets, write, clock, asked } = await opened(t, JSON.stringify(FILLED))
  const made = openedWith([secrets], ({ stripeWebhookSecrets }) => (stripeWebhookSecrets ?? []).map((each) => each.reveal()))
  const [first] = await Promise.all([made(), made(), made()])
  assert.deepEqual([first, asked.length], [['whsec_new', 'whsec_old'], 1])
  await write({ ...FILLED, stripeWebhookSecrets: ['whsec_newer'] })
  clock.pass(299_000)
  assert.equal(await made(), first)
  clock.pass(1000)
  assert.deepEqual(await made(), ['whsec_newer'])
  assert.equal(asked.length, 2)
})

test('The last good secret stays while it cannot be had, or is wrong by now', async (t) => {
  const { secrets, write, clock, held, logged } = await opened(t, JSON.stringify(FILLED))
  const good = await secrets()
  held.isAllowed = false
  clock.pass(300_000)
  assert.equal(await secrets(), good)
  held.isAllowed = true
  await write({ ...FILLED, smtpUrl: '' })
  clock.pass(300_000)
  assert.equal(await secrets(), good)
  assert.equal(logged.length, 2)
  assert.match(logged[1] ?? '', /smtpUrl/)
})

test('A school whose secret is empty still is open, without payments and mail, and has them once it is filled', async (t) => {
  const { secrets, write, clock, logged } = await opened(t, undefined)
  const payments = openedWith([secrets], (secret) => paymentsWith(secret, clock))
  const off = await payments()
  assert.match(logged.join(), /payments and mail are off/)
  assert.throws(() => off.canCharge({ amountMinor: 900, currency: 'EUR' }), { code: 'not-set-up' })
  assert.deepEqual((await off.listNews('2026-01-01T00:00:00Z')).items, [])
  await write(FILLED)
  clock.pass(300_000)
  assert.equal((await payments()).canCharge({ amountMinor: 900, currency: 'EUR' }), true)
})

test('Mail alone, or payments alone, is a school; half of either is not', async (t) => {
  const { smtpUrl, mailFrom, ...stripe } = FILLED
  for (const some of [{}, { smtpUrl, mailFrom }, stripe]) await (await opened(t, JSON.stringify(some))).secrets()
  for (const half of [{ smtpUrl }, { stripeSecretKey: stripe.stripeSecretKey }])
    await assert.rejects((await opened(t, JSON.stringify(half))).secrets(), /has wrong/)
})

test('A secret that may not be read, is no JSON or has something wrong is refused by what that is, and shows nothing', async (t) => {
  const messageOf = async (text: string): Promise<string> => {
    const { secrets } = await opened(t, text)
    return secrets().then(
      () => 'none',
      (error: unknown) => `${error}`,
    )
  }
  const shut = await opened(t, undefined)
  shut.held.isAllowed = false
  await assert.rejects(shut.secrets(), /AccessDenied/)
  assert.match(await messageOf('sk_live_hush'), /is no JSON/)
  assert.doesNotMatch(await messageOf('sk_live_hush'), /hush/)
  const partly = await messageOf(JSON.stringify({ ...FILLED, stripeSecretKey: 'hush', stripeWebhookSecrets: ' , ' }))
  assert.match(partly, /stripeSecretKey, stripeWebhookSecrets/)
  assert.doesNotMatch(partly, /hush/)
  const { secrets } = await opened(t, JSON.stringify(FILLED))
  assert.doesNotMatch(JSON.stringify(await secrets()), /hush|whsec/)
})
