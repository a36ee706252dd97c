import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { StoredCourse, StoredLesson } from '#core/courses/records.ts'
import { readCourse, writeCourse } from './course.ts'
import { aCourseDocument, aLessonDocument, anOpening } from './courses.fixture.ts'
import type { Reading } from './documents.ts'
import { readLesson, writeLesson } from './lesson.ts'
import { courseDocument, lessonDocument } from './stored.ts'
import { readTree, treeOf, writeTree } from './tree.ts'

const documentIn = <T>(reading: Reading<T>): T => {
  if ('findings' in reading) throw new Error(JSON.stringify(reading.findings))
  return reading.document
}

test('whatever a lesson says, its file says the same, and is written the same again', () => {
  fc.assert(
    fc.property(aLessonDocument, (lesson) => {
      const file = writeLesson(lesson)
      const read = documentIn(readLesson(file))
      assert.deepEqual(read, lesson)
      assert.equal(writeLesson(read), file)
    }),
    { numRuns: 400 },
  )
})

test('whatever a course says of itself, its file says the same, and is written the same again', () => {
  fc.assert(
    fc.property(aCourseDocument, (course) => {
      const file = writeCourse(course)
      const read = documentIn(readCourse(file))
      assert.deepEqual(read, course)
      assert.equal(writeCourse(read), file)
    }),
    { numRuns: 400 },
  )
})

test('a file saved with the ends of lines and the mark of another system is the same lesson', () => {
  fc.assert(
    fc.property(aLessonDocument, (lesson) => {
      const plain = { ...lesson, text: lesson.text.replace(/\r/g, '') }
      const file = writeLesson(plain)
      fc.pre(!file.includes('\r'))
      assert.deepEqual(documentIn(readLesson(`\uFEFF${file.replaceAll('\n', '\r\n')}`)), plain)
    }),
    { numRuns: 300 },
  )
})

const aWholeCourse = fc
  .record({
    document: aCourseDocument,
    slug: fc.stringMatching(/^[a-z]{1,12}(-[a-z0-9]{1,8})?$/).filter((slug) => slug !== 'index' && slug !== 'offers'),
    outline: fc.array(
      fc.record({
        title: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
        opens: fc.option(anOpening, { nil: undefined }),
        lessons: fc.array(aLessonDocument, { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
    folder: fc.constantFrom('', 'courses', 'a/b'),
  })
  .map(({ document, slug, outline, folder }) => {
    let count = 0
    const next = (kind: string): string => {
      count += 1
      return `${kind}_${String(count).padStart(12, '0')}`
    }
    const lessons = new Map<string, StoredLesson>()
    const sections = outline.map(({ title, opens, lessons: some }) => ({
      id: next('sec'),
      title: title.toWellFormed().replaceAll('\0', '').trim() || 'A section',
      ...(opens && { opens }),
      lessons: some.map(({ files, video, ...lesson }) => {
        const id = next('les')
        const kept = files.map(({ name }) => ({ id: next('fil'), name, sizeBytes: 7, type: 'text/plain', key: 'files/x/content' }))
        lessons.set(id, { ...lesson, id, course: 'crs_000000000000', files: kept, ...(video !== undefined && { video: next('vid') }) })
        return id
      }),
    }))
    const course: StoredCourse = {
      ...{ id: 'crs_000000000000', slug, title: document.title, summary: document.summary, description: document.description, outcomes: document.outcomes },
      ...{ price: document.price ?? { amountMinor: 0, currency: 'EUR' }, otherPrices: document.otherPrices, sections, revision: 1 },
      ...{
        teacher: { id: 'prs_1', name: 'Lena' },
        status: document.isPublished ? 'published' : 'draft',
        createdAt: '2026-05-04T09:00:00Z',
        updatedAt: '2026-05-04T09:00:00Z',
      },
      ...(document.completion && { completion: document.completion }),
      ...{ isSequential: document.isSequential, requires: document.requires },
    }
    return { course, lessons, folder, currency: 'EUR', teacher: 'lena@lectern.test' }
  })

test('any course of a school becomes files that tell all of it, in its order, and become the same files again', () => {
  fc.assert(
    fc.property(aWholeCourse, (whole) => {
      const files = writeTree([treeOf(whole)])
      const read = readTree(files.toReversed(), whole.folder)
      if ('findings' in read) throw new Error(JSON.stringify(read.findings))
      const [course] = read.courses
      assert.deepEqual(course?.course ?? {}, courseDocument(whole))
      const outline = course?.sections.map(({ id, title, opens, lessons }) => ({
        id,
        title,
        ...(opens && { opens }),
        lessons: lessons.map(({ document }) => document.id),
      }))
      assert.deepEqual(outline, whole.course.sections)
      for (const { document } of course?.sections.flatMap(({ lessons }) => lessons) ?? []) {
        const stored = whole.lessons.get(document.id ?? '')
        assert.deepEqual(document, stored && lessonDocument(stored))
      }
      assert.deepEqual(writeTree(read.courses), files)
    }),
    { numRuns: 300 },
  )
})
