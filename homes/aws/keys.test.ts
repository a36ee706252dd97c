import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ec, rsa } from '#core/delivery/keys.fixture.ts'
import { keysLaws } from '#ports/keys.laws.ts'
import type { SigningKey } from '#ports/keys.ts'
import type { Log } from '#ports/log.ts'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openSecretsManager, secretArn } from '#test/aws/secrets.ts'
import { randomIds } from '../machine/clock.ts'
import { aClock } from '../machine/scratch.fixture.ts'
import { storedKey } from '../stored-keys.ts'
import { keys } from './keys.ts'
import { exchangeKeys, keysOf, newPair, nextPair, type Pair, putKeys, secretStore, signingSecret } from './rotation.ts'

const STAGE = 'staging'
const secretId = secretArn(signingSecret(STAGE))
const settings = { playbackTtlSeconds: 600 }

/** `known`: keys that CloudFront knows from the beginning. */
const opened = async (first?: string, known: readonly SigningKey[] = []) => {
  const clock = aClock()
  let isShut = false
  const endpoint = await openEndpoint({
    services: [openSecretsManager({ secrets: { [signingSecret(STAGE)]: first }, now: clock.now })],
    now: () => new Date(),
    allows: () => !isShut,
  })
  const client = new SecretsManagerClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('api') })
  const [making, secrets] = [{ ids: randomIds(clock), clock }, secretStore(client)]
  const deployed = new Map<string, string>()
  /** What a deployment does: CloudFront takes the public halves in, and has names of its own for them. */
  const deploy = (live: readonly SigningKey[]): void => {
    for (const { id } of live) if (!deployed.has(id)) deployed.set(id, `K${deployed.size + 1}`)
  }
  const close = async (): Promise<void> => {
    client.destroy()
    await endpoint.close()
  }
  if (first === undefined) await putKeys(secrets, STAGE, newPair(making))
  const said: string[] = []
  const log: Log = {
    info: (message) => void said.push(`info ${message}`),
    warn: (message) => void said.push(`warn ${message}`),
    error: (message, error) => void said.push(`error ${message} ${error}`),
  }
  const place = { client, secretId, idOf: (name: string) => deployed.get(name) }
  const read = async (): Promise<{ before: string; pair: Pair }> => ({
    before: (await secrets.get(signingSecret(STAGE))) ?? '',
    pair: (await keysOf(secrets, STAGE)) ?? assert.fail('there are none'),
  })
  const next = (pair: Pair): Pair => {
    const outcome = nextPair(pair, making, settings)
    return 'pair' in outcome ? outcome.pair : assert.fail(`it has to wait ${outcome.waitSeconds} s`)
  }
  /** As `aws:keys` does: CloudFront knows a key before the secret has it. */
  const putInFront = async ({ before, pair }: { before: string; pair: Pair }): Promise<void> => {
    deploy(pair)
    await exchangeKeys(secrets, STAGE, { before, pair })
  }
  const open = async () => {
    try {
      deploy(first === undefined ? (await read()).pair : known)
      return await keys({ ...place, clock, log })
    } catch (error) {
      await close()
      throw error
    }
  }
  return {
    ...{ clock, making, place, deploy, read, next, putInFront, said, log },
    engine: await open(),
    shut: (how: boolean) => {
      isShut = how
    },
    close,
  }
}

keysLaws('the AWS home', async () => {
  const { engine, clock, making, read, next, putInFront, shut, close } = await opened()
  return {
    keys: engine,
    async rotate() {
      // Those of the first day count as needed until their time is over.
      clock.pass(3600_000)
      const { before, pair } = await read()
      await putInFront({ before, pair: next(pair) })
    },
    rotateAtOnce: async () => putInFront({ before: (await read()).before, pair: newPair(making) }),
    spoil: async () => shut(true),
    mend: async () => shut(false),
    pass: (seconds) => clock.pass(seconds * 1000),
    close,
  }
})

const file = (...live: object[]): string => JSON.stringify({ signingKeys: live, note: 'kept' })

test('keys go by the names that CloudFront knows them by, and one it does not know yet signs nothing', async (t) => {
  const { engine, clock, deploy, close } = await opened(file(storedKey(ec), storedKey(rsa)), [rsa])
  t.after(close)
  const names = async () => (await engine.live()).map(({ id }) => id)
  assert.deepEqual(await names(), ['K1'], 'what the newest signed would be refused still')
  deploy([ec])
  clock.pass(5000)
  assert.deepEqual(await names(), ['K1'], 'a deployment starts the program anew')
  const after = await opened(file(storedKey(ec), storedKey(rsa)), [rsa, ec])
  t.after(after.close)
  assert.deepEqual(
    (await after.engine.live()).map(({ publicKey }) => publicKey),
    [ec.publicKey, rsa.publicKey],
  )
})

test('no key is lost to a rotation that comes too early, or to two at once', async (t) => {
  const { making, read, next, putInFront, clock, close } = await opened()
  t.after(close)
  clock.pass(3600_000)
  const first = await read()
  await putInFront({ ...first, pair: next(first.pair) })
  const second = await read()
  const early = nextPair(second.pair, making, settings)
  assert.ok('waitSeconds' in early && early.waitSeconds > 0)
  clock.pass(24 * 3600_000)
  const outcomes = await Promise.allSettled([second, second].map((each) => putInFront({ ...each, pair: next(each.pair) })))
  const refusals = outcomes.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))
  const kept = await read()
  assert.deepEqual([refusals.length, kept.pair[1].id], [1, second.pair[0].id])
  assert.match(refusals[0] ?? '', /changed by somebody else/)
})

test('a secret that cannot be used is told of once, and shows nothing of what is in it', async (t) => {
  const { said, clock, engine, shut, close } = await opened(file(storedKey(ec)), [ec])
  t.after(close)
  shut(true)
  const good = await engine.live()
  for (let look = 0; look < 3; look += 1) {
    clock.pass(5000)
    assert.equal(await engine.live(), good)
  }
  assert.deepEqual([said.length, said[0]?.startsWith('error signing keys cannot be read')], [1, true])
  for (const text of ['{"signingKeys":[{"id":"K1","privateKey":"hush', file(), file({ ...storedKey(ec), publicKey: rsa.publicKey })])
    await assert.rejects(opened(text, [ec]), (error) => error instanceof Error && !/hush|BEGIN|MIG/.test(error.message))
})
