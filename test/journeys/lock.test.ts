import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as HLS from 'hls-parser'
import { playbackCookies, STREAM_COOKIE } from '#core/delivery/signer.ts'
import { keysIn } from '#homes/machine/keys.ts'
import { buy } from '#test/buy.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { type Someone, someone } from './people.ts'
import { eventually, keysBelow, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let teacher: Someone
let learner: Someone
let stranger: Someone
let lesson: string
let video: string
let keys: string[]
/** What the learner’s own browser was given, and the stream it was given for. */
let jar: Jar
let stream: string

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  stranger = await someone(school, 'Stefan')
  const film = await aFilm(join(school.data, 'film.mp4'), { seconds: 12, width: 854, height: 480 })
  const made = await aCourseOf(teacher, { title: 'Locked', kind: 'video', amountMinor: 2500 })
  lesson = made.lesson
  video = await sendFilm(teacher, lesson, film)
  await teacher.client.captions.upload({ video, language: 'en', label: 'English', text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello' })
  await untilReady(teacher, video)
  await teacher.client.courses.publish({ course: made.course })
  const order = await buy(learner, made.course)
  await fetch(`${school.url}/sandbox/stripe/api/sessions/${order.checkoutUrl?.split('/').at(-1)}/pay`, { method: 'POST', body: '{}' })
  await eventually('the enrolment', async () => ((await learner.client.learning.mine({})).enrolled.length > 0 ? true : undefined))
  keys = keysBelow(school, `media/${video}/`)
  jar = jarOf((await playback(learner)).headers.getSetCookie())
  stream = jar.get(STREAM_COOKIE) ?? ''
})
after(() => school.close())

type Jar = Map<string, string>

const jarOf = (lines: string[]): Jar => new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1, line.indexOf(';'))]))

const playback = (person: Someone): Promise<Response> =>
  fetch(`${school.url}/api/lessons/${lesson}/playback`, { method: 'POST', headers: { authorization: `Bearer ${person.token}` } })

const signed = async (id: string, now: Date): Promise<Jar> => {
  const settings = { url: school.url, mediaUrl: school.url, playbackTtlSeconds: 600 }
  return jarOf(playbackCookies({ settings, keys: await keysIn(school.data), video: id, stream, now }).cookies)
}

const ask = async (key: string, jar: Jar): Promise<{ status: number; code: string | undefined; bytes: number }> => {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const answer = await fetch(`${school.url}/${key}`, { headers: cookie === '' ? {} : { cookie } })
  const body = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, code: /<Code>(\w+)<\/Code>/.exec(body.toString())?.[1], bytes: body.length }
}

/** Every object of the video, asked for with the same cookies: what differs from the refusal that is due. */
const leaks = async (jar: Jar, codes: string[]): Promise<string[]> => {
  const answers = await Promise.all(keys.map(async (key) => ({ key, ...(await ask(key, jar)) })))
  return answers.filter(({ status, code }) => status !== 403 || !codes.includes(code ?? '')).map(({ key, status, code }) => `${key}: ${status} ${code}`)
}

const swapped = (jar: Jar, name: string, change: (value: string) => string): Jar =>
  new Map([...jar].map(([each, value]) => [each, each === name ? change(value) : value]))

test('the store holds playlists, sections, segments, captions, storyboard and poster of the video, and the payer may read each', async () => {
  for (const kind of [
    /master\.m3u8$/,
    /480p\/index\.m3u8$/,
    /init\.mp4$/,
    /480p\/00000\.m4s$/,
    /audio\/.+\.m4s$/,
    /captions\/en\.vtt$/,
    /storyboard\.vtt$/,
    /storyboard-000\.jpg$/,
    /poster\.jpg$/,
  ]) {
    assert.ok(
      keys.some((key) => kind.test(key)),
      `${kind} among ${keys.length} objects`,
    )
  }
  for (const key of keys) {
    const { status, bytes } = await ask(key, jar)
    assert.equal(status, 200, key)
    assert.ok(bytes > 0, key)
  }
})

test('every playlist holds to RFC 8216 and tells the film’s true length', async () => {
  HLS.setOptions({ strictMode: true })
  const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
  for (const key of keys.filter((each) => each.endsWith('.m3u8'))) {
    const playlist = HLS.parse(await (await fetch(`${school.url}/${key}`, { headers: { cookie } })).text())
    if (playlist.isMasterPlaylist) {
      const heights = (isOfKeys: boolean) => playlist.variants.filter((each) => each.isIFrameOnly === isOfKeys).map(({ resolution }) => resolution?.height)
      const isFirst = key.endsWith('/preview/master.m3u8')
      assert.deepEqual(heights(false).sort(), isFirst ? [480] : [270, 480])
      assert.deepEqual(heights(true).sort(), isFirst ? [] : [270, 480])
      continue
    }
    const seconds = playlist.segments.reduce((sum, { duration }) => sum + duration, 0)
    assert.ok(Math.abs(seconds - 12) < 0.1, `${key}: ${seconds} s`)
    assert.equal(playlist.endlist, true)
  }
})

test('without cookies every object answers 403 MissingKey', async () => {
  assert.deepEqual(await leaks(new Map(), ['MissingKey']), [])
})

test('with another video’s cookies every object answers 403 AccessDenied', async () => {
  assert.deepEqual(await leaks(await signed('vid_00000000000000000000000000', new Date()), ['AccessDenied']), [])
  assert.deepEqual(await leaks(await signed(video.slice(0, -1), new Date()), ['AccessDenied']), [])
})

test('with an altered policy, an altered signature or an unknown key every object is refused', async () => {
  const wider = Buffer.from(`{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":4102444800}}}]}`)
    .toString('base64')
    .replaceAll('=', '_')
  assert.deepEqual(
    await leaks(
      swapped(jar, 'CloudFront-Policy', () => wider),
      ['AccessDenied'],
    ),
    [],
  )
  assert.deepEqual(
    await leaks(
      swapped(jar, 'CloudFront-Policy', () => 'bm90IGEgcG9saWN5'),
      ['MalformedPolicy', 'AccessDenied'],
    ),
    [],
  )
  assert.deepEqual(
    await leaks(
      swapped(jar, 'CloudFront-Signature', (value) => `${value[0] === 'A' ? 'B' : 'A'}${value.slice(1)}`),
      ['AccessDenied'],
    ),
    [],
  )
  assert.deepEqual(
    await leaks(
      swapped(jar, 'CloudFront-Key-Pair-Id', () => 'KUNKNOWN'),
      ['InvalidKey'],
    ),
    [],
  )
})

test('the school’s own signature opens nothing without a stream that runs, and everything with one', async () => {
  const good = await signed(video, new Date())
  const without = new Map([...good].filter(([name]) => name !== STREAM_COOKIE))
  assert.deepEqual(await leaks(without, ['AccessDenied']), [])
  assert.deepEqual(
    await leaks(
      swapped(good, STREAM_COOKIE, () => 'str_00000000000000000000000000'),
      ['AccessDenied'],
    ),
    [],
  )
  assert.equal((await ask(keys[0] ?? '', good)).status, 200)
})

test('after the cookies have run out every object answers 403 AccessDenied', async () => {
  assert.deepEqual(await leaks(await signed(video, new Date(Date.now() - 700_000)), ['AccessDenied']), [])
})

test('someone signed in who has not paid is given no cookies', async () => {
  const answer = await playback(stranger)
  assert.equal(answer.status, 403)
  assert.deepEqual(answer.headers.getSetCookie(), [])
})

test('the uploaded source is nowhere to be had, whatever one may watch', async () => {
  const source = `sources/${(await teacher.client.accounts.me({})).id}/${video}/source`
  for (const path of [source, `media/${video}/../../${source}`, `media/../${source}`, `catalogue/../${source}`]) {
    const answer = await fetch(`${school.url}/${path}`, { headers: { cookie: [...jar].map((pair) => pair.join('=')).join('; ') } })
    const body = Buffer.from(await answer.arrayBuffer())
    assert.ok(!body.includes('ftyp'), path)
  }
})

test('once the stream has ended every object answers 403 AccessDenied within five seconds, though the cookies hold', async () => {
  await learner.client.watching.end({ stream })
  await eventually('the end', async () => ((await ask(keys[0] ?? '', jar)).status === 403 ? true : undefined), 5)
  assert.deepEqual(await leaks(jar, ['AccessDenied']), [])
})
