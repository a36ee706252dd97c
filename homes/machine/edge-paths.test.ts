import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forA, port, raw, SECRET } from './edge.fixture.ts'

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

test('headers that name another address change nothing', async () => {
  const answer = await raw(
    '/media/vid_b/master.m3u8',
    `Cookie: ${forA}\r\nX-Original-URL: /media/vid_a/master.m3u8\r\nX-Rewrite-URL: /media/vid_a/master.m3u8\r\nX-Forwarded-Host: evil\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 403 /)
})
