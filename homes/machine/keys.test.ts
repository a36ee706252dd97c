import assert from 'node:assert/strict'
import { chmod, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { anRsaKey, ec, rsa } from '#core/delivery/keys.fixture.ts'
import { playbackCookies } from '#core/delivery/signer.ts'
import { keysLaws } from '#ports/keys.laws.ts'
import type { SigningKey } from '#ports/keys.ts'
import type { Log } from '#ports/log.ts'
import { storedKey } from '../stored-keys.ts'
import { randomIds } from './clock.ts'
import { cloudFrontOf } from './cloudfront.ts'
import { keys, keysIn, replaceKeys, rotateKeys } from './keys.ts'
import { aClock, scratchFolder } from './scratch.fixture.ts'
import { openSecrets } from './secrets.ts'

const settings = { url: 'http://localhost:4600', mediaUrl: 'http://localhost:4600', playbackTtlSeconds: 600 }

const aFolder = async () => {
  const folder = await scratchFolder()
  const clock = aClock()
  const world = { ids: randomIds(clock), clock }
  await openSecrets(folder, world)
  const said: string[] = []
  const log: Log = {
    info: (message, fields) => void said.push(`info ${message} ${JSON.stringify(fields)}`),
    warn: (message) => void said.push(`warn ${message}`),
    error: (message, error) => void said.push(`error ${message} ${error instanceof Error ? error.stack : error}`),
  }
  const path = join(folder, 'secrets.json')
  return { folder, path, clock, said, engine: await keys({ folder, clock, log }), rotation: { folder, settings, ...world } }
}

const file = (...live: object[]): string => JSON.stringify({ signingKeys: live, standInWebhookSecret: 'whsec_x', demoPassword: 'open-x' })
const old = (key: SigningKey): object => ({ ...storedKey(key), since: undefined })

/** The Cookie header of a browser that was given these. */
const sentBy = ({ cookies }: { cookies: string[] }): string => cookies.map((line) => line.split(';')[0]).join('; ')

keysLaws('the machine home', async () => {
  const { folder, path, clock, engine, rotation } = await aFolder()
  return {
    keys: engine,
    rotate: async () => assert.ok('keys' in (await rotateKeys(rotation))),
    rotateAtOnce: async () => void (await replaceKeys(rotation)),
    spoil: () => rename(path, `${path}.away`),
    mend: () => rename(`${path}.away`, path),
    pass: (seconds) => clock.pass(seconds * 1000),
    close: () => rm(folder, { recursive: true }),
  }
})

for (const [kind, key] of [
  ['RSA-2048', rsa],
  ['EC P-256', ec],
] as const) {
  test(`a key of ${kind} put into secrets.json by hand signs a learner’s cookies, and they open the video`, async () => {
    const { path, clock, engine } = await aFolder()
    const [former] = await engine.live()
    await writeFile(path, file(old(key), storedKey(former)))
    clock.pass(5000)
    const live = await engine.live()
    assert.deepEqual([live[0].id, live[1]?.id], [key.id, former.id])
    const verdictOn = cloudFrontOf(engine)
    const ask = (signers: readonly [SigningKey], video: string) => {
      const cookies = sentBy(playbackCookies({ settings, keys: signers, video: 'vid_a', stream: 'str_1', now: clock.now() }))
      return verdictOn({ url: `${settings.url}/media/${video}/master.m3u8`, cookies, address: undefined, now: clock.now() })
    }
    for (const signer of [live[0], former]) assert.deepEqual([await ask([signer], 'vid_a'), await ask([signer], 'vid_b')], [undefined, 'AccessDenied'])
  })
}

test('secrets.json of the version before still opens, and a rotation keeps whatever else stands in it', async () => {
  const { folder, path, clock, rotation } = await aFolder()
  const changed = new Date('2026-11-22T08:00:00Z')
  await writeFile(path, JSON.stringify({ ...JSON.parse(file(old(ec))), note: 'kept' }))
  await utimes(path, changed, changed)
  assert.equal((await keysIn(folder))[0].since, changed.toISOString())
  assert.ok('keys' in (await rotateKeys(rotation)))
  const { signingKeys, ...others } = JSON.parse(await readFile(path, 'utf8'))
  assert.deepEqual(others, { standInWebhookSecret: 'whsec_x', demoPassword: 'open-x', note: 'kept' })
  assert.deepEqual(
    signingKeys.map(({ since }: { since: string }) => since),
    [clock.now().toISOString(), changed.toISOString()],
  )
})

test('a former key stays until nothing it signed can be valid any more, and rotating before that is refused with the time to wait', async () => {
  const { path, clock, rotation, engine } = await aFolder()
  const [first] = await engine.live()
  const ids = async () => (await keysIn(rotation.folder)).map(({ id }) => id)
  assert.ok('keys' in (await rotateKeys(rotation)))
  clock.pass(120_000)
  const before = await readFile(path, 'utf8')
  assert.deepEqual(await rotateKeys(rotation), { waitSeconds: 540 })
  assert.equal(await readFile(path, 'utf8'), before)
  assert.deepEqual(await rotateKeys({ ...rotation, settings: { playbackTtlSeconds: 3600 } }), { waitSeconds: 3540 }, 'longer cookies, a longer wait')
  clock.pass(540_000)
  const second = (await ids())[0]
  assert.ok('keys' in (await rotateKeys(rotation)))
  const now = await ids()
  assert.equal(now.length, 2)
  assert.ok(now[1] === second && !now.includes(first.id))
})

test('a rotated file is its owner’s alone, and of two rotations at once one is turned away', async () => {
  const { folder, path, rotation } = await aFolder()
  await chmod(path, 0o644)
  const outcomes = await Promise.allSettled([replaceKeys(rotation), replaceKeys(rotation)])
  assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  // What a process that died left behind is in nobody's way.
  await writeFile(`${path}.new`, 'half a fi')
  await assert.rejects(replaceKeys(rotation), /Try again/)
  await utimes(`${path}.new`, new Date(0), new Date(0))
  await replaceKeys(rotation)
  assert.equal((await keysIn(folder)).length, 1)
})

test('half a file, a wrong key or none never gets into use: the school goes on with the last good ones and says so once', async () => {
  const { path, clock, said, engine } = await aFolder()
  const good = await engine.live()
  const whole = file(storedKey(ec))
  const half = whole.slice(0, whole.indexOf('PRIVATE KEY') + 60)
  const broken: [string, string][] = [
    ['half a file', half],
    ['an empty file', ''],
    ['no keys', file()],
    ['halves of two keys', file({ ...storedKey(ec), publicKey: rsa.publicKey })],
    ['a key too long for the edge', file(storedKey(anRsaKey('K4', 3072)))],
    ['an id that would break out of a cookie', file({ ...storedKey(ec), id: 'K1; Domain=evil.test' })],
    ['two keys of one id', file(storedKey(ec), { ...storedKey(rsa), id: ec.id })],
    ['a key that is no key', file({ ...storedKey(ec), privateKey: 'hush', publicKey: 'hush' })],
  ]
  for (const [what, text] of broken) {
    said.length = 0
    await writeFile(path, text)
    for (let look = 0; look < 3; look += 1) {
      clock.pass(1000)
      assert.equal(await engine.live(), good, what)
    }
    assert.deepEqual([said.length, said[0]?.startsWith('error signing keys cannot be read')], [1, true], what)
    assert.doesNotMatch(said.join(), /BEGIN|hush|MIG/, what)
    await assert.rejects(keysIn(join(path, '..')), /secrets\.json/, what)
  }
  await writeFile(path, whole)
  clock.pass(1000)
  assert.equal((await engine.live())[0].id, ec.id)
})

test('while the operator rotates keys again and again, no viewer is refused: neither with cookies from before nor with new ones', async () => {
  const { clock, engine, rotation } = await aFolder()
  const verdictOn = cloudFrontOf(engine)
  const [verdicts, seen] = [new Map<string, number>(), new Set<string>()]
  let isOver = false
  // Each viewer has its cookies renewed at half their life: the former key and the new one are in use at once.
  const viewer = async (): Promise<void> => {
    let [cookies, renewAt] = ['', 0]
    while (!isOver) {
      if (clock.now().getTime() >= renewAt) {
        const [key, ...others] = await engine.live()
        seen.add(key.id)
        cookies = sentBy(playbackCookies({ settings, keys: [key, ...others], video: 'vid_a', stream: 'str_1', now: clock.now() }))
        renewAt = clock.now().getTime() + 300_000
      }
      const verdict = (await verdictOn({ url: `${settings.url}/media/vid_a/1.m4s`, cookies, address: undefined, now: clock.now() })) ?? 'opened'
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const viewers = Promise.all(Array.from({ length: 50 }, viewer))
  const asked = async (more: number): Promise<void> => {
    const total = (): number => [...verdicts.values()].reduce((sum, count) => sum + count, 0)
    const enough = total() + more
    while (total() < enough) await new Promise((resolve) => setImmediate(resolve))
  }
  for (let rotations = 0; rotations < 4; rotations += 1) {
    await asked(200)
    assert.ok('keys' in (await rotateKeys(rotation)))
    for (let step = 0; step < 11; step += 1) {
      await asked(200)
      clock.pass(60_000)
    }
  }
  isOver = true
  await viewers
  assert.deepEqual([...verdicts.keys()], ['opened'])
  assert.equal(seen.size, 5)
})
