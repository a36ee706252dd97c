import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import * as z from 'zod'
import { PROXY_HEADER } from '#homes/proxy-door.ts'

const FOLDER = join(import.meta.dirname, '..', 'amplify', 'cloudflare')

const Rule = z.object({ expression: z.string(), action: z.string(), action_parameters: z.record(z.string(), z.unknown()), enabled: z.literal(true) })
const Ruleset = z.object({ phase: z.string(), rules: z.array(Rule) })
const Tree = z.object({
  variable: z
    .record(z.string(), z.object({ type: z.string(), description: z.string(), default: z.unknown().optional(), sensitive: z.boolean().optional() }))
    .default({}),
  locals: z.object({ settings: z.record(z.string(), z.string()).optional() }).optional(),
  resource: z
    .object({
      cloudflare_dns_record: z.record(z.string(), z.object({ name: z.string(), content: z.string(), proxied: z.boolean(), ttl: z.number() })).default({}),
      cloudflare_ruleset: z.record(z.string(), Ruleset).default({}),
    })
    .optional(),
})

const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.tf.json'))
const texts = await Promise.all(names.map((name) => readFile(join(FOLDER, name), 'utf8')))
const trees = texts.map((text) => Tree.parse(JSON.parse(text)))
const records = Object.fromEntries(trees.flatMap(({ resource }) => Object.entries(resource?.cloudflare_dns_record ?? {})))
const rulesets = trees.flatMap(({ resource }) => Object.values(resource?.cloudflare_ruleset ?? {}))
const settings = Object.fromEntries(trees.flatMap(({ locals }) => Object.entries(locals?.settings ?? {})))
/** As Terraform writes a reference to a variable. */
const ref = (name: string): string => `\${var.${name}}`

test('pages, API and webhooks go through Cloudflare; videos, and what proves something to somebody, do not', () => {
  assert.deepEqual(Object.fromEntries(Object.entries(records).map(([name, { proxied }]) => [name, proxied])), { school: true, media: false, dns_only: false })
  assert.deepEqual([records['school']?.name, records['media']?.name], [ref('school_host'), ref('media_host')])
})

test('Cloudflare verifies the origin, speaks nothing older than TLS 1.2, and rewrites no page', () => {
  const { tls_client_auth, ...fixed } = settings
  assert.match(tls_client_auth ?? '', /^\$\{var\.origin_asks_for_certificate/)
  assert.deepEqual(fixed, {
    ...{ ssl: 'strict', min_tls_version: '1.2', tls_1_3: 'on', always_use_https: 'on', rocket_loader: 'off', email_obfuscation: 'off' },
  })
})

test('the school’s origin is shown the secret it asks for, on that host alone, in place of what a visitor sends', () => {
  const shown = rulesets.filter(({ phase }) => phase === 'http_request_late_transform').flatMap(({ rules }) => rules)
  assert.deepEqual(
    shown.map(({ expression, action_parameters }) => ({ expression, action_parameters })),
    [
      {
        expression: `(http.host eq "${ref('school_host')}")`,
        action_parameters: { headers: { [PROXY_HEADER]: { operation: 'set', value: ref('proxy_secret') } } },
      },
    ],
  )
})

test('what is answered to one person is not kept for the next', () => {
  const [rule] = rulesets.filter(({ phase }) => phase === 'http_request_cache_settings').flatMap(({ rules }) => rules)
  assert.equal(rule?.action_parameters['cache'], false)
  for (const path of ['/api/', '/auth/', '/hooks/', '/uploads/', '/media/', '/files/']) assert.ok(rule?.expression.includes(`"${path}"`), path)
})

test('every variable is used and declared, and the secret has no value here', () => {
  const declared = trees.flatMap(({ variable }) => Object.keys(variable))
  const used = new Set(texts.flatMap((text) => [...text.matchAll(/var\.([a-z_]+)/g)].map(([, name = '']) => name)))
  assert.deepEqual([...used].sort(), declared.sort())
  const secret = trees.flatMap(({ variable }) => variable['proxy_secret'] ?? [])[0]
  assert.deepEqual([secret?.sensitive, secret?.default], [true, undefined])
  for (const text of texts) assert.doesNotMatch(text, /api_token|api_key/)
})
