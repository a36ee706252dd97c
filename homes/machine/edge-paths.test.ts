import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COOKIES } from '#core/delivery/signer.ts'
import { cookie, forA, pairs, port, raw, SECRET, store } from './edge.fixture.ts'

/** Ways to spell a slash and a step upwards that some server somewhere has fallen for. */
const SLASHES = ['/', '//', '%2f', '%2F', '\\', '%5c', '/./', '/%2e/', ';/', '/;x=1/', '%252f', '%c0%af', '%ef%bc%8f', '\u2215', '/%00/']
const UPS = ['..', '%2e%2e', '.%2e', '%2E.', '..;', '...', '%252e%252e', '%c0%ae%c0%ae', '..%00', '\uff0e\uff0e', '..%20', '..\t']
const ENDINGS = [
  '%00',
  '.',
  '/',
  '//',
  '/.',
  '/..',
  '%20',
  ';',
  '~',
  '%',
  '\\',
  ':',
  '%0a',
  '%0d%0aX:1',
  '%00.vtt',
  '#x',
  '*',
  '+',
  '@',
  '!',
  '\u00e9',
  '&',
  "'",
  '"',
  '$',
  '%3f',
  '%23',
]
const percent = (text: string, at: number): string => `${text.slice(0, at)}%${text.charCodeAt(at).toString(16)}${text.slice(at + 1)}`

const variants = (): string[] => {
  const goal = 'master.m3u8'
  const climbs = SLASHES.flatMap((slash) =>
    UPS.flatMap((up) => [`/media/vid_a${slash}${up}${slash}vid_b/${goal}`, `/media/vid_a${slash}${up}${slash}${up}${slash}sources/vid_a/original.mp4`]),
  )
  const spelled = [...goal]
    .map((_, at) => `/media/vid_a/${percent(goal, at)}`)
    .concat([...'media/vid_a'].map((_, at) => `/${percent('media/vid_a', at)}/${goal}`))
  const slashed = SLASHES.slice(1).flatMap((slash) => [`/media${slash}vid_a/${goal}`, `/media/vid_a${slash}${goal}`, `${slash}media/vid_a/${goal}`])
  const roundabout = ['/catalogue/..', '/assets/..', '/courses/..', '/x/..', '/.', '/catalogue/%2e%2e', '/assets/..%2f..', '/courses/..%2f..'].flatMap(
    (start) => [`${start}/media/vid_a/${goal}`, `${start}/sources/vid_a/original.mp4`],
  )
  const cased = ['/Media/vid_a/', '/MEDIA/vid_a/', '/media/VID_A/', '/media/Vid_a/'].map((start) => start + goal)
  const absolute = [`http://127.0.0.1:${port}/media/vid_a/${goal}`, `//127.0.0.1:${port}/media/vid_a/${goal}`, `media/vid_a/${goal}`, `*/media/vid_a/${goal}`]
  return [
    ...climbs,
    ...spelled,
    ...slashed,
    ...roundabout,
    ...cased,
    ...absolute,
    ...ENDINGS.map((ending) => `/media/vid_a/${goal}${ending}`),
    '/sources/vid_a/original.mp4',
  ]
}

test('no other spelling of a path gets a byte of any video, whatever cookies come with it', async () => {
  const all = [...new Set(variants())]
  assert.ok(all.length >= 400, String(all.length))
  const good = await raw('/media/vid_a/master.m3u8', `Cookie: ${forA}\r\n`)
  assert.ok(good.startsWith('HTTP/1.1 200 ') && good.includes(SECRET))
  for (const target of all) {
    const answer = await raw(target, `Cookie: ${forA}\r\n`)
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, JSON.stringify(target))
    assert.ok(!answer.includes(SECRET), JSON.stringify(target))
  }
})

/** Names that begin, end or look like `vid_a1`: objects lie under each. */
const LOOKALIKES = ['vid_a', 'vid_a10', 'vid_a1.bak', 'vid_a1-draft', 'xvid_a1', 'VID_A1', 'Vid_a1', 'vid_b']
/** What might be taken for `vid_a1` and something more. */
const ADDED = [
  '0',
  '%30',
  '%2530',
  '\u0660',
  '\uff10',
  ';0',
  '0;',
  '%000',
  '\u00000',
  ' 0',
  '%200',
  '+0',
  '%2Dbak',
  '.bak',
  '*',
  '?0',
  '#0',
  '%23',
  ':0',
  '@0',
  '|0',
  '~1',
  '::$DATA',
]
const UNICODE = [
  '\uff56\uff49\uff44\uff3f\uff41\uff11',
  'v\u0131d_a1',
  'vid_\u0430' + '1',
  'vid_a\u0301' + '1',
  'vid_a\u00b9',
  'vid_a\u200b1',
  '\u202e1a_div',
  '\ufeffvid_a1',
]

const queriesOf = (own: Record<string, string>): string[] => {
  const [policy, signature, key] = [own[COOKIES.policy], own[COOKIES.signature], own[COOKIES.key]]
  const signed = `Policy=${policy}&Signature=${signature}&Key-Pair-Id=${key}&Hash-Algorithm=SHA256`
  return [
    `?${signed}`,
    `?x=1&${signed}`,
    `?${signed}&${signed}`,
    `;${signed}`,
    `%3F${signed}`,
    `?Expires=4102444800&Signature=${signature}&Key-Pair-Id=${key}&Hash-Algorithm=SHA256`,
    '?/media/vid_a1/master.m3u8',
    '?url=/media/vid_a1/master.m3u8',
    '?Resource=*',
    '?%50olicy=x',
    '?policy=x',
    '#/media/vid_a1/master.m3u8',
    '?v=%00',
    '?..%2fvid_a1%2f',
    '?',
    '??',
    '?&&',
  ]
}

/** Ways to what is below another name, for somebody who may see `vid_a1`. */
const waysTo = (goal: string, own: Record<string, string>): string[] => {
  const file = `${goal}/master.m3u8`
  const climbs = SLASHES.flatMap((slash) => ['..', '%2e%2e', '..;', '%252e%252e'].map((up) => `/media/vid_a1${slash}${up}${slash}${file}`))
  const places = [
    `http://127.0.0.1:${port}/media/${file}`,
    `http://evil.test/media/${file}`,
    `http:/media/${file}`,
    `https://127.0.0.1/media/${file}`,
    `//evil.test/media/${file}`,
    `/\\evil.test/media/${file}`,
    `/http://127.0.0.1:${port}/media/vid_a1/../${file}`,
  ]
  return [
    `/media/${file}`,
    ...climbs,
    ...places,
    ...queriesOf(own).map((query) => `/media/${file}${query}`),
    ...[...file].map((_, at) => `/media/${percent(file, at)}`),
  ]
}

test('a grant for one video opens no other whose name begins, ends or looks like it (vid_a1, vid_a10), in no spelling and by no query', async () => {
  for (const name of LOOKALIKES) await store.put(`media/${name}/master.m3u8`, `${SECRET}${name}`, { type: 'text/vtt' })
  const own = pairs('vid_a1')
  const headers = `Cookie: ${cookie(own)}\r\n`
  const honest = await raw('/media/vid_a1/master.m3u8', headers)
  assert.ok(honest.startsWith('HTTP/1.1 200 ') && honest.includes(`${SECRET}vid_a1/`))
  const names = [...ADDED.map((more) => `vid_a1${more}`), ...UNICODE, ...UNICODE.map(encodeURIComponent)]
  const targets = new Set([
    ...LOOKALIKES.flatMap((goal) => waysTo(goal, own)),
    ...names.flatMap((name) => [`/media/${name}/master.m3u8`, `/media/vid_a1/../${name}/master.m3u8`]),
  ])
  assert.ok(targets.size >= 800, String(targets.size))
  for (const target of targets) {
    const answer = await raw(target, headers)
    assert.ok(!answer.includes(SECRET), JSON.stringify(target))
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, JSON.stringify(target))
  }
})

test('headers that name another address change nothing', async () => {
  const answer = await raw(
    '/media/vid_b/master.m3u8',
    `Cookie: ${forA}\r\nX-Original-URL: /media/vid_a/master.m3u8\r\nX-Rewrite-URL: /media/vid_a/master.m3u8\r\nX-Forwarded-Host: evil\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 403 /)
})
