import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openSecretsManager, secretArn } from '#test/aws/secrets.ts'
import { aClock } from '../machine/scratch.fixture.ts'
import { openedWith, schoolSecret } from './school-secret.ts'

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
  const log = { info: () => {}, warn: () => {}, error: (message: string, error: unknown) => void logged.push(`${message}: ${error}`) }
  const secrets = schoolSecret({ client, arn: secretArn(NAME), clock, log })
  const write = (value: unknown) => client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: JSON.stringify(value) }))
  return { secrets, write, clock, asked, held, logged }
}

test('The secret is fetched once for many, and again after some minutes, so that a changed key is used without a deployment', async (t) => {
  const { secrets, write, clock, asked } = await opened(t, JSON.stringify(FILLED))
  const made = openedWith(secrets, ({ stripeWebhookSecrets }) => stripeWebhookSecrets.map((each) => each.reveal()))
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

test('A secret that is empty, no JSON or not whole is refused by what it lacks, and shows nothing', async (t) => {
  const messageOf = async (text: string | undefined): Promise<string> => {
    const { secrets } = await opened(t, text)
    return secrets().then(
      () => 'none',
      (error: unknown) => `${error}`,
    )
  }
  assert.match(await messageOf(undefined), /ResourceNotFoundException/)
  assert.match(await messageOf('sk_live_hush'), /is no JSON/)
  assert.doesNotMatch(await messageOf('sk_live_hush'), /hush/)
  const partly = await messageOf(JSON.stringify({ ...FILLED, stripeSecretKey: undefined, stripeWebhookSecrets: ' , ' }))
  assert.match(partly, /stripeSecretKey, stripeWebhookSecrets/)
  assert.doesNotMatch(partly, /hush/)
  const { secrets } = await opened(t, JSON.stringify(FILLED))
  assert.doesNotMatch(JSON.stringify(await secrets()), /hush|whsec/)
})
