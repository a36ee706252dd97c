import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFolderOf, lessonPath, sectionFolder } from './names.ts'
import { MOST_LESSONS, readTree } from './tree.ts'

const LESSON = '---\ntitle: A lesson\n---\n'
const courseFile = (...lines: string[]): string => `---\ntitle: Light\n${lines.map((line) => `${line}\n`).join('')}---\n`
const lessons = (...paths: string[]) => paths.map((path) => ({ path, text: LESSON }))

const told = (...[files, folder]: Parameters<typeof readTree>): string[] => {
  const read = readTree(files, folder)
  return 'findings' in read ? read.findings.map(({ path, line, says }) => `${path}${line === undefined ? '' : `:${line}`} ${says}`) : []
}

const outline = (...given: Parameters<typeof readTree>): string[] => {
  const read = readTree(...given)
  if ('findings' in read) throw new Error(JSON.stringify(read.findings))
  return read.courses.flatMap(({ slug, sections }) =>
    sections.map(({ title, lessons: some }) => `${slug}/${title}: ${some.map(({ path }) => path.split('/').at(-1)).join(' ')}`),
  )
}

test('sections and lessons come in the order of their numbers, then of their names', () => {
  const files = lessons(
    'light/10-shadow/2-b.md',
    'light/10-shadow/10-c.md',
    'light/10-shadow/01-a.md',
    'light/appendix/z.md',
    'light/appendix/b.md',
    'light/2-first-light/a.md',
  )
  assert.deepEqual(outline(files), ['light/First light: a.md', 'light/Shadow: 01-a.md 2-b.md 10-c.md', 'light/Appendix: b.md z.md'])
  assert.deepEqual(outline(files.toReversed()), outline(files))
})

test('the file of a course names its sections, puts them in order, and may have empty ones', () => {
  const text = courseFile('sections:', '  - folder: b', '    title: Über Öl', '  - folder: soon', '    title: Soon')
  assert.deepEqual(outline([{ path: 'light/course.md', text }, ...lessons('light/a/x.md', 'light/b/y.md')]), [
    'light/Über Öl: y.md',
    'light/Soon: ',
    'light/A: x.md',
  ])
})

test('only the courses’ folder is read, without what is beside courses, hidden, or a README', () => {
  const besides = [
    '.github/workflows/x.yml',
    'README.md',
    'courses/README.md',
    'courses/light/README.md',
    'courses/light/01-a/readme.md',
    'courses/light/.gitkeep',
    'scripts/x/y/z.md',
    'coursesx/a',
  ]
  assert.deepEqual(outline([...lessons('courses/light/01-a/01-x.md'), ...besides.map((path) => ({ path, text: undefined }))], 'courses'), ['light/A: 01-x.md'])
})

test('whoever puts a file where no lesson lies, or names it oddly, is told what to do', () => {
  const [aside, deep, upper, other, folder] = [['light/x.md'], ['light/a/b/x.md'], ['light/a/My Lesson.md'], ['light/a/x.png'], ['light/Über Öl/x.md']].map(
    (paths) => told(lessons(...paths)).join(),
  )
  assert.match(aside ?? '', /A lesson lies in the folder of a section/)
  assert.match(deep ?? '', /A section has no folders of its own/)
  assert.match(upper ?? '', /not “My Lesson\.md”\. Call it “my-lesson\.md”/)
  assert.match(other ?? '', /Only lessons are read here/)
  assert.match(folder ?? '', /Call it “uber-ol”/)
  assert.match(told(lessons('light/Course.md')).join(), /called course\.md, in small letters/)
  assert.match(told(lessons('offers/a/x.md')).join(), /page of the school/)
  assert.match(told(lessons('light/a/x.MD')).join(), /small letters/)
  assert.match(told(lessons('light/a/日本.md')).join(), /small letters/)
})

test('paths that lead elsewhere, or are another one on some disks, are refused', () => {
  for (const path of [
    'light/../../etc/x.md',
    'light/./a/x.md',
    'light//x.md',
    '/light/a/x.md',
    'light/a\\x.md',
    'light/a/x\n.md',
    'light/a/x\u202Edm.',
    'c:/a/x.md',
    'light/a/\uD800.md',
    'light/a/\u200Bx.md',
  ])
    assert.match(told(lessons(path)).join(), /This is no path that is read/, JSON.stringify(path))
  assert.match(told(lessons('light/a/x.md', 'light/a/X.md')).join(), /differs only by its letters’ case from light\/a\/x\.md/)
  assert.match(told(lessons('light/a/x.md', 'light/a/x.md')).join(), /one file/)
  assert.match(told(lessons('light/a/x.md', 'light/a/ｘ.md')).join(), /one file/)
})

test('what is there twice is told with both places', () => {
  const withId = (path: string, ...lines: string[]) => ({ path, text: `---\ntitle: A\n${lines.join('\n')}\n---\n` })
  assert.deepEqual(told([withId('a/s/x.md', 'id: les_0000000000'), withId('b/s/y.md', 'id: les_0000000000')]), [
    'b/s/y.md The lesson’s id les_0000000000 is also in a/s/x.md.',
  ])
  assert.deepEqual(told([withId('a/s/x.md', 'video: vid_0000000000'), withId('a/s/y.md', 'video: vid_0000000000')]), [
    'a/s/y.md The video vid_0000000000 is also in a/s/x.md.',
  ])
  assert.match(
    told([
      { path: 'a/course.md', text: courseFile('id: crs_0000000000') },
      { path: 'b/course.md', text: courseFile('id: crs_0000000000') },
    ]).join(),
    /b\/course\.md The course’s id/,
  )
  assert.match(told(lessons('a/01-light/x.md', 'a/02-light/y.md')).join(), /a\/course\.md Two sections are called “Light”: 01-light, 02-light/)
  const known = courseFile('sections:', '  - {folder: a, title: Light, id: sec_0000000000}', '  - {folder: b, title: Light, id: sec_0000000001}')
  assert.deepEqual(told([{ path: 'a/course.md', text: known }]), [], 'sections known by their ids may be called the same')
})

test('all that is wrong in any file is told at once, with path and line', () => {
  const files = [
    { path: 'a/s/x.md', text: '---\ntitle: A\nkind: film\n---\n' },
    { path: 'a/s/y.md', text: undefined },
    { path: 'b/course.md', text: courseFile('price: 5') },
    ...lessons('c/s/fine.md'),
  ]
  assert.deepEqual(told(files), [
    'a/s/x.md:3 kind: has to be one of: video, article, quiz, assignment, download, live.',
    'a/s/y.md This is no text in UTF-8.',
    'b/course.md:3 price: has to be an amount and a currency, such as 49.00 EUR, a list of them, or free.',
  ])
})

test('more lessons or sections than a course holds are refused', () => {
  const many = (count: number, path: (index: number) => string) => lessons(...Array.from({ length: count }, (_, index) => path(index)))
  assert.deepEqual(told(many(MOST_LESSONS, (index) => `a/s/${index}-x.md`)), [])
  assert.match(told(many(MOST_LESSONS + 1, (index) => `a/s/${index}-x.md`)).join(), /at most 400 lessons; here are 401/)
  assert.match(told(many(101, (index) => `a/${index}-s${index}/x.md`)).join(), /at most 100 sections; here are 101/)
})

test('the school names a lesson’s file by its place and title, whatever the title is', () => {
  assert.equal(
    lessonPath({ folder: 'courses', slug: 'light', section: '02-shadow', number: 3, title: 'Über Öl & Licht!' }),
    'courses/light/02-shadow/03-uber-ol-licht.md',
  )
  assert.equal(lessonPath({ folder: '', slug: 'light', section: '02-shadow', number: 120, title: '日本語' }), 'light/02-shadow/120-lesson.md')
  assert.equal(sectionFolder({ title: '1984: …', number: 7, of: 100 }), '007-1984')
  assert.ok(isFolderOf('07-uber-ol-licht', 'Über Öl & Licht!') && isFolderOf('01-section', '日本語') && !isFolderOf('01-light', 'Shadow'))
  for (const title of ['', '../../etc', '🦉', 'x'.repeat(500), '.md', 'a/b']) {
    const path = lessonPath({ folder: 'courses', slug: 'light', section: sectionFolder({ title, number: 1 }), number: 1, title })
    assert.deepEqual(told(lessons(path), 'courses'), [], path)
  }
})
