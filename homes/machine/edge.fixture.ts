import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after } from 'node:test'
import { INERT } from '#core/delivery/headers.ts'
import { playbackCookies, signedFileUrl } from '#core/delivery/signer.ts'
import { videoRecords } from '#core/media/records.ts'
import { streamRecords } from '#core/watching/records.ts'
import { aCourse, anUploadedVideo } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { type Answer, edgeServer } from './edge-server.fixture.ts'
import { scratchFolder } from './scratch.fixture.ts'

/** An edge of its own on loopback for each file of tests, with three videos, a course page and a small web app behind it. */
export const folder = await scratchFolder()
export const webRoot = join(folder, 'dist')
export const SECRET = 'SECRET-'
const SHELL = `<!doctype html><title>Lectern</title>${'<!-- shell -->'.repeat(100)}`
export const SCRIPT = `export const lessons = ${JSON.stringify('watch and learn '.repeat(500))}`
export const VIDEO_FILES = [
  'master.m3u8',
  '720p/index.m3u8',
  '720p/init.mp4',
  '720p/1.m4s',
  'audio/1.m4s',
  'captions/en.vtt',
  'storyboard.vtt',
  'storyboard/1.jpg',
  'poster.jpg',
  'chapters.vtt',
]

export const school = await openSchool()
export const { store, clock } = school
export const { settings, keys, ids } = school.world
/** Where its signing keys and its objects lie. */
export const schoolFolder = school.folder
const firstKeys = await keys.live()
const server = await edgeServer(school, { webRoot })
export const { port, ask, raw } = server

await mkdir(join(webRoot, 'assets'), { recursive: true })
await mkdir(join(webRoot, '.vite'))
await writeFile(join(webRoot, 'index.html'), SHELL)
await writeFile(join(webRoot, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
await writeFile(join(webRoot, 'assets', 'app-1a2b.js'), SCRIPT)
await writeFile(join(webRoot, '.vite', 'manifest.json'), `{"${SECRET}":1}`)
await writeFile(join(folder, 'outside.txt'), `${SECRET}outside`)
for (const video of ['vid_a', 'vid_a1', 'vid_b'])
  for (const name of VIDEO_FILES)
    await store.put(`media/${video}/${name}`, `${SECRET}${video}/${name}`, { type: 'text/vtt', cacheControl: 'public, max-age=31536000' })
export const FILE = 'files/fil_a/content'
const FILE_NAME = '\u00dcbungsblatt \u2116 1 \u2013 \u7df4\u7fd2.html'
for (const key of [FILE, 'files/fil_a1/content', 'files/fil_b/content']) await store.put(key, `${SECRET}${key}`, { type: 'text/html', fileName: FILE_NAME })
await store.put('sources/vid_a/original.mp4', `${SECRET}source`, { type: 'video/mp4' })
await store.put('catalogue/index.json', JSON.stringify({ courses: Array.from({ length: 200 }, (_, number) => ({ id: `crs_${number}` })) }), {
  type: 'application/json',
  cacheControl: 'public, max-age=30',
})
await store.put('catalogue/pages/learn/chess/les_1.html', '<!doctype html><title>The board</title>', { type: 'text/html; charset=utf-8' })
await store.put('catalogue/pages/chess.html', '<!doctype html><title>Chess for everyone</title>', { type: 'text/html; charset=utf-8' })

const teacher = await school.person('Theo', 'instructor')
const made = await anUploadedVideo(school, teacher, await aCourse(teacher))
const aStream = async (video: string): Promise<string> => {
  const { tables, ids } = school.world
  const record = await videoRecords.get(tables, { id: made.video })
  assert.ok(record)
  const [id, at] = [ids.make('str'), clock.now().toISOString()]
  const stream = { id, person: teacher.id, device: 'A browser', lesson: made.lesson, lessonTitle: 'A lesson', course: 'crs_light', video, isLearners: false }
  const times = { startedAt: at, seenAt: at, toldAt: at, positionSeconds: 0, spareSeconds: 0 }
  await tables.commit([videoRecords.put({ ...record.value, id: video }), streamRecords.add({ ...stream, ...times })])
  return id
}
/** Somebody’s streams of the three videos, all of which they may see. */
const streams: Record<string, string> = { vid_a: await aStream('vid_a'), vid_a1: await aStream('vid_a1'), vid_b: await aStream('vid_b') }

after(async () => {
  await server.close()
  await school.close()
  await rm(folder, { recursive: true })
})

export const pairs = (video: string, { now = clock.now(), live = firstKeys, stream = streams[video] ?? '' } = {}): Record<string, string> => {
  const { cookies } = playbackCookies({ settings, keys: live, video, stream, now })
  return Object.fromEntries(cookies.map((line) => (line.split(';')[0] ?? '').split('=', 2)))
}
export const cookie = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
export const forA = cookie(pairs('vid_a'))
/** Cookies of one more player of the first video, with a stream of its own. */
export const anotherForA = async (): Promise<string> => cookie(pairs('vid_a', { stream: await aStream('vid_a') }))

/** The target of a file's own URL, as the endpoint signs it. */
export const fileTarget = (file: string = FILE): string => signedFileUrl({ settings, keys: firstKeys, file, now: clock.now() }).url.slice(settings.url.length)

export const watch = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  ask(path, { method, headers: { cookie: forA, ...headers } })

export const codeOf = ({ status, headers, body }: Answer): string | undefined => {
  assert.equal(status, 403)
  assert.equal(headers['content-type'], 'text/xml')
  assert.equal(headers['cache-control'], 'no-store')
  for (const [name, value] of Object.entries(INERT)) assert.equal(headers[name], value)
  return /^<\?xml version="1.0" encoding="UTF-8"\?><Error><Code>(\w+)<\/Code><Message>[\w -]+<\/Message><\/Error>$/.exec(body.toString())?.[1]
}
