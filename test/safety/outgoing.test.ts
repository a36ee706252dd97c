import assert from 'node:assert/strict'
import { test } from 'node:test'
import { programFiles } from './program-files.ts'

/** Whoever calls out, and who has said where to. An address that somebody types into the school goes by `vendors/links/`, which looks where it leads. */
const CALLERS: Record<string, string> = {
  'vendors/links/line.ts': 'the guard itself: public addresses only, and exactly the one that was checked',
  'vendors/links/guarded-fetch.ts': 'by the guard',
  'vendors/chatbot/capped-fetch.ts': 'CHATBOT_URL, which the operator sets; redirects are not followed and the answer is bounded',
  'vendors/transcription/post.ts': 'TRANSCRIPTION_URL, which the operator sets; redirects are not followed and the answer is bounded',
  'vendors/github/line.ts': 'GITHUB_API_URL, which the operator sets; the answer is bounded',
  'homes/machine/http.ts': 'stand-ins of this program on loopback',
  'homes/machine/demo/acts.ts': 'the school itself on loopback, while the demo is made',
  'homes/aws/moving.ts': 'the school’s own address, from the operator’s settings',
  'scripts/aws/real-tools.ts': 'the school that was just deployed; only the status is read',
  'scripts/health.mjs': 'the school itself on loopback',
  'scripts/lighthouse.ts': 'a school that whoever runs it names',
}

/** Packages that call out by themselves: where they may be used, and who has said where they call. */
const LIBRARIES: Record<string, { where: RegExp; because: string }> = {
  '@aws-sdk/': { where: /^(?:homes\/aws|scripts\/aws)\/|^vendors\/chatbot\/models\.ts$/, because: 'AWS, in the region that the operator sets' },
  jose: { where: /^homes\/aws\/cognito\/tokens\.ts$/, because: 'keys of the pool that the operator’s settings name' },
  '@opentelemetry/exporter': { where: /^homes\/otlp\.ts$/, because: 'OTEL_EXPORTER_OTLP_ENDPOINT, which the operator sets' },
  'openid-client': { where: /^vendors\/openid\//, because: 'SIGN_IN_WITH, which the operator sets' },
  stripe: { where: /^vendors\/stripe\//, because: 'Stripe, or its stand-in' },
  nodemailer: { where: /^vendors\/mail\//, because: 'SMTP_URL, which the operator sets' },
  '@octokit/': { where: /^vendors\/github\//, because: 'by vendors/github/line.ts' },
  '@ai-sdk/': { where: /^vendors\/chatbot\//, because: 'by vendors/chatbot/capped-fetch.ts' },
  ai: { where: /^vendors\/chatbot\//, because: 'the same' },
  'playwright-core': { where: /^scripts\/browser\.ts$/, because: 'a browser that reaches this machine alone' },
}

const MODULES = "'node:(?:https?|http2|net|tls|dgram)'"
/** The ways of the web and of Node: `fetch` called or handed on, its like, and what of Node’s modules is no server. */
const CALLS = new RegExp(
  [
    /(?<![\w.])fetch\(|(?<!typeof )\bglobal(?:This)?(?:\.fetch|\[['"]fetch)\b|[=:]\s*fetch\b(?!\()/.source,
    /\bnew (?:WebSocket|WebSocketStream|EventSource|XMLHttpRequest)\b/.source,
    `import (?!type )(?:\\w+|\\* as \\w+)(?:, \\{[^}]*\\})? from ${MODULES}|(?:import|require|getBuiltinModule)\\(${MODULES}\\)`,
    `import \\{[^}]*(?<!type )\\b(?:request|get|connect|createConnection|createSocket|Socket|TLSSocket)\\b[^}]*\\} from ${MODULES}`,
    /(?:from |import\(|require\()'(?:undici|axios|got|ky|ws|node-fetch|superagent|needle|ofetch|isomorphic-git\/http[^']*)'/.source,
  ].join('|'),
)

/** Packages that a file runs; types are gone by then. jose calls only where it is told whose keys to fetch. */
const packagesOf = (text: string): string[] => {
  const named = [...text.matchAll(/(?:import|export) (?!type )([^;']*?)from '([^'#.][^']*)'|import\('([^'#.][^']*)'\)/g)]
  return named.flatMap(([, what = '', name = '', late = '']) => (name === 'jose' && !what.includes('createRemoteJWKSet') ? [] : [name || late]))
}
const libraryOf = (name: string): string | undefined =>
  Object.keys(LIBRARIES).find((each) => name === each || name.startsWith(each.endsWith('/') || each.includes('/') ? each : `${each}/`))

test('only these places of the program call out by an address, and each is bounded by who has set it', async () => {
  const found = (await programFiles()).filter(({ text }) => CALLS.test(text)).map(({ path }) => path)
  assert.deepEqual(found, Object.keys(CALLERS).toSorted())
})

test('a package that calls out by itself is used only where somebody has said where it calls', async () => {
  const used = (await programFiles()).flatMap(({ path, text }) =>
    packagesOf(text).flatMap((name) => {
      const library = libraryOf(name)
      return library === undefined ? [] : [{ path, library }]
    }),
  )
  assert.deepEqual(
    used.filter(({ path, library }) => !LIBRARIES[library]?.where.test(path)),
    [],
  )
  const idle = Object.keys(LIBRARIES).filter((library) => !used.some((each) => each.library === library))
  assert.deepEqual(idle, [], 'listed and used nowhere')
})

test('no way of calling out is overlooked', () => {
  const ways = [
    'await fetch(url)',
    'globalThis.fetch(url)',
    "globalThis['fetch'](url)",
    'const ask = fetch',
    'new Octokit({ request: { fetch: fetch } })',
    "import https from 'node:https'",
    "import * as net from 'node:net'",
    "import http, { createServer } from 'node:http'",
    "import { type Agent, request } from 'node:https'",
    "import { Socket } from 'node:net'",
    "const { request } = await import('node:http')",
    "process.getBuiltinModule('node:http')",
    'new WebSocket(url)',
    "import { request } from 'undici'",
    "await import('axios')",
  ]
  assert.deepEqual(
    ways.filter((way) => !CALLS.test(way)),
    [],
  )
  const others = [
    "import { createServer } from 'node:http'",
    "import type { Socket } from 'node:net'",
    'type Fetch = typeof globalThis.fetch',
    'line.fetch(url)',
  ]
  for (const other of others) assert.doesNotMatch(other, CALLS)
  assert.deepEqual(packagesOf("import Stripe from 'stripe'\nimport type { X } from 'ai'\nawait import('@aws-sdk/client-s3')"), ['stripe', '@aws-sdk/client-s3'])
  assert.deepEqual([libraryOf('openid-client/passport'), libraryOf('aim')], ['openid-client', undefined])
})
