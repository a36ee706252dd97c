import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { signingSecret } from '#homes/aws/rotation.ts'
import { deploy } from './deploy.ts'
import { destroy, losingNothing } from './destroy.ts'
import { diff, outputs } from './look.ts'
import { keys } from './rotate.ts'
import { schoolSecret, secrets } from './school-secrets.ts'
import { someTools } from './tools.fixture.ts'
import { versionsOf } from './versions.ts'
import { wishOf } from './wish.ts'

const OWNED = ['staging', '--yes', '-c', 'owner=owner@school.example']
const SAFE = [...OWNED, '-c', 'domain=school.example']
const wish = (...more: string[]) => wishOf([...SAFE, ...more])
type Scene = Awaited<ReturnType<typeof someTools>>
const idsIn = ({ vault }: Scene): string[] =>
  JSON.parse(vault.get(signingSecret('staging')) ?? '{"signingKeys":[]}').signingKeys.map(({ id }: { id: string }) => id)

test('a first deployment gives the keys a place before anything signs with them, and ends with the school answering', async (t) => {
  const scene = await someTools(t)
  await deploy(scene.tools, wish())
  const all = 'cdk deploy --all --require-approval never'
  const at = scene.done.indexOf('put the-store/site/index.html')
  // What the page names goes side by side, before it.
  assert.deepEqual(scene.done.splice(at - 2, 2).sort(), ['put the-store/site/assets/app-1.js', 'put the-store/site/robots.txt'])
  assert.deepEqual(scene.done, [
    ...['prepare', 'synth staging', 'cdk deploy --exclusively lectern-staging-store --require-approval never', 'secret lectern-staging/signing', all],
    // Alarms wait for the distribution's id.
    ...['synth staging', all],
    ...['put the-store/site/index.html', 'put the-store/web/index.html'],
    // Courses' pages are written anew of it.
    'tell the-table web.deployed',
    'get https://school.example/api/health',
  ])
  assert.equal(scene.contexts[1]?.['distribution'], 'E123EXAMPLE')
  assert.deepEqual(Object.keys(JSON.parse(scene.contexts[0]?.['signingKeys'] ?? '')), idsIn(scene))
  assert.doesNotMatch(JSON.stringify([scene.contexts, scene.said]), /PRIVATE KEY/)
})

test('a store without recipes is given the shipped ones, since no video can be made without', async (t) => {
  const scene = await someTools(t)
  const { objects } = scene.school.world
  const shipped = (await objects.list('recipes/')).items.map(({ key }) => key)
  for (const key of shipped) await objects.remove(key)
  await deploy(scene.tools, wish())
  const put = scene.done.flatMap((each) => /^put the-store\/(recipes\/.*)$/.exec(each)?.[1] ?? [])
  assert.ok(put.length > 0)
  assert.deepEqual(put.sort(), shipped.sort())
})

test('later ones sign with the same keys and deploy once; what a stage is always given comes from its file', async (t) => {
  const scene = await someTools(t)
  await writeFile(join(scene.stages, 'staging.json'), '{"owner":"owner@school.example","domain":"other.example"}')
  await deploy(scene.tools, wish())
  const ids = idsIn(scene)
  scene.done.length = 0
  await deploy(scene.tools, wish())
  assert.deepEqual(idsIn(scene), ids)
  assert.equal(scene.done.filter((each) => each.startsWith('cdk')).length, 1)
  const { owner, domain } = scene.contexts.at(-1) ?? {}
  assert.deepEqual([owner, domain], ['owner@school.example', 'school.example'])
})

test('a machine that has deployed nothing yet learns of the deployment before from the account', async (t) => {
  const scene = await someTools(t)
  await deploy(scene.tools, wishOf(OWNED))
  scene.done.length = 0
  await deploy({ ...scene.tools, kept: join(scene.tools.kept, 'of-a-runner') }, wishOf(OWNED))
  assert.equal(scene.done.filter((each) => each.startsWith('cdk')).length, 1)
  const { distribution, url } = scene.contexts.at(-1) ?? {}
  assert.deepEqual([distribution, url], ['E123EXAMPLE', 'https://d1example.cloudfront.net'])
})

test('without a domain the school is tried out at the distribution’s own name', async (t) => {
  const scene = await someTools(t)
  await deploy(scene.tools, wishOf(OWNED))
  assert.equal(scene.contexts[1]?.['url'], 'https://d1example.cloudfront.net')
  assert.equal(scene.done.at(-1), 'get https://d1example.cloudfront.net/api/health')
})

test('a school that does not answer in the end is told of, and is not the version to come back to', async (t) => {
  const scene = await someTools(t, { status: () => 403 })
  await assert.rejects(deploy(scene.tools, wish()), /answers 403.*Cloudflare/)
  assert.equal(await versionsOf(scene.tools.kept, 'staging').current(), undefined)
  const late = await someTools(t, { status: (asked) => (asked < 5 ? undefined : 200) })
  await deploy(late.tools, wish())
})

test('a school of nobody’s is not deployed: nobody could open it, or would be told when something is wrong', async (t) => {
  const scene = await someTools(t)
  await assert.rejects(deploy(scene.tools, wishOf(['staging', '--yes'])), /whose school it is.*amplify\/stages\/staging\.json/)
  assert.deepEqual(scene.done, [])
})

test('a function that was not bundled is never deployed', async (t) => {
  const code = await readFile(join(import.meta.dirname, '..', '..', 'amplify', 'placeholder', 'index.mjs'), 'utf8')
  const scene = await someTools(t, { code })
  await assert.rejects(deploy(scene.tools, wish()), /placeholder/)
  assert.deepEqual(scene.done, ['prepare', 'synth staging'])
})

test('when the CDK fails no web app is uploaded, and the next try takes the keys that are there', async (t) => {
  const scene = await someTools(t, { fails: (args) => args.includes('--all') })
  await assert.rejects(deploy(scene.tools, wish()), /CDK ended/)
  assert.ok(!scene.done.some((each) => each.startsWith('put')))
  const ids = idsIn(scene)
  await assert.rejects(deploy(scene.tools, wish()))
  assert.deepEqual([ids.length, idsIn(scene)], [2, ids])
})

test('one can go back to a version as it was, but not past a rotation of the keys', async (t) => {
  const scene = await someTools(t)
  await deploy(scene.tools, wish())
  await deploy(scene.tools, wish())
  const [first] = await versionsOf(scene.tools.kept, 'staging').list()
  scene.done.length = 0
  await deploy(scene.tools, wish('--to', first?.version ?? ''))
  assert.deepEqual(scene.done[0], 'cdk deploy --all --require-approval never')
  assert.match(scene.done[1] ?? '', /^put the-store\/site\//)
  assert.equal((await versionsOf(scene.tools.kept, 'staging').current())?.version, first?.version)
  await assert.rejects(deploy(scene.tools, wish('--to', 'nowhere')), /was not deployed from this machine/)
  scene.pass(12)
  await keys(scene.tools, wish('rotate'))
  await assert.rejects(deploy(scene.tools, wish('--to', first?.version ?? '')), /rotated since/)
})

test('CloudFront learns a new key before the school signs with it, and the one that signed stays', async (t) => {
  const scene = await someTools(t)
  await deploy(scene.tools, wish())
  const [signed] = idsIn(scene)
  scene.pass(12)
  scene.done.length = 0
  await keys(scene.tools, wish('rotate'))
  const [fresh, former] = idsIn(scene)
  assert.notEqual(fresh, signed)
  assert.equal(former, signed)
  assert.ok(scene.done.indexOf('cdk deploy --all --require-approval never') < scene.done.indexOf('secret lectern-staging/signing'))
  assert.deepEqual(Object.keys(JSON.parse(scene.contexts.at(-1)?.['signingKeys'] ?? '')), [fresh, former])
  // The former key's cookies hold for ten minutes yet.
  await assert.rejects(keys(scene.tools, wish('rotate')), /Wait \d+ min/)
  assert.deepEqual(idsIn(scene), [fresh, former])
  scene.pass(12)
  await keys(scene.tools, wish('rotate'))
  assert.deepEqual(idsIn(scene).slice(1), [fresh])
  await keys(scene.tools, wish('rotate', '--now'))
  assert.equal(idsIn(scene).filter((id) => id === fresh || id === former).length, 0)
})

test('of two rotations at once one is refused, and the keys of the other stay', async (t) => {
  // Whatever else happens while the CDK is at work, which does not fail.
  const others = { put: (): unknown => undefined }
  const scene = await someTools(t, { fails: () => others.put() === 'failed' })
  await deploy(scene.tools, wish())
  scene.pass(12)
  const theirs = (scene.vault.get(signingSecret('staging')) ?? '').replace('"signingKeys"', '"note":"theirs","signingKeys"')
  others.put = () => scene.vault.set(signingSecret('staging'), theirs)
  await assert.rejects(keys(scene.tools, wish('rotate')), /changed by somebody else/)
  assert.equal(scene.vault.get(signingSecret('staging')), theirs)
})

test('a secret that holds something else stops everything, and is not shown', async (t) => {
  const scene = await someTools(t)
  scene.vault.set(signingSecret('staging'), '{"signingKeys":"hush"}')
  await assert.rejects(deploy(scene.tools, wish()), (error: Error) => /holds no two signing keys/.test(error.message) && !error.message.includes('hush'))
  assert.deepEqual(scene.done, [])
})

test('taking a stage down keeps people, table, videos, secrets and what waits in queues unless its name is typed', async (t) => {
  const scene = await someTools(t, { answers: ['no', 'staging?', 'staging'] })
  await deploy(scene.tools, wish())
  scene.done.length = 0
  await assert.rejects(destroy(scene.tools, wishOf(['staging'])), /Nothing was removed/)
  await assert.rejects(destroy(scene.tools, wish('--with-data')), /Nothing was removed/)
  assert.deepEqual(scene.done, [])
  await destroy(scene.tools, wish())
  const gone = scene.done.join()
  for (const kept of ['store', 'data', 'content', 'events', 'media']) assert.doesNotMatch(gone, new RegExp(`lectern-staging-${kept}\\b`))
  assert.doesNotMatch(gone, /amplify/)
  assert.match(gone, /lectern-staging-api .*lectern-staging-watch/)
  await destroy(scene.tools, wish('--with-data'))
  assert.match(scene.done.at(-1) ?? '', /amplify-lectern.*lectern-staging-store lectern-staging-data/)
  assert.match(scene.said.join('\n'), /AWS still holds/)
  assert.deepEqual(losingNothing(['lectern-production-api', 'somebody-elses', 'lectern-staging-api'], 'staging'), ['lectern-staging-api'])
})

test('the school’s secrets are asked for, checked, and what is there is kept by Enter', async (t) => {
  const scene = await someTools(t, {
    answers: [
      ...['sk_test_12345678', 'whsec_12345678', '', '', '', '', '', '', ''],
      ...['', '', 'smtps://u:p@mail.example:465', 'School <school@school.example>', '-', 'a-secret-of-webhooks', 'github_pat_1', '', 'sk-of-a-model'],
      'not a key',
    ],
  })
  await assert.rejects(secrets(scene.tools, wish()), /was not deployed yet/)
  scene.vault.set(signingSecret('staging'), '{}')
  const keptAs = (secret: string): string[] => Object.keys(JSON.parse(scene.vault.get(`lectern-staging/${secret}`) ?? '{}'))
  await secrets(scene.tools, wish())
  assert.deepEqual([...scene.vault.keys()], [signingSecret('staging'), schoolSecret('staging')], 'what nobody has given stays empty')
  await secrets(scene.tools, wish())
  assert.deepEqual(keptAs('school'), ['stripeSecretKey', 'stripeWebhookSecrets', 'smtpUrl', 'mailFrom', 'githubWebhookSecrets'])
  assert.deepEqual([keptAs('github'), keptAs('chatbot')], [['GITHUB_TOKEN'], ['CHATBOT_KEY']], 'each where those read it who use it')
  await assert.rejects(secrets(scene.tools, wish()), (error: Error) => /stripeSecretKey/.test(error.message) && !error.message.includes('not a key'))
  assert.doesNotMatch(scene.said.join(), /sk_test|u:p@|github_pat|sk-of/)
})

test('the key of an app keeps its lines, and beside a token is refused', async (t) => {
  const nothing = Array.from({ length: 6 }, () => '')
  const pem = '-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----'
  const scene = await someTools(t, { answers: [...nothing, '', pem, '', ...nothing, 'github_pat_1', '', ''] })
  scene.vault.set(signingSecret('staging'), '{}')
  await secrets(scene.tools, wish())
  assert.equal(JSON.parse(scene.vault.get('lectern-staging/github') ?? '{}').GITHUB_APP_KEY, '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----')
  await assert.rejects(secrets(scene.tools, wish()), /GITHUB_TOKEN: a token or the key of an app/)
})

test('looking changes nothing: what would change, and what was told', async (t) => {
  const scene = await someTools(t)
  await assert.rejects(outputs(scene.tools, wish()), /Nothing of staging is deployed/)
  await diff(scene.tools, wish())
  assert.deepEqual(scene.done, ['prepare', 'synth staging', 'cdk diff --all'])
  await deploy(scene.tools, wish())
  await outputs(scene.tools, wish())
  assert.match(scene.said.join('\n'), /DistributionDomain {2}d1example/)
  assert.doesNotMatch(scene.said.join('\n'), /ExportsOutput|PublishOutput/)
  scene.said.length = 0
  await outputs({ ...scene.tools, kept: join(scene.tools.kept, 'of-another-machine') }, wish())
  assert.match(scene.said.join('\n'), /not deployed from this machine[\s\S]*StoreBucket {2}the-store[\s\S]*DistributionDomain {2}d1example/)
  assert.doesNotMatch(scene.said.join('\n'), /ExportsOutput|PublishOutput/)
})

test('a stage has to be said, and what is not understood is refused', () => {
  for (const args of [[], ['prod'], ['-c', 'a=b'], ['staging', '--force'], ['staging', '-c', 'ab'], ['staging', '--to', '../x']])
    assert.throws(() => wishOf(args), /stage|understood/)
  assert.deepEqual(wishOf(['production', '-c', 'a=b=c', 'rotate', '--now']), {
    ...{ stage: 'production', context: { a: 'b=c' }, to: undefined, flags: new Set(['--now']), words: ['rotate'] },
  })
})
