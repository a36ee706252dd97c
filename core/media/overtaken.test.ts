import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { inheriting } from '#core/captions/inherit.ts'
import { captionsIn } from '#core/captions/records.ts'
import { event, type Payload } from '#core/events.ts'
import { spend } from '#core/recipes/budget.ts'
import type { Tables } from '#ports/tables.ts'
import { aCourse, aLesson, anArrivedFile, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { videoRecords } from './records.ts'
import { transcoding } from './transcode.ts'
import { removeVideos } from './videos.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const admin = await school.person('Ada', 'admin')
const place = await aCourse(teacher)
const { tables } = school.world

/** Somebody else writes right before a commit that holds one of these signs, once for each of them. */
const overtaken = (signs: string[], meanwhile: () => Promise<unknown>): Tables => ({
  ...tables,
  async commit(changes, events) {
    const written = JSON.stringify(changes)
    const next = signs.findIndex((sign) => written.includes(sign))
    if (next >= 0) {
      signs.splice(next, 1)
      await meanwhile()
    }
    return tables.commit(changes, events)
  },
})

const writing = (id: string) => async (): Promise<void> => {
  const video = await videoRecords.get(tables, { id })
  assert.ok(video)
  const longer = { ...video.value, percent: (video.value.percent + 1) % 100 }
  assert.equal(await tables.commit([videoRecords.replace(video, longer)]), 'done')
}

type Told = { 'media.package': 'transcode.finished'; 'media.fail': 'transcode.failed' }

/** Tells a listener once, while somebody else writes; each of the signs is seen. */
const hear = async <Name extends keyof Told>(name: Name, payload: Payload<Told[Name]>, signs: string[], meanwhile = writing(payload.video)) => {
  const left = [...signs]
  const world = { ...school.world, tables: overtaken(left, meanwhile) }
  const type = name === 'media.package' ? 'transcode.finished' : 'transcode.failed'
  await transcoding.find((listener) => listener.name === name)?.hear(world, event(world, type, payload))
  assert.deepEqual(left, [])
}

const shown = (video: string) => teacher.client.media.video({ video })
const spent = async (): Promise<number> => (await admin.client.recipes.policy({})).spending.machineSeconds

const aThriftyVideo = async (title: string) => {
  const lesson = await aLesson(teacher, { ...place, title, kind: 'video' })
  const made = await anArrivedFile(school, teacher, { lesson, recipe: 'thrifty' })
  const result = await encode(school, made)
  await school.settle()
  return { ...made, result, later: `${made.job}.later` }
}

test('a film that others write at the very moment it has been made is packaged at the first telling all the same', async () => {
  const { video, job } = await anUploadedVideo(school, teacher, { ...place, title: 'Overtaken' })
  const result = await encode(school, { video, job })
  await hear('media.package', { video, job, result }, ['"state":"packaging"', '"state":"ready"'])
  assert.equal((await shown(video)).state, 'ready')
})

test('a later family joins a film that others write at that moment', async () => {
  const { video, later, result } = await aThriftyVideo('Joined')
  await hear('media.package', { video, job: later, result: { ...result, renditions: [] } }, ['"state":"made"'])
  assert.equal((await videoRecords.get(tables, { id: video }))?.value.later?.state, 'made')
})

/** Somebody else's film is charged. */
const charging = async (): Promise<void> => {
  const spending = await spend(school.world, { machineSeconds: 7, microUsd: 0, isPriced: true })
  assert.ok('change' in spending)
  assert.equal(await tables.commit([spending.change]), 'done')
}

for (const { what, sign, meanwhile, charged } of [
  { what: 'the film', sign: '"later":', meanwhile: undefined, charged: 0 },
  { what: 'the budget', sign: '"refunds"', meanwhile: charging, charged: 7 },
]) {
  test(`a later family that fails is done without, and given back once, though others write ${what} at that moment`, async () => {
    const { video, later } = await aThriftyVideo('Done without')
    const before = await spent()
    const back = (await shown(video)).estimate?.rungs.find(({ codec }) => codec === 'av1')?.machineSeconds ?? 0
    assert.ok(back > 0)
    await hear('media.fail', { video, job: later, fault: 'internal', detail: 'no' }, [sign], meanwhile)
    assert.equal(await spent(), before + charged - back)
    assert.equal((await videoRecords.get(tables, { id: video }))?.value.later?.state, 'failed')
  })
}

test('a film that fails while others write it is given up at the first telling', async () => {
  const { video, job } = await anUploadedVideo(school, teacher, { ...place, title: 'Given up' })
  await hear('media.fail', { video, job, fault: 'undecodable', detail: 'broken' }, ['"state":"failed"'])
  assert.equal((await shown(video)).state, 'failed')
})

test('the captions of a film that is replaced are there again on its successor, though its teacher writes one of them at that moment', async () => {
  const { captions } = teacher.client
  const before = await anUploadedVideo(school, teacher, { ...place, title: 'Captioned' })
  const text = 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n'
  for (const [language, label] of [
    ['en', 'English'],
    ['de', 'Deutsch'],
  ] as const)
    await captions.upload({ video: before.video, language, label, text })
  const { video } = await anArrivedFile(school, teacher, { lesson: before.lesson })
  for (const { language } of await captionsIn(tables, video)) await captions.remove({ video, language })
  const signs = ['"language":"de"']
  const own = (): Promise<unknown> => captions.upload({ video, language: 'en', label: 'My English', text })
  const world = { ...school.world, tables: overtaken(signs, own) }
  await inheriting[0]?.hear(world, event(world, 'video.uploaded', { video }))
  assert.deepEqual(signs, [])
  assert.deepEqual((await captionsIn(tables, video)).map(({ label }) => label).toSorted(), ['Deutsch', 'My English'])
})

test('a film removed in the very moment it is accepted is made for nobody, and costs nothing', async () => {
  const { video, job } = await anUploadedVideo(school, teacher, { ...place, title: 'Removed' })
  const accepted = await videoRecords.get(tables, { id: video })
  assert.ok(accepted)
  const { charge, job: _, ...rest } = accepted.value
  assert.ok(charge && charge.machineSeconds > 0)
  assert.equal(await tables.commit([videoRecords.replace(accepted, { ...rest, state: 'probing' })]), 'done')
  const before = await spent()
  const gone = await removeVideos(school.world, [video])
  const removing: Tables = {
    ...tables,
    async commit(changes, events) {
      const outcome = await tables.commit(changes, events)
      if (JSON.stringify(changes).includes('"state":"transcoding"')) await tables.commit(gone.changes, gone.events)
      return outcome
    },
  }
  const world = { ...school.world, tables: removing }
  await transcoding.find(({ name }) => name === 'media.probe')?.hear(world, event(world, 'video.uploaded', { video }))
  await school.settle()
  assert.ok(school.cancelled.includes(job))
  assert.equal(await spent(), before)
})
