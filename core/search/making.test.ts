import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { World } from '#ports/world.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { find } from './finding.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')

/** A free course with an open article; its index is lost. */
const aCourseWithoutIndex = async (title: string, text: string) => {
  const place = await aCourse(teacher, { title })
  const lesson = await aLesson(teacher, { ...place, title: 'Article' })
  await teacher.client.courses.updateLesson({ lesson, text, isPreview: true })
  await teacher.client.courses.publish({ course: place.course })
  await school.settle()
  const key = `search/${place.course}.json`
  await school.store.remove(key)
  return { ...place, lesson, key }
}

/** The school, with word of each index that is written. */
const watched = (onWritten: (key: string) => Promise<void>): World => {
  const { objects } = school.world
  const put: typeof objects.put = async (key, ...of) => {
    const meta = await objects.put(key, ...of)
    await onWritten(key)
    return meta
  }
  return { ...school.world, objects: { ...objects, put } }
}
const textsFound = async (world: World, words: string): Promise<number> =>
  (await find(world, undefined, { words, limit: 50, skip: 0 })).hits.filter(({ kind }) => kind === 'text').length

test('a search makes a few of the indexes that are missing, finds titles meanwhile, and the next search makes the rest', async () => {
  for (let n = 0; n < 8; n += 1) await aCourseWithoutIndex(`Ochre ${n}`, 'Ochre is warm.')
  const kinds = (await school.visitor.search.find({ words: 'ochre', limit: 50 })).hits.map(({ kind }) => kind)
  assert.deepEqual([kinds.filter((kind) => kind === 'course').length, kinds.filter((kind) => kind === 'text').length], [8, 5])
  assert.equal(await textsFound(school.world, 'ochre'), 8)
})

test('searches side by side make a missing index once, and once more for all that came meanwhile', async () => {
  const { key } = await aCourseWithoutIndex('Sienna', 'Sienna is burnt.')
  let written = 0
  const world = watched(async (of) => {
    if (of === key) written += 1
  })
  const found = await Promise.all(Array.from({ length: 12 }, () => textsFound(world, 'burnt')))
  assert.deepEqual(found, Array(12).fill(1))
  assert.ok(written >= 1 && written <= 2, `written ${written} times`)
})

test('a search ends though the course it looks in changes with every look', async () => {
  const { lesson, key } = await aCourseWithoutIndex('Restless', 'Umber, the first.')
  let changes = 0
  const world = watched(async (of) => {
    if (of !== key) return
    changes += 1
    await teacher.client.courses.updateLesson({ lesson, text: `Another ${changes}` })
  })
  assert.equal(await textsFound(world, 'umber'), 1, 'as it was published')
  assert.ok(changes < 10, `it changed ${changes} times`)
})
