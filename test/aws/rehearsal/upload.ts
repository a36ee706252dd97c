import { createHash } from 'node:crypto'
import { ownKeys } from '#web/src/features/media/own-keys.ts'
import { ownUrl } from '#web/src/features/media/own-url.ts'
import { MEDIA, SCHOOL } from './plan.ts'
import { bucketsIn } from './resources.ts'
import { expect, needed, type Scene, someone } from './scene.ts'

/** A name people give to files, and programs stumble over. */
const FILE_NAME = 'Erste Übung – Läufer & Springer (1).mp4'

export const signUpTeacher = async (scene: Scene): Promise<string> => {
  const teacher = await someone(scene.stage, 'Tove', 'instructor')
  await scene.stage.settle()
  const { roles } = await teacher.client.accounts.me({})
  expect(roles.includes('instructor'), `Somebody in the pool's group of instructors has the roles ${roles.join(', ')}.`)
  scene.teacher = teacher
  return 'Tove, an instructor'
}

export const makeCourse = async (scene: Scene): Promise<string> => {
  const { client } = needed(scene.teacher, 'teacher')
  const { id: course } = await client.courses.create({ title: 'Chess for évery one' })
  const { sections } = await client.courses.addSection({ course, title: 'Openings' })
  const section = needed(sections.at(-1)?.id, 'section')
  const outline = await client.courses.addLesson({ course, section, title: 'The first move', kind: 'video' })
  await client.courses.update({ course, summary: 'From the first move.', description: 'All of it.', price: { amountMinor: 4900, currency: 'EUR' } })
  scene.course = course
  scene.lesson = needed(outline.sections.at(-1)?.lessons.at(-1)?.id, 'lesson')
  return 'with a video lesson, at 49 EUR'
}

/** As a browser sends a part: asked first whether this page may. */
const sendPart = async ({ stage }: Scene, url: string, body: Uint8Array<ArrayBuffer>): Promise<void> => {
  const { ask } = stage.cloud
  const asking = { origin: SCHOOL, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' }
  const bucket = new URL(url).href.split('/sources/')[0]
  const preflight = await ask(url, { method: 'OPTIONS', headers: asking })
  const allowed = preflight.headers.get('access-control-allow-origin')
  expect(preflight.ok && allowed === SCHOOL, `A page of ${SCHOOL} may not PUT into ${bucket}: its CORS rules answered ${preflight.status}.`)
  const sent = await ask(url, { method: 'PUT', headers: { origin: SCHOOL, 'content-type': 'video/mp4' }, body })
  expect(sent.ok, `A part was answered ${sent.status}: ${await sent.text()}`)
  expect((sent.headers.get('access-control-expose-headers') ?? '').includes('ETag'), `A page may not read what ${bucket} says of a part.`)
}

type Elsewhere = { own: string; signedFor(url: string): Promise<string>; body: Uint8Array<ArrayBuffer> }

/** Keys of one person's open nothing of another's and no other name. `body` is what was signed: another would be refused for that alone. */
const refuseElsewhere = async ({ stage }: Scene, { own, signedFor, body }: Elsewhere): Promise<void> => {
  const others = [own.replace(/sources\/[^/]+/, 'sources/another'), own.replace(/vid_[^/]+/, 'anything'), own.replace('/sources/', '/media/')]
  await stage.inVain(async () => {
    for (const url of others) {
      const { status } = await stage.cloud.ask(await signedFor(url), { method: 'PUT', body })
      expect(status === 403, `A page that was given keys for ${own} could write to ${url}: ${status}.`)
    }
  })
}

export const uploadFilm = async (scene: Scene): Promise<string> => {
  const { client, idToken } = needed(scene.teacher, 'teacher')
  const film = new Uint8Array(scene.film)
  const lesson = needed(scene.lesson, 'lesson')
  const upload = await client.media.startUpload({ lesson, fileName: FILE_NAME, sizeBytes: film.length, type: 'video/mp4' })
  const numbers = Array.from({ length: upload.parts }, (_, at) => at + 1)
  const partOf = (number: number): Uint8Array<ArrayBuffer> => film.slice((number - 1) * upload.partBytes, number * upload.partBytes)
  const hashes = numbers.map((number) => createHash('sha256').update(partOf(number)).digest('base64'))
  const place = needed(upload.straight, 'way for a page to send by itself')
  const now = (): Date => new Date()
  const keys = await ownKeys({ idToken: async () => idToken, fetch: scene.stage.cloud.ask, now })(place)
  const signed = (number: number, to = place): Promise<string> =>
    ownUrl({ number, size: partOf(number).length, sha256: hashes[number - 1] ?? '' }, { place: to, keys, now: now() })
  // The first by the teacher's own keys, whatever is left by the school's: either way into one upload.
  const [first = 1, ...others] = numbers
  await sendPart(scene, await signed(first), partOf(first))
  const { parts } = await client.media.signParts({ upload: upload.id, parts: others, hashes: hashes.slice(1) })
  for (const { number, url } of parts) await sendPart(scene, url, partOf(number))
  await refuseElsewhere(scene, { own: place.url, signedFor: (url) => signed(first, { ...place, url }), body: partOf(first) })
  await client.media.finishUpload({ upload: upload.id })
  scene.video = upload.video
  return `“${FILE_NAME}” in ${numbers.length} parts, by the teacher's own keys and by the school's; with their keys nothing else`
}

export const transcode = async (scene: Scene): Promise<string> => {
  const { client } = needed(scene.teacher, 'teacher')
  await scene.stage.settle()
  const { state, reason, rungs } = await client.media.video({ video: needed(scene.video, 'video') })
  expect(state === 'ready', `The video is ${state}${reason === undefined ? '' : `: ${reason}`}, and nothing moves any more.`)
  return `ready, ${rungs.join(', ')}`
}

export const publish = async (scene: Scene): Promise<string> => {
  const { client } = needed(scene.teacher, 'teacher')
  const { slug } = await client.courses.publish({ course: needed(scene.course, 'course') })
  await scene.stage.settle()
  const { visit } = scene.stage.browser
  const store = Object.keys(bucketsIn(scene.stage.cloud.deployment())).find((name) => name.includes('store-store'))
  await scene.stage.cloud.put(needed(store, 'store'), 'site/index.html', '<!doctype html><title>Lectern</title>', 'text/html; charset=utf-8')
  const shell = await visit(`${SCHOOL}/learning`)
  expect(shell.status === 200 && shell.text.includes('Lectern'), `The app's page was answered ${shell.status} by the behaviour ${shell.behaviour}.`)
  const past = await Promise.all(['/learning', '/api/school', '/hooks/stripe'].map((path) => scene.stage.browser.past(SCHOOL + path)))
  expect(
    past.every((status) => status === 403),
    `Past the proxy the school answered ${past.join(', ')}: its program lets everybody in.`,
  )
  const page = await visit(`${SCHOOL}/catalogue/${slug}.json`)
  expect(page.status === 200 && page.behaviour === '/catalogue/*', `/catalogue/${slug}.json was answered ${page.status} by the behaviour ${page.behaviour}.`)
  scene.slug = slug
  return `/courses/${slug}`
}

const nextIn = (playlist: string): string => playlist.split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''

/** A playlist, a playlist in it, and a segment of that: with cookies and without. */
export const watch = async (scene: Scene, who: 'teacher' | 'learner' = 'teacher'): Promise<string> => {
  const viewer = needed(scene[who], who)
  const { visit } = scene.stage.browser
  const { masterUrl } = await viewer.client.watching.open({ lesson: needed(scene.lesson, 'lesson') })
  const master = new URL(masterUrl, SCHOOL)
  expect(master.origin === MEDIA, `Videos are played from ${master.origin} and not from ${MEDIA}.`)
  const headers = { cookie: viewer.cookies.join('; '), origin: SCHOOL }
  const open = async (url: URL) => {
    const closed = await visit(url.href, { headers: { origin: SCHOOL } })
    expect(closed.status === 403, `Without cookies ${url.pathname} was answered ${closed.status}: the behaviour ${closed.behaviour} asks for no signature.`)
    const opened = await visit(url.href, { headers })
    expect(
      opened.status === 200,
      `With cookies ${url.pathname} was answered ${opened.status} by the behaviour ${opened.behaviour}: ${opened.text.slice(0, 200)}`,
    )
    for (const { headers: told, status } of [closed, opened]) {
      const readable = told.get('access-control-allow-origin') === SCHOOL && told.get('access-control-allow-credentials') === 'true'
      expect(readable, `A page of ${SCHOOL} may not read an answer ${status} of ${MEDIA}.`)
    }
    return opened
  }
  const rungUrl = new URL(nextIn((await open(master)).text), master)
  const segmentUrl = new URL(nextIn((await open(rungUrl)).text), rungUrl)
  const segment = await open(segmentUrl)
  const other = await visit(segmentUrl.href.replace(needed(scene.video, 'video'), 'vid_another'), { headers })
  expect(other.status === 403, `Cookies for one video opened another: ${other.status}.`)
  scene.masterUrl = masterUrl
  return `${segmentUrl.pathname.split('/').slice(3).join('/')}, ${segment.bytes.length} bytes; 403 without cookies`
}
