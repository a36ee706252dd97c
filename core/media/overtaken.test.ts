import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { event } from '#core/events.ts'
import type { Tables } from '#ports/tables.ts'
import { aCourse, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { videoRecords } from './records.ts'
import { transcoding } from './transcode.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const place = await aCourse(teacher)

/** Somebody else writes the video right before its state is written, once for each of these. */
const overtaken = (tables: Tables, id: string, states: string[]): Tables => ({
  ...tables,
  async commit(changes, events) {
    const written = JSON.stringify(changes)
    const next = states.findIndex((state) => written.includes(`"state":"${state}"`))
    if (next >= 0) {
      states.splice(next, 1)
      const video = await videoRecords.get(tables, { id })
      assert.ok(video)
      assert.equal(await tables.commit([videoRecords.replace(video, { ...video.value, percent: 50 })]), 'done')
    }
    return tables.commit(changes, events)
  },
})

test('a film that others write at the very moment it has been made is packaged at the first telling all the same', async () => {
  const { video, job } = await anUploadedVideo(school, teacher, { ...place, title: 'Overtaken' })
  const result = await encode(school, { video, job })
  const states = ['packaging', 'ready']
  const world = { ...school.world, tables: overtaken(school.world.tables, video, states) }
  const told = event(world, 'transcode.finished', { video, job, result }, 'evt_1')
  await transcoding.find(({ name }) => name === 'media.package')?.hear(world, told)
  assert.deepEqual(states, [])
  assert.equal((await teacher.client.media.video({ video })).state, 'ready')
})
