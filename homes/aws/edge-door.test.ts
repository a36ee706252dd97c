import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openSecretsManager, secretArn } from '#test/aws/secrets.ts'
import { silentLog } from '../machine/log.ts'
import { aClock } from '../machine/scratch.fixture.ts'
import { edgeDoor } from './edge-door.ts'
import { anEvent } from './http.fixture.ts'
import { overHttp, requestOf, say } from './http.ts'

const NAME = 'lectern-test/edge'
const SHOWN = 'x-lectern-edge'

const aDoor = async (t: TestContext, { text }: { text: string | undefined } = { text: 'first' }) => {
  const clock = aClock()
  const asked: string[] = []
  const endpoint = await openEndpoint({
    services: [openSecretsManager({ secrets: { [NAME]: text }, now: clock.now })],
    now: () => new Date(),
    allows: (_, { action }) => {
      if (action === 'secretsmanager:GetSecretValue') asked.push(action)
      return true
    },
  })
  t.after(() => endpoint.close())
  const client = new SecretsManagerClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('api') })
  const admits = edgeDoor({ client, arn: secretArn(NAME), clock })
  return { admits, clock, asked, change: (to: string) => client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: to })) }
}

test('Who calls a gateway at its own address is refused, with no header, a wrong one, or one that is nearly right', async (t) => {
  const { admits } = await aDoor(t)
  const answer = overHttp({ log: silentLog, admits }, async () => say(200, 'fine'))
  const status = async (headers: Record<string, string>) => (await answer(anEvent({ headers }))).statusCode
  assert.deepEqual(
    [await status({}), await status({ [SHOWN]: '' }), await status({ [SHOWN]: 'firs' }), await status({ [SHOWN]: 'first ' })],
    [403, 403, 403, 403],
  )
  assert.equal(await status({ [SHOWN]: 'first' }), 200)
})

test('The secret is fetched once, and for guesses at most once a minute', async (t) => {
  const { admits, asked, clock } = await aDoor(t)
  await admits({})
  assert.equal(asked.length, 0)
  await Promise.all(['first', 'guess', 'first'].map((shown) => admits({ [SHOWN]: shown })))
  for (let guess = 0; guess < 20; guess += 1) assert.equal(await admits({ [SHOWN]: `guess ${guess}` }), false)
  assert.equal(asked.length, 1)
  clock.pass(60_000)
  assert.deepEqual([await admits({ [SHOWN]: 'guess' }), await admits({ [SHOWN]: 'guess' }), asked.length], [false, false, 2])
})

test('A secret that is changed opens the door a minute later, and the old one no more', async (t) => {
  const { admits, change, clock } = await aDoor(t)
  await admits({ [SHOWN]: 'first' })
  await change('second')
  clock.pass(60_000)
  assert.deepEqual([await admits({ [SHOWN]: 'second' }), await admits({ [SHOWN]: 'first' })], [true, false])
})

test('While there is no secret, nobody is let in', async (t) => {
  const { admits } = await aDoor(t, { text: undefined })
  await assert.rejects(admits({ [SHOWN]: '' }))
  const answer = overHttp({ log: silentLog, admits }, async () => say(200, 'fine'))
  assert.equal((await answer(anEvent({ headers: { [SHOWN]: 'anything' } }))).statusCode, 500)
})

test('What opens the door goes no further', () => {
  assert.equal(requestOf(anEvent({ headers: { [SHOWN]: 'first' } }), 'https://school.example').headers.get(SHOWN), null)
})
