import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ec, rsa } from '#core/delivery/keys.fixture.ts'
import { keysLaws } from '#ports/keys.laws.ts'
import type { LiveKeys } from '#ports/keys.ts'
import type { Log } from '#ports/log.ts'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openSecretsManager, secretArn } from '#test/aws/secrets.ts'
import { randomIds } from '../machine/clock.ts'
import { aClock } from '../machine/scratch.fixture.ts'
import { storedKey } from '../stored-keys.ts'
import { keys } from './keys.ts'
import { openKeys, replaceKeys, rotateKeys } from './rotation.ts'

const secretId = secretArn('signing')
const settings = { playbackTtlSeconds: 600 }

const opened = async (first?: string) => {
  const clock = aClock()
  let isShut = false
  const endpoint = await openEndpoint({
    services: [openSecretsManager({ secrets: { signing: first }, now: clock.now })],
    now: () => new Date(),
    allows: () => !isShut,
  })
  const client = new SecretsManagerClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('api') })
  const making = { client, secretId, ids: randomIds(clock), clock }
  const deployed = new Map<string, string>()
  /** What a deployment does: CloudFront takes the public halves in, and has names of its own for them. */
  const deploy = (live: LiveKeys): void => {
    for (const { id } of live) if (!deployed.has(id)) deployed.set(id, `K${deployed.size + 1}`)
  }
  const close = async (): Promise<void> => {
    client.destroy()
    await endpoint.close()
  }
  try {
    deploy(await openKeys(making))
  } catch (error) {
    await close()
    throw error
  }
  const said: string[] = []
  const log: Log = {
    info: (message) => void said.push(`info ${message}`),
    warn: (message) => void said.push(`warn ${message}`),
    error: (message, error) => void said.push(`error ${message} ${error}`),
  }
  const place = { client, secretId, idOf: (name: string) => deployed.get(name) }
  const rotate = async () => {
    const outcome = await rotateKeys({ ...making, ...place, settings })
    return 'keys' in outcome ? outcome.keys : assert.fail('it has to wait')
  }
  return {
    ...{ clock, making, place, deploy, rotate, said, log },
    engine: await keys({ ...place, clock, log }),
    shut: (how: boolean) => {
      isShut = how
    },
    close,
  }
}

keysLaws('the AWS home', async () => {
  const { engine, clock, making, deploy, rotate, shut, close } = await opened()
  return {
    keys: engine,
    rotate: async () => deploy(await rotate()),
    rotateAtOnce: async () => deploy(await replaceKeys(making)),
    spoil: async () => shut(true),
    mend: async () => shut(false),
    pass: (seconds) => clock.pass(seconds * 1000),
    close,
  }
})

const file = (...live: object[]): string => JSON.stringify({ signingKeys: live, note: 'kept' })

test('keys go by the names that CloudFront knows them by, and a new one signs once it has been deployed', async (t) => {
  const { engine, clock, deploy, rotate, close } = await opened(file(storedKey(ec)))
  t.after(close)
  assert.deepEqual(
    (await engine.live()).map(({ id }) => id),
    ['K1'],
  )
  const made = await rotate()
  clock.pass(5000)
  assert.deepEqual(
    (await engine.live()).map(({ id }) => id),
    ['K1'],
    'what it signed would be refused still',
  )
  deploy(made)
  // A deployment starts the program anew.
  const after = await opened(file(...made.map(storedKey)))
  t.after(after.close)
  assert.deepEqual(
    (await after.engine.live()).map(({ publicKey }) => publicKey),
    [made[0].publicKey, ec.publicKey],
  )
})

test('no key is lost to a rotation that comes too early, or to two at once', async (t) => {
  const { making, place, deploy, rotate, clock, close } = await opened()
  t.after(close)
  const made = await rotate()
  await assert.rejects(rotate(), /not been deployed/)
  deploy(made)
  const early = await rotateKeys({ ...making, ...place, settings })
  assert.ok('waitSeconds' in early && early.waitSeconds > 0)
  clock.pass(24 * 3600_000)
  const outcomes = await Promise.allSettled([rotate(), rotate()])
  const refusals = outcomes.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))
  const kept = await openKeys(making)
  assert.deepEqual([refusals.length, kept.length, kept[1]?.id], [1, 2, made[0].id])
  assert.match(refusals[0] ?? '', /has changed the keys/)
})

test('a secret that cannot be used is told of once, and shows nothing of what is in it', async (t) => {
  const { said, clock, engine, shut, close } = await opened(file(storedKey(ec)))
  t.after(close)
  shut(true)
  const good = await engine.live()
  for (let look = 0; look < 3; look += 1) {
    clock.pass(5000)
    assert.equal(await engine.live(), good)
  }
  assert.deepEqual([said.length, said[0]?.startsWith('error signing keys cannot be read')], [1, true])
  for (const text of ['{"signingKeys":[{"id":"K1","privateKey":"hush', file(), file({ ...storedKey(ec), publicKey: rsa.publicKey })])
    await assert.rejects(opened(text), (error) => error instanceof Error && !/hush|BEGIN|MIG/.test(error.message))
})
