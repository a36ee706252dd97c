import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aContentSchool, aCourseFile, aFile } from './content.fixture.ts'

/** A generator of Lehmer's: the same numbers for the same seed. */
const lehmer = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const FOLDERS = ['01-first', '02-second', '03-third']
const NAMES = ['01-a', '02-b', '03-c', '10-d']
/** Few texts, so that files of the same bytes come, go and change places. */
const TITLES = ['Rays', 'Waves', 'Lenses', 'Colours']
const HEADING: Record<string, string> = { '01-first': 'First', '02-second': 'Second', '03-third': 'Third' }

type Files = Record<string, string | undefined>

const someFiles = (pick: (below: number) => number): Files =>
  Object.fromEntries(
    FOLDERS.flatMap((folder) => NAMES.map((name) => [`courses/all/${folder}/${name}.md`, pick(3) === 0 ? undefined : TITLES[pick(TITLES.length)]])),
  )

const outlineOf = (files: Files): string =>
  FOLDERS.flatMap((folder) => {
    const titles = NAMES.flatMap((name) => files[`courses/all/${folder}/${name}.md`] ?? [])
    return titles.length > 0 ? [`${HEADING[folder]}: ${titles.join(', ')}`] : []
  }).join(' | ')

const SEEDS = 12
const COMMITS = 8

test('Whatever was shown before, what is shown is what the head has, and each file is one lesson', async (t) => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const pick = lehmer(seed * 7919)
    const content = await aContentSchool(t)
    const { repository, owner, learner, push, courseAt, draft, shown } = content
    await push({ 'courses/all/course.md': aCourseFile('All'), 'courses/all/01-first/01-a.md': aFile('Rays') })
    const course = await courseAt('all')
    for (let commit = 0; commit < COMMITS; commit += 1) {
      const files = someFiles(pick)
      const texts = Object.fromEntries(Object.entries(files).map(([path, title]) => [path, title === undefined ? undefined : aFile(title)]))
      repository.commit(texts)
      const { refused, applied } = await owner.client.content.look({ anyway: (await repository.head()) ?? '' })
      assert.deepEqual(refused, undefined)
      await content.look()
      const expected = outlineOf(files)
      assert.equal(await draft(course), expected, `seed ${seed}, commit ${commit}: the draft`)
      assert.equal(await shown(learner, course), expected, `seed ${seed}, commit ${commit}: what learners see`)
      const { sections } = await owner.client.courses.get({ course })
      const lessons = sections.flatMap((section) => section.lessons)
      assert.equal(new Set(lessons.map(({ id }) => id)).size, applied?.lessons)
      assert.deepEqual(
        lessons.map(({ kept }) => kept?.path).toSorted(),
        Object.keys(files)
          .filter((path) => files[path] !== undefined)
          .toSorted(),
      )
    }
  }
})
