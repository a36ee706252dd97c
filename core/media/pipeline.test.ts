import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Video } from '#contract/media.ts'
import { event } from '#core/events.ts'
import type { Probed, Watchable } from '#ports/transcoder.ts'
import { aCourse, aLesson, anArrivedFile, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, refusalOf, someFacts } from '#test/school.ts'
import { standingIndex } from '#test/standing-index.ts'
import { release } from './held.ts'
import { tellNews } from './transcode.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const admin = await school.person('Ada', 'admin')
const place = await aCourse(teacher)

const shown = (video: string): Promise<Video> => teacher.client.media.video({ video })
const statesOf = ({ steps }: Video): string => steps.map(({ name, state }) => `${name} ${state}`).join(', ')
const textOf = async (key: string): Promise<string> => new TextDecoder().decode((await school.store.get(key))?.bytes)

/** What a transcoder writes of a first rendition, and its news of it. */
const tellFirst = async ({ video, job }: { video: string; job: string }, isWhole: boolean): Promise<void> => {
  const init = new Uint8Array([...[...'....avcC'].map((sign) => sign.charCodeAt(0)), 1, 0x64, 0x00, 0x1f])
  await school.store.put(`media/${video}/preview/init.mp4`, init, { type: 'video/mp4' })
  const rendition = { name: 'source', codec: 'h264' as const, width: 1280, height: 720, fps: 25, playlist: 'preview/index.m3u8' }
  const watchable: Watchable = { kind: 'copy', isWhole, rendition, hasSoundInside: true }
  await tellNews(school.world, { kind: 'watchable', job, video, watchable })
  await school.settle()
}

const spent = async (): Promise<number> => (await admin.client.recipes.policy({})).spending.machineSeconds

/** Uploads a file whose probing finds this. */
const aProbedFile = async (title: string, found: Probed) => {
  const lesson = await aLesson(teacher, { ...place, title, kind: 'video' })
  school.probes.next = found
  const arrived = await anArrivedFile(school, teacher, { lesson })
  school.probes.next = undefined
  return arrived
}

test('a file is probed before anything is made of it, and its teacher is told what was found and what is done about it', async () => {
  const facts = someFacts({ picture: { ...someFacts().picture, hdr: true, rotation: 90 } })
  const { video } = await aProbedFile('HDR', { kind: 'usable', facts })
  const { state, verdict, source, estimate } = await shown(video)
  assert.equal(state, 'transcoding')
  assert.equal(verdict?.kind, 'adapted')
  assert.deepEqual(
    verdict.notes.map(({ code }) => code),
    ['rotated', 'hdr'],
  )
  assert.deepEqual(source, { width: 1280, height: 720, codec: 'h264', fps: 25, hasSound: true })
  assert.deepEqual(
    estimate?.rungs.map(({ name }) => name),
    ['720p', '480p', '270p'],
  )
})

test('a file that cannot be used is refused with its own reason, and nothing is encoded', async () => {
  const { video } = await aProbedFile('Locked', { kind: 'unusable', fault: 'encrypted', detail: 'sinf' })
  const refused = await shown(video)
  assert.deepEqual([refused.state, refused.verdict?.kind, refused.canRetry], ['failed', 'refused', false])
  assert.match(refused.reason ?? '', /copy-protected/)
  assert.equal(statesOf(refused), 'upload done, probe failed, watchable waiting, rungs waiting, package waiting, ready waiting')
  assert.ok(!school.jobs.some((job) => job.video === video))
})

test('what was found out while a video was made is told with the rest', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Scratched' })
  await encode(school, made, { damage: { errors: 6, frames: 150 }, lostSound: true })
  await school.settle()
  const { state, verdict } = await shown(made.video)
  assert.equal(state, 'ready')
  assert.deepEqual(
    verdict?.notes.map(({ code }) => code),
    ['lost-sound', 'damaged'],
  )
})

test('the steps tell where a video is, since when, and how long the rungs may still take', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Steps' })
  assert.equal(statesOf(await shown(made.video)), 'upload done, probe done, watchable running, rungs running, package waiting, ready waiting')
  school.clock.pass(30)
  await tellNews(school.world, { kind: 'progressed', job: made.job, video: made.video, percent: 25, phase: 'encoding' })
  await school.settle()
  const rungs = (await shown(made.video)).steps.find(({ name }) => name === 'rungs')
  assert.deepEqual([rungs?.percent, rungs?.secondsLeft], [25, 90])
  await encode(school, made)
  await school.settle()
  const ready = await shown(made.video)
  assert.equal(statesOf(ready), 'upload done, probe done, watchable skipped, rungs done, package done, ready done')
  assert.equal(Date.parse(ready.steps[3]?.endedAt ?? '') - Date.parse(ready.steps[3]?.startedAt ?? ''), 30_000)
})

test('the first rendition can be watched under the same lock while the ladder is made, which then takes its place', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Early' })
  const { lesson, video } = made
  assert.equal(await refusalOf(teacher.client.watching.open({ lesson })), 'not-ready')
  await tellFirst(made, false)
  const early = await teacher.client.watching.open({ lesson })
  assert.deepEqual([early.isEarly, early.masterUrl], [true, `/media/${video}/preview/master.m3u8`])
  assert.match(await textOf(`media/${video}/preview/master.m3u8`), /CODECS="avc1\.64001f,mp4a\.40\.2",RESOLUTION=1280x720.*\nindex\.m3u8/)
  assert.equal((await shown(video)).watchable, 'beginning')
  await tellFirst(made, true)
  assert.equal((await teacher.client.learning.lesson({ lesson })).video?.early, 'whole')
  await encode(school, made)
  await school.settle()
  const late = await teacher.client.watching.open({ lesson })
  assert.deepEqual([late.isEarly, late.masterUrl], [false, `/media/${video}/master.m3u8`])
  assert.ok(await school.store.head(`media/${video}/preview/master.m3u8`), 'who is watching the first version is not cut off')
  school.clock.pass(2 * 3600)
  await Promise.all(school.timers.map((timer) => timer.run(school.world)))
  assert.equal(await school.store.head(`media/${video}/preview/master.m3u8`), undefined)
  assert.ok(await school.store.head(`media/${video}/master.m3u8`))
})

test('late news of a first rendition does not take a ready video back', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Late' })
  await encode(school, made)
  await school.settle()
  await tellFirst(made, true)
  assert.equal((await teacher.client.watching.open({ lesson: made.lesson })).isEarly, false)
})

test('a manifest names every object of a ready video with its size and hash', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Manifest' })
  await encode(school, made)
  await school.settle()
  const manifest = JSON.parse(await textOf(`media/${made.video}/manifest.json`)) as { objects: { name: string; bytes: number; etag: string }[] }
  const stored = (await school.store.list(`media/${made.video}/`)).items.filter(({ key }) => !key.endsWith('manifest.json'))
  assert.deepEqual(
    manifest.objects.map(({ name, bytes, etag }) => `${name} ${bytes} ${etag}`).toSorted(),
    stored.map(({ key, size, etag }) => `${key.slice(`media/${made.video}/`.length)} ${size} ${etag}`).toSorted(),
  )
})

test('a video can be cancelled while it is made, by nobody but its teacher, and tried again', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Cancelled' })
  assert.equal(await refusalOf(other.client.media.cancel({ video: made.video })), 'not-found')
  const cancelled = await teacher.client.media.cancel({ video: made.video })
  assert.deepEqual([cancelled.state, cancelled.canRetry, cancelled.canCancel], ['cancelled', true, false])
  await school.settle()
  assert.ok(school.cancelled.includes(made.job))
  await encode(school, made)
  await school.settle()
  assert.equal((await shown(made.video)).state, 'cancelled', 'its job’s late end changes nothing')
  await teacher.client.media.retry({ video: made.video })
  await school.settle()
  assert.deepEqual([(await shown(made.video)).state, school.jobs.at(-1)?.job], ['transcoding', `${made.video}.2`])
})

test('a video the budget has no room for is held, says why, and goes on by itself when the owner raises it', async () => {
  await admin.client.recipes.putPolicy({ recipe: 'standard', budget: { machineMinutes: 0 } })
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Held' })
  const held = await shown(made.video)
  assert.equal(held.state, 'held')
  assert.match(held.reason ?? '', /this month’s budget has 0 minutes left/)
  assert.ok(!school.jobs.some(({ video }) => video === made.video), 'a hard stop: nothing is encoded')
  assert.equal((await admin.client.recipes.policy({})).spending.held, 1)
  assert.equal(school.letters.filter(({ subject }) => subject === 'Your video waits for the school’s budget: lecture.mp4').length, 1)
  assert.equal(school.told.at(-1)?.subject, 'The month’s budget for videos is used up')
  assert.match((await teacher.client.recipes.estimate({ durationSeconds: 600, width: 1920, height: 1080 })).over ?? '', /budget/)
  assert.equal(await refusalOf(teacher.client.recipes.putPolicy({ recipe: 'standard', budget: {} })), 'not-allowed')
  const before = (await admin.client.recipes.policy({})).spending.machineSeconds
  await admin.client.recipes.putPolicy({ recipe: 'standard', budget: { machineMinutes: 1000 } })
  await school.settle()
  assert.equal((await shown(made.video)).state, 'transcoding')
  const { spending } = await admin.client.recipes.policy({})
  assert.equal(spending.machineSeconds - before, (await shown(made.video)).estimate?.machineSeconds)
  assert.equal(spending.held, 0)
  await admin.client.recipes.putPolicy({ recipe: 'standard', budget: {} })
})

test('a video held a moment before the budget was raised goes on by the hourly look, if no index told of it at once', async () => {
  await admin.client.recipes.putPolicy({ recipe: 'standard', budget: { machineMinutes: 0 } })
  const tables = await standingIndex(school.world.tables, 'held')
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Just held' })
  await admin.client.recipes.putPolicy({ recipe: 'standard', budget: {} })
  await release({ ...school.world, tables })
  const late = await shown(made.video)
  await release(school.world)
  await release({ ...school.world, tables: await standingIndex(school.world.tables, 'held') })
  await school.settle()
  assert.deepEqual([late.state, (await shown(made.video)).state], ['held', 'transcoding'])
  assert.equal(school.jobs.filter(({ video }) => video === made.video).length, 1)
})

test('a held video asks nobody for anything until there is room, and goes on by itself when the month turns', async () => {
  await aProbedFile('Fills the month', { kind: 'usable', facts: someFacts({ durationSeconds: 3600 }) })
  await admin.client.recipes.putPolicy({ recipe: 'standard', budget: { machineMinutes: Math.floor((await spent()) / 60) } })
  const waits = await anUploadedVideo(school, teacher, { ...place, title: 'Waits for June' })
  const hourly = async (): Promise<void> => {
    await Promise.all(school.timers.map((timer) => timer.run(school.world)))
    await school.settle()
  }
  const letters = (): number => school.letters.filter(({ subject }) => subject.startsWith('Your video waits')).length
  const before = letters()
  for (const _ of [1, 2, 3]) await hourly()
  assert.deepEqual([(await shown(waits.video)).state, letters()], ['held', before])
  school.clock.pass(31 * 24 * 3600)
  await hourly()
  assert.equal((await shown(waits.video)).state, 'transcoding')
  assert.equal(school.jobs.filter(({ video }) => video === waits.video).length, 1)
  await admin.client.recipes.putPolicy({ recipe: 'standard', budget: {} })
})

/** A video that is a quarter done, and what it was charged with. */
const aQuarter = async (title: string) => {
  const before = await spent()
  const made = await anUploadedVideo(school, teacher, { ...place, title })
  await tellNews(school.world, { kind: 'progressed', job: made.job, video: made.video, percent: 25, phase: 'encoding' })
  await school.settle()
  return { ...made, before, charged: (await spent()) - before }
}

test('what a cancelled, failed or removed video did not use goes back to the budget, once', async () => {
  const cancelled = await aQuarter('Cancelled at a quarter')
  assert.ok(cancelled.charged > 0)
  await teacher.client.media.cancel({ video: cancelled.video })
  await school.settle()
  assert.equal(await spent(), cancelled.before + cancelled.charged - Math.round(cancelled.charged * 0.75))
  const failed = await aQuarter('Failed at a quarter')
  await tellNews(school.world, { kind: 'failed', job: failed.job, video: failed.video, fault: 'undecodable', detail: 'broken' })
  await school.settle()
  assert.equal(await spent(), failed.before + failed.charged - Math.round(failed.charged * 0.75))
  const removed = await aQuarter('Removed at a quarter')
  await teacher.client.courses.removeLesson({ lesson: removed.lesson, isForGood: true })
  await school.settle()
  assert.equal(await spent(), removed.before + removed.charged - Math.round(removed.charged * 0.75))
})

test('nothing comes back of a video that was made and is cancelled while it is packaged', async () => {
  const made = await aQuarter('Packaging')
  await encode(school, made)
  await school.store.remove(`media/${made.video}/480p/00001.m4s`)
  await school.settle()
  assert.equal((await shown(made.video)).state, 'packaging')
  await teacher.client.media.cancel({ video: made.video })
  await school.settle()
  assert.equal(await spent(), made.before + made.charged)
})

test('a video cancelled and at once tried again is paid for once', async () => {
  const made = await aQuarter('Cancelled in haste')
  await teacher.client.media.cancel({ video: made.video })
  await teacher.client.media.retry({ video: made.video })
  await school.settle()
  assert.equal((await shown(made.video)).state, 'transcoding')
  assert.equal(await spent(), made.before + made.charged - Math.round(made.charged * 0.75) + made.charged)
})

test('rungs kept for later that could not be made are given back, and the video stays ready', async () => {
  const before = await spent()
  const lesson = await aLesson(teacher, { ...place, title: 'No AV1', kind: 'video' })
  const made = await anArrivedFile(school, teacher, { lesson, recipe: 'thrifty' })
  const { estimate } = await shown(made.video)
  const later = estimate?.rungs.find(({ codec }) => codec === 'av1')?.machineSeconds ?? 0
  assert.ok(later > 0)
  await encode(school, made)
  await school.settle()
  await tellNews(school.world, { kind: 'failed', job: `${made.job}.later`, video: made.video, fault: 'internal', detail: 'no' })
  await school.settle()
  assert.equal(await spent(), before + (estimate?.machineSeconds ?? 0) - later)
  assert.equal((await shown(made.video)).state, 'ready')
})

test('a recipe edited while a video is made changes nothing of its ladder', async () => {
  const lesson = await aLesson(teacher, { ...place, title: 'Edited recipe', kind: 'video' })
  const made = await anArrivedFile(school, teacher, { lesson, recipe: 'thrifty' })
  await school.store.put('recipes/thrifty.json', await textOf('recipes/standard.json').then((text) => text.replace('"standard"', '"thrifty"')), {
    type: 'application/json',
  })
  await encode(school, made)
  await school.settle()
  assert.ok(
    school.jobs.some(({ job }) => job === `${made.job}.later`),
    'what was accepted is made',
  )
  await school.store.remove('recipes/thrifty.json')
})

test('the beginning of a video that fails in the end can no longer be watched', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Fails late' })
  await tellFirst(made, false)
  await tellNews(school.world, { kind: 'failed', job: made.job, video: made.video, fault: 'undecodable', detail: 'broken' })
  await school.settle()
  assert.equal(await refusalOf(teacher.client.watching.open({ lesson: made.lesson })), 'not-ready')
})

test('the rungs a recipe keeps for later are asked for once the video is ready, and join its ladder', async () => {
  const lesson = await aLesson(teacher, { ...place, title: 'Thrifty', kind: 'video' })
  const made = await anArrivedFile(school, teacher, { lesson, recipe: 'thrifty' })
  await encode(school, made)
  await school.settle()
  const later = school.jobs.find(({ job }) => job === `${made.job}.later`)
  assert.deepEqual([later?.makes, later?.ladder.rungs.map(({ codec }) => codec)], ['family', ['av1']])
  assert.equal((await shown(made.video)).state, 'ready')
  const prefix = `media/${made.video}/`
  await school.store.put(`${prefix}720a/init.mp4`, new Uint8Array([...[...'....av1C'].map((sign) => sign.charCodeAt(0)), 0x81, 0x08, 0x0c, 0]), {
    type: 'video/mp4',
  })
  for (const name of ['00000.m4s', '00001.m4s']) await school.store.put(`${prefix}720a/${name}`, new Uint8Array(9000), { type: 'video/mp4' })
  await school.store.put(`${prefix}720a/index.m3u8`, await textOf(`${prefix}720p/index.m3u8`), { type: 'application/vnd.apple.mpegurl' })
  const renditions = [{ name: '720a', codec: 'av1' as const, width: 1280, height: 720, fps: 25, playlist: '720a/index.m3u8' }]
  const told = { video: made.video, job: `${made.job}.later`, result: { durationSeconds: 6, renditions } }
  for (const id of ['once', 'twice']) await school.world.tables.commit([], [event(school.world, 'transcode.finished', told, id)])
  await school.settle()
  const master = await textOf(`${prefix}master.m3u8`)
  assert.equal(master.match(/CODECS="av01\.0\.08M\.08,mp4a\.40\.2"/g)?.length, 1)
  assert.match(master, /#EXT-X-STREAM-INF:[^\n]*avc1[^\n]*\n720p/)
})

test('a lesson of a removed video asks for nothing later', async () => {
  const lesson = await aLesson(teacher, { ...place, title: 'Gone', kind: 'video' })
  const made = await anArrivedFile(school, teacher, { lesson, recipe: 'thrifty' })
  await encode(school, made)
  await school.settle()
  await teacher.client.courses.removeLesson({ lesson, isForGood: true })
  await school.settle()
  assert.ok(school.cancelled.includes(`${made.job}.later`))
})

test('a poster of one’s own takes the place of the automatic one, and can be taken away again', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Poster' })
  await encode(school, made)
  await school.settle()
  const posterOf = async () => (await teacher.client.watching.open({ lesson: made.lesson })).posterUrl
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).toString('base64')
  assert.equal(await refusalOf(teacher.client.media.putPoster({ video: made.video, image: Buffer.from('<svg/>').toString('base64') })), 'wrong-type')
  assert.equal(await refusalOf(other.client.media.putPoster({ video: made.video, image: jpeg })), 'not-found')
  assert.equal((await teacher.client.media.putPoster({ video: made.video, image: jpeg })).poster, 'own')
  assert.equal(await posterOf(), `/media/${made.video}/poster-own`)
  assert.equal((await teacher.client.media.removePoster({ video: made.video })).poster, 'automatic')
  assert.equal(await posterOf(), `/media/${made.video}/poster.jpg`)
})

test('chapters can be typed, in any order, and must lie within the video', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Chapters' })
  await encode(school, made)
  await school.settle()
  const put = (...chapters: { startSeconds: number; title: string }[]) => teacher.client.media.putChapters({ video: made.video, chapters })
  await put({ startSeconds: 3, title: 'Middle' }, { startSeconds: 0, title: 'Beginning' })
  assert.deepEqual(
    (await teacher.client.learning.lesson({ lesson: made.lesson })).video?.chapters.map(({ title }) => title),
    ['Beginning', 'Middle'],
  )
  assert.match(await textOf(`media/${made.video}/chapters.vtt`), /00:00:03\.000 --> 00:00:06\.000\nMiddle/)
  assert.equal(await refusalOf(put({ startSeconds: 7, title: 'After the end' })), 'bad-input')
  assert.equal(await refusalOf(put({ startSeconds: 1, title: 'A' }, { startSeconds: 1, title: 'B' })), 'bad-input')
})

test('whoever may watch may ask for a stretch to be made next, and nobody else', async () => {
  const made = await anUploadedVideo(school, teacher, { ...place, title: 'Wish' })
  await teacher.client.watching.wish({ lesson: made.lesson, seconds: 42 })
  assert.deepEqual(school.preferred.at(-1), { job: made.job, seconds: 42 })
  const before = school.preferred.length
  assert.notEqual(await refusalOf(other.client.watching.wish({ lesson: made.lesson, seconds: 1 })), 'answered')
  assert.equal(school.preferred.length, before)
})

test('a teacher’s videos are listed newest first, with their lessons and courses, and nobody else’s', async () => {
  const { videos } = await teacher.client.media.videos({})
  assert.ok(videos.length >= 10)
  const ids = videos.map(({ video }) => video.id)
  assert.deepEqual(ids, ids.toSorted().toReversed())
  assert.equal(videos.find(({ lesson }) => lesson === 'Wish')?.course.id, place.course)
  assert.deepEqual((await other.client.media.videos({})).videos, [])
})
