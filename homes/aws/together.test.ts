import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { COOKIES, playbackCookies, signedFileUrl } from '#core/delivery/signer.ts'
import { noDynamodb } from '#test/aws/dynamodb.ts'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openSecretsManager, secretArn } from '#test/aws/secrets.ts'
import { randomIds } from '../machine/clock.ts'
import { cloudFront } from '../machine/cloudfront.ts'
import { silentLog } from '../machine/log.ts'
import { aClock } from '../machine/scratch.fixture.ts'
import { ENVIRONMENT } from './environment.fixture.ts'
import { keys } from './keys.ts'
import { newPair, putKeys, secretStore, signingSecret } from './rotation.ts'
import { readSettings } from './settings.ts'

const HOMES = ['aws', 'machine'] as const
const FOLDER = join(import.meta.dirname, '..', '..')

/** The keys of the AWS home as its functions read them: from the secret, by the ids that SIGNING_KEYS has. */
const aSigner = async (t: TestContext) => {
  const [clock, secretId] = [aClock(), secretArn(signingSecret('staging'))]
  const endpoint = await openEndpoint({
    services: [openSecretsManager({ secrets: { [signingSecret('staging')]: undefined }, now: clock.now })],
    now: () => new Date(),
  })
  t.after(() => endpoint.close())
  const client = new SecretsManagerClient({ endpoint: endpoint.url, region: REGION, credentials: endpoint.credentials('api') })
  t.after(() => client.destroy())
  const making = { ids: randomIds(clock), clock }
  const made = newPair(making)
  await putKeys(secretStore(client), 'staging', made)
  const ids = Object.fromEntries(made.map(({ id }, at) => [id, `K2JCJMDEHXQW5${at}`]))
  const settings = readSettings({ ...ENVIRONMENT, SIGNING_KEYS: JSON.stringify(ids) })
  const open = () => keys({ client, secretId, clock, log: silentLog, idOf: (name) => settings.signing.keyIds[name] })
  /** The key group of the distribution: public halves by the ids CloudFront gave them. */
  const group = made.map(({ id, publicKey }) => ({ id: ids[id] ?? '', publicKey }))
  return { live: await (await open()).live(), settings, clock, group, another: newPair(making)[0].publicKey }
}

test('cookies that AWS makes for its media host open that video at the machine’s edge, by the distribution’s public key and by no other', async (t) => {
  const { live, settings, clock, group, another } = await aSigner(t)
  const { cookies } = playbackCookies({ settings, keys: live, video: 'vid_a', stream: 'str_0123456789', now: clock.now() })
  const header = cookies.map((line) => line.split(';')[0]).join('; ')
  const segment = `${settings.mediaUrl}/media/vid_a/1080p/1.m4s`
  const asks = (url: string, by = group) => cloudFront(by)({ url, cookies: header, address: '203.0.113.7', now: clock.now() })
  assert.deepEqual([settings.mediaUrl, /(?:^|; )CloudFront-Key-Pair-Id=(\w+)/.exec(header)?.[1]], ['https://media.school.example', group[0]?.id])
  assert.ok(cookies.every((line) => line.includes('Domain=school.example') && line.includes('Secure')))
  assert.equal(asks(segment), undefined)
  assert.equal(asks(segment.replace('vid_a', 'vid_b')), 'AccessDenied')
  assert.equal(asks(segment.replace(settings.mediaUrl, settings.url)), 'AccessDenied', 'another host')
  const publicKey = another
  assert.equal(
    asks(
      segment,
      group.map(({ id }) => ({ id, publicKey })),
    ),
    'AccessDenied',
    'another key of that name',
  )
  assert.equal(asks(segment, [{ id: 'K9OTHER', publicKey: group[0]?.publicKey ?? '' }]), 'InvalidKey', 'that key by another name')
  assert.equal(cloudFront(group)({ url: segment, cookies: header.replace(COOKIES.signature, 'x'), address: '', now: clock.now() }), 'AccessDenied')
  const { url } = signedFileUrl({ settings, keys: live, file: 'files/fil_1/content', now: clock.now() })
  assert.equal(cloudFront(group)({ url, cookies: undefined, address: '203.0.113.7', now: clock.now() }), undefined)
  clock.pass((settings.playbackTtlSeconds + 1) * 1000)
  assert.equal(asks(segment), 'AccessDenied', 'the time is over')
})

type Registered = { port: string; name: string; skip?: string }

/** `tables (aws): what holds` and `tables (machine): what holds` are one law. */
const lawOf = ({ name }: Registered): string => name.replace(/^\w+ \(\w+\): /, '')

/** Each once: a home with two engines for a port runs its laws twice. */
const named = (laws: readonly Registered[]): string[] => [...new Set(laws.map(lawOf))].toSorted()

test(
  'both homes are held to the same laws of every port, and one that a home cannot keep says why',
  noDynamodb === undefined ? {} : { skip: noDynamodb },
  async (t) => {
    const ports = (await readdir(join(FOLDER, 'ports'))).flatMap((name) => /^(\w+)\.laws\.ts$/.exec(name)?.[1] ?? [])
    const files = HOMES.flatMap((home) => ports.map((port) => join(FOLDER, 'homes', home, `${port}.test.ts`)))
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'laws.fixture.ts'), ...files], { maxBuffer: 16 * 1024 ** 2 })
    // What the program beside this file writes.
    const heard = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, Registered[]>
    assert.ok(ports.length >= 7)
    for (const port of ports) {
      const [aws = [], machine = []] = HOMES.map((home) => (heard[`${home}/${port}.test.ts`] ?? []).filter((each) => each.port === port))
      assert.ok(machine.length > 0, `${port} has laws`)
      assert.deepEqual(named(aws), named(machine), `the laws of ${port}, in either home`)
      t.diagnostic(`${port}: ${named(machine).length} laws in each home`)
      for (const [home, laws] of [
        ['aws', aws],
        ['machine', machine],
      ] as const)
        for (const law of laws.filter(({ skip }) => skip !== undefined)) {
          assert.ok((law.skip ?? '').split(' ').length >= 5, `${home} leaves out “${law.name}” without a reason`)
          // A second engine that is not on this machine is no difference: the home keeps the law with the first.
          const isKept = laws.some((other) => lawOf(other) === lawOf(law) && other.skip === undefined)
          if (!isKept) t.diagnostic(`  ${home} differs: “${lawOf(law)}”. ${law.skip}`)
        }
    }
  },
)
