import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anUploadedVideo, aReplacement, encode } from '#test/builders.ts'
import { planBringing } from './bring-plan.ts'
import { aContentSchool, aCourseFile, aFile, aTaughtCourse, type ContentSchool } from './content.fixture.ts'
import { readTree, writeTree } from './format/tree.ts'
import { exported } from './taking.ts'

const WAVES = 'courses/light/01-beginnings/02-waves.md'

/** What is said against a folder, which is the course as it was taken out with some of its files changed. */
const refusals = async ({ school: { world } }: ContentSchool, slug: string, change: (files: Map<string, string>) => void): Promise<string> => {
  const files = new Map(writeTree(await exported(world, [slug], '')).map(({ path, text }) => [path, text]))
  change(files)
  const read = readTree([...files].map(([path, text]) => ({ path, text })))
  const plan = 'findings' in read ? read : await planBringing(world, read.courses)
  return 'findings' in plan ? plan.findings.map(({ says }) => says).join() : 'nothing'
}

const replaced = (files: Map<string, string>, path: string, from: string | RegExp, to: string): void => {
  const text = files.get(path) ?? ''
  assert.match(text, new RegExp(from))
  files.set(path, text.replace(from, to))
}

test('an operator does not bring in what the next commit of the repository would take back', async (t) => {
  const content = await aContentSchool(t)
  await content.push({
    'courses/shade/course.md': aCourseFile('Shade'),
    'courses/shade/01-all/01-a.md': aFile('A'),
    'courses/shade/02-more/01-b.md': aFile('B'),
  })
  assert.equal(await refusals(content, 'shade', () => undefined), 'nothing')
  assert.match(
    await refusals(content, 'shade', (files) => replaced(files, 'shade/course.md', 'title: Shade', 'title: Shadow')),
    /“Shade” is kept in courses\/shade/,
  )
  const swapped = (files: Map<string, string>): void => {
    files.set('shade/01-all/02-b.md', files.get('shade/02-more/01-b.md') ?? '')
    files.delete('shade/02-more/01-b.md')
  }
  assert.match(await refusals(content, 'shade', swapped), /kept in/)
})

test('around lessons that are kept in Git an operator brings in what they like, and moves none of those', async (t) => {
  const content = await aContentSchool(t)
  const { slug } = await aTaughtCourse(content)
  await content.push({ [WAVES]: aFile('Waves') })
  const more = (files: Map<string, string>): void => void files.set(`${slug}/09-new/01-new.md`, aFile('New'))
  assert.equal(await refusals(content, slug, more), 'nothing')
  const moved = (files: Map<string, string>): void => {
    const path = [...files.keys()].find((each) => each.endsWith('waves.md')) ?? ''
    files.set(`${slug}/09-new/01-waves.md`, files.get(path) ?? '')
    files.delete(path)
  }
  assert.match(await refusals(content, slug, moved), /Lessons kept in Git stand in the order of their files/)
})

test('a file that still names the video its lesson had before a newer one was sent does not take the newer one back', async (t) => {
  const content = await aContentSchool(t)
  const { school, teacher, push, stored } = content
  const { course, section } = await aTaughtCourse(content)
  const { lesson, video, job } = await anUploadedVideo(school, teacher, { course, section, title: 'Film' })
  await encode(school, { video, job })
  await school.settle()
  await teacher.client.courses.publish({ course })
  await school.settle()
  const path = 'courses/light/01-beginnings/03-film.md'
  const named = (title: string): string => aFile(title, { head: `id: ${lesson}\nvideo: ${video}\n` })
  assert.equal((await push({ [path]: named('Film') })).refused, undefined)
  const newer = await aReplacement(school, teacher, lesson)
  const { refused } = await push({ [path]: named('The film') })
  assert.match(refused?.findings[0]?.says ?? '', new RegExp(`it has ${newer.video}`))
  assert.equal((await stored.draft(lesson))?.video, newer.video)
  assert.equal((await push({ [path]: aFile('The film', { head: `id: ${lesson}\nkind: video\n` }) })).refused, undefined)
  assert.deepEqual([(await stored.draft(lesson))?.title, (await stored.draft(lesson))?.video], ['The film', newer.video])
})
