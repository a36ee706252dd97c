import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lessonRecords } from '#core/courses/records.ts'
import { aCourse, aLesson, aLessonFile, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, type School } from '#test/school.ts'
import { bring } from './bring.ts'
import { planBringing } from './bring-plan.ts'
import type { TreeFile } from './format/documents.ts'
import { readTree, writeTree } from './format/tree.ts'
import { draftsOf } from './lessons-of.ts'
import { exported } from './taking.ts'

type Files = { path: string; text: string }[]

const filesOf = async ({ world }: School, slug: string): Promise<Files> => writeTree(await exported(world, [slug], ''))

const brought = async ({ world, settle }: School, files: readonly TreeFile[]): Promise<string[]> => {
  const read = readTree(files)
  const plan = 'findings' in read ? read : await planBringing(world, read.courses)
  if ('findings' in plan) return plan.findings.map(({ path, says }) => `${path} ${says}`)
  for (const each of plan.plans) await bring(world, each)
  await settle()
  return plan.plans.flatMap(({ slug, lessons, removed, isChanged, then }) =>
    isChanged ? [`${slug}: ${lessons.length} written, ${removed.length} removed, ${then}`] : [],
  )
}

const changed = (files: Files, path: RegExp, change: (text: string) => string): Files =>
  files.map((file) => (path.test(file.path) ? { ...file, text: change(file.text) } : file))

/** A course with all there can be in one. */
const aFullCourse = async (school: School) => {
  const lena = await school.person('Lena', 'instructor')
  const { course, section } = await aCourse(lena, { title: 'Light: an introduction' })
  const shadows = await aLesson(lena, { course, section, title: 'Shadows & öl' })
  await lena.client.courses.updateLesson({ lesson: shadows, text: '---\nno\r\n  two edges  \n', isPreview: true })
  const file = await aLessonFile(school, lena, { lesson: shadows, name: 'a: b.pdf' })
  const stored = await lessonRecords.get(school.world.tables, { id: shadows })
  assert.ok(stored)
  const questions = [
    {
      ...{ id: 'qst_00000000001', points: 2 },
      prompt: 'Which?',
      kind: 'multiple' as const,
      options: [
        { text: 'no', isRight: false },
        { text: '1e3', isRight: true },
      ],
      explanation: 'So.\n',
    },
  ]
  const about = {
    summary: 'Why: because',
    objectives: ['See'],
    readingMinutes: 4,
    language: 'en',
    licence: 'CC-BY-4.0',
    sources: [{ title: 'On light', url: 'https://example.org/a' }],
  }
  await school.world.tables.commit([lessonRecords.replace(stored, { ...stored.value, about, questions })])
  const video = await anUploadedVideo(school, lena, { course, section, title: 'A film' })
  await encode(school, video)
  await school.settle()
  const { sections } = await lena.client.courses.addSection({ course, title: 'Later' })
  await lena.client.courses.openSection({ course, section: sections.at(-1)?.id ?? '', opens: { by: 'days', days: 7 } })
  await lena.client.courses.update({
    course,
    summary: 'In a word: light',
    isSequential: true,
    outcomes: ['Draw'],
    description: 'Text\n',
    completion: { by: 'learner' },
    price: { amountMinor: 0, currency: 'EUR' },
    otherPrices: [],
  })
  const { slug } = await lena.client.courses.publish({ course })
  await school.settle()
  return { lena, course, section, slug, shadows, file, video: video.video, film: video.lesson }
}

test('an operator takes a course out as files, and bringing them back changes nothing', async () => {
  const school = await openSchool()
  try {
    const { lena, course, slug } = await aFullCourse(school)
    const before = await lena.client.courses.get({ course })
    const files = await filesOf(school, slug)
    assert.deepEqual(
      files.map(({ path }) => path),
      ['course.md', '01-beginnings/01-shadows-ol.md', '01-beginnings/02-a-film.md'].map((path) => `${slug}/${path}`),
    )
    assert.deepEqual(await brought(school, files), [])
    assert.deepEqual(await lena.client.courses.get({ course }), before)
  } finally {
    await school.close()
  }
})

test('after edits in the school the files bring back how it was: texts, order, sections, files and lessons that were removed', async () => {
  const school = await openSchool()
  try {
    const { lena, course, section, slug, shadows, film, file } = await aFullCourse(school)
    const files = await filesOf(school, slug)
    await lena.client.courses.updateLesson({ lesson: shadows, title: 'Changed', text: 'Changed', isPreview: false })
    await lena.client.files.rename({ file, name: 'other.pdf' })
    const more = await aLesson(lena, { course, section, title: 'One more' })
    const { sections } = await lena.client.courses.get({ course })
    await lena.client.courses.arrange({
      course,
      sections: sections.map(({ id }, index) => ({ id, lessons: index === 0 ? [] : [more, film, shadows] })).toReversed(),
    })
    await lena.client.courses.renameSection({ course, section, title: 'Renamed' })
    await lena.client.courses.openSection({ course, section, opens: { by: 'date', at: '2030-01-01T00:00:00.000Z' } })
    await lena.client.courses.update({ course, title: 'Changed', isSequential: false, completion: { by: 'watching', percent: 50 }, outcomes: [] })
    await lena.client.courses.removeLesson({ lesson: shadows, isForGood: true })
    assert.deepEqual(await brought(school, files), [`${slug}: 1 written, 1 removed, publish`])
    assert.deepEqual(await filesOf(school, slug), files)
    assert.deepEqual(await brought(school, files), [], 'a second time there is nothing to do')
    const shown = await lena.client.courses.get({ course })
    assert.deepEqual([shown.status, shown.hasUnpublishedChanges], ['published', false])
  } finally {
    await school.close()
  }
})

test('another school refuses videos and files it has not, writes nothing, and without them makes the same course', async () => {
  const [one, other] = [await openSchool(), await openSchool()]
  try {
    const { slug, video, file } = await aFullCourse(one)
    const files = await filesOf(one, slug)
    const nobody = await brought(other, files)
    assert.match(nobody.join('\n'), /course\.md Nobody who teaches here has this address: lena@lectern\.test/)
    const lena = await other.person('Lena', 'instructor')
    const refused = await brought(other, files)
    assert.ok(refused.some((line) => line.startsWith(`${slug}/01-beginnings/01-shadows-ol.md ${file} is no file of this lesson`)))
    assert.ok(refused.some((line) => line.startsWith(`${slug}/01-beginnings/02-a-film.md ${video} is no video of this lesson`)))
    assert.deepEqual((await lena.client.courses.mine({})).courses, [])

    const text = changed(files, /film/, (film) => film.replace(/^video: .*$/m, 'kind: video'))
    const bare = changed(text, /shadows/, (lesson) => lesson.replace(/^files:\n( .*\n)+/m, ''))
    assert.match((await brought(other, bare)).join(), /has no video yet/)
    const draft = changed(bare, /course\.md/, (course) => course.replace('teacher:', 'published: false\nteacher:'))
    assert.deepEqual(await brought(other, draft), [`${slug}: 2 written, 0 removed, leave`])
    assert.deepEqual(
      (await filesOf(other, slug)).map(({ path, text: words }) => [path, words.split('\n').toSorted()]),
      draft.map(({ path, text: words }) => [path, words.split('\n').toSorted()]),
    )
  } finally {
    await Promise.all([one.close(), other.close()])
  }
})

test('a folder written by hand becomes a course that learners see; brought twice it is there once, and files that go take lessons along', async () => {
  const school = await openSchool()
  try {
    const lena = await school.person('Lena', 'instructor')
    const lesson = (title: string) => `---\ntitle: ${title}\n---\n\nText.\n`
    const files = [
      { path: 'shade/course.md', text: '---\ntitle: Shade\nteacher: lena@lectern.test\n---\n' },
      { path: 'shade/01-first/01-a.md', text: lesson('A') },
      { path: 'shade/01-first/02-b.md', text: lesson('B') },
      { path: 'shade/02-then/01-c.md', text: lesson('C') },
    ]
    assert.deepEqual(await brought(school, files), ['shade: 3 written, 0 removed, publish'])
    assert.deepEqual(await brought(school, files), [])
    const [made] = (await lena.client.courses.mine({})).courses
    const shown = async () =>
      (await lena.client.courses.get({ course: made?.id ?? '' })).sections.map(
        ({ title, lessons }) => `${title}: ${lessons.map((each) => each.title).join(' ')}`,
      )
    assert.deepEqual(await shown(), ['First: A B', 'Then: C'])
    assert.deepEqual(
      await brought(
        school,
        files.filter(({ path }) => !path.includes('02-b')),
      ),
      ['shade: 0 written, 1 removed, publish'],
    )
    assert.deepEqual(await shown(), ['First: A', 'Then: C'])
    const added = [{ path: 'shade/02-then/02-d.md', text: lesson('D') }]
    assert.deepEqual(await brought(school, added), ['shade: 1 written, 0 removed, leave'], 'without course.md lessons only join')
    assert.deepEqual(await shown(), ['First: A', 'Then: C D'])
    assert.match((await brought(school, [{ path: 'nowhere/01-a/x.md', text: lesson('X') }])).join(), /has no course at nowhere/)
  } finally {
    await school.close()
  }
})

test('files cannot take another course’s lesson, exchange a video, or change what is kept in Git', async () => {
  const school = await openSchool()
  try {
    const { lena, course, slug, shadows, film, video } = await aFullCourse(school)
    const files = await filesOf(school, slug)
    const stolen = { path: 'other/01-a/x.md', text: `---\ntitle: X\nid: ${shadows}\n---\n` }
    const other = { path: 'other/course.md', text: '---\ntitle: Other\nteacher: lena@lectern.test\n---\n' }
    assert.match((await brought(school, [other, stolen])).join(), /belongs to another course of the school/)
    assert.match(
      (await brought(school, [other, { path: 'other/01-a/x.md', text: `---\ntitle: X\nvideo: ${video}\n---\n` }])).join(),
      /is no video of this lesson/,
    )
    const dear = changed(files, /course\.md/, (text) => text.replace('completion:', 'price: 5.00 USD\ncompletion:'))
    assert.match((await brought(school, dear)).join(), /This school sells in EUR/)
    const article = changed(files, /film/, (text) => text.replace(/^video: .*$/m, 'kind: article'))
    assert.match((await brought(school, article)).join(), /of kind video, and stays so/)
    const stored = await lessonRecords.get(school.world.tables, { id: film })
    assert.ok(stored)
    await school.world.tables.commit([lessonRecords.replace(stored, { ...stored.value, kept: { path: 'courses/x.md', blob: 'b' } })])
    assert.deepEqual(await brought(school, files), [])
    assert.match(
      (
        await brought(
          school,
          changed(files, /film/, (text) => text.replace('A film', 'Another')),
        )
      ).join(),
      /kept in the school’s repository: change courses\/x\.md there/,
    )
    assert.match(
      (
        await brought(
          school,
          files.filter(({ path }) => !path.includes('film')),
        )
      ).join(),
      /is kept in the school’s repository and is not here/,
    )
    const { sections } = await lena.client.courses.get({ course })
    assert.equal(sections[0]?.lessons.length, 2)
    assert.equal((await draftsOf(school.world.tables, undefined)).size, 0)
  } finally {
    await school.close()
  }
})

test('an import that is cut short leaves a course that can be read, and said again it does the rest', async () => {
  const school = await openSchool()
  try {
    const lena = await school.person('Lena', 'instructor')
    const lessons = Array.from({ length: 25 }, (_, index) => ({ path: `long/01-all/${index + 1}-x.md`, text: `---\ntitle: Lesson ${index + 1}\n---\n` }))
    const files = [{ path: 'long/course.md', text: '---\ntitle: Long\nteacher: lena@lectern.test\n---\n' }, ...lessons]
    const read = readTree(files)
    const planned = 'courses' in read ? await planBringing(school.world, read.courses) : { plans: [] }
    const [plan] = 'plans' in planned ? planned.plans : []
    assert.ok(plan)
    const cut = bring(school.world, plan, () => {
      throw new Error('cut short')
    })
    await assert.rejects(cut, /cut short/)
    const [begun] = (await lena.client.courses.mine({})).courses
    const count = async () => (await lena.client.courses.get({ course: begun?.id ?? '' })).sections.flatMap((section) => section.lessons).length
    const some = await count()
    assert.ok(some > 0 && some < 25, `${some} of 25`)
    assert.deepEqual(await brought(school, files), [`long: ${25 - some} written, 0 removed, publish`])
    assert.equal(await count(), 25)
    await lena.client.courses.update({ course: begun?.id ?? '', title: 'Changed meanwhile' })
    await assert.rejects(bring(school.world, plan), { code: 'conflict' })
  } finally {
    await school.close()
  }
})
