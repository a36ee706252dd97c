import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Course, OutlineLesson } from '#contract/courses.ts'
import { aVideo } from '../media/video.fixture.ts'
import { arranged, lessonStep, orderOf, sectionStep, withLessonAt, withSectionAt } from './outline.ts'
import { emptyLessonsOf, requirementsOf } from './readiness.ts'

const order = [
  { id: 's1', lessons: ['a', 'b', 'c'] },
  { id: 's2', lessons: [] },
  { id: 's3', lessons: ['d'] },
]
const lessonsIn = (of: typeof order | undefined): string | undefined => of?.map(({ id, lessons }) => `${id}:${lessons.join('')}`).join(' ')

const aLesson = (id: string, more: Partial<OutlineLesson> = {}): OutlineLesson => ({
  id,
  title: id,
  kind: 'article',
  isPreview: false,
  hasText: true,
  hasFiles: false,
  ...more,
})
const aCourse = (lessons: OutlineLesson[]): Course => ({
  ...{
    id: 'crs_00000001',
    slug: 'c',
    title: 'Course',
    summary: '',
    description: '',
    outcomes: [],
    price: { amountMinor: 0, currency: 'EUR' },
    otherPrices: [],
    sales: { audience: [], needs: [], teacher: { text: '' }, questions: [], refunds: '' },
    ...{ isSequential: false, requires: [], isArchived: false },
  },
  ...{
    teacher: { id: 'u', name: 'Ada' },
    status: 'draft',
    completion: { by: 'learner' },
    hasUnpublishedChanges: true,
    learners: 0,
    updatedAt: '2026-01-01T00:00:00.000Z',
  },
  sections: [
    { id: 's1', title: 'One', lessons },
    { id: 's2', title: 'Two', lessons: [] },
  ],
})

describe('arranging an outline', () => {
  it('a lesson dropped somewhere lies exactly there, in its own section or another', () => {
    assert.equal(lessonsIn(withLessonAt(order, 'a', { section: 's1', index: 2 })), 's1:bca s2: s3:d')
    assert.equal(lessonsIn(withLessonAt(order, 'a', { section: 's1', index: 1 })), 's1:bac s2: s3:d')
    assert.equal(lessonsIn(withLessonAt(order, 'c', { section: 's3', index: 0 })), 's1:ab s2: s3:cd')
    assert.equal(lessonsIn(withLessonAt(order, 'd', { section: 's2', index: 7 })), 's1:abc s2:d s3:')
  })

  it('a lesson goes step by step through all sections and back', () => {
    const steps: (string | undefined)[] = []
    let now: typeof order | undefined = order
    for (now = lessonStep(now, 'b', 1); now; now = lessonStep(now, 'b', 1)) steps.push(lessonsIn(now))
    assert.deepEqual(steps, ['s1:acb s2: s3:d', 's1:ac s2:b s3:d', 's1:ac s2: s3:bd', 's1:ac s2: s3:db'])
    assert.equal(lessonsIn(lessonStep(order, 'd', -1)), 's1:abc s2:d s3:')
    assert.equal(lessonStep(order, 'a', -1), undefined)
    assert.equal(lessonStep(order, 'nowhere', 1), undefined)
  })

  it('a section takes its lessons along', () => {
    assert.equal(lessonsIn(withSectionAt(order, 's3', 0)), 's3:d s1:abc s2:')
    assert.equal(lessonsIn(sectionStep(order, 's1', 1)), 's2: s1:abc s3:d')
    assert.equal(sectionStep(order, 's1', -1), undefined)
    assert.equal(sectionStep(order, 's3', 1), undefined)
  })

  it('nothing is lost on the page when the order and the course have drifted apart', () => {
    const course = aCourse([aLesson('a'), aLesson('b')])
    const shown = arranged(course, [
      { id: 's2', lessons: ['b', 'gone'] },
      { id: 's1', lessons: ['a'] },
      { id: 's9', lessons: [] },
    ])
    assert.deepEqual(orderOf(shown.sections), [
      { id: 's2', lessons: ['b'] },
      { id: 's1', lessons: ['a'] },
    ])
    assert.deepEqual(
      shown.sections.map(({ title }) => title),
      ['Two', 'One'],
    )
  })
})

describe('what a course needs before it is published', () => {
  const unmet = (course: Course) =>
    requirementsOf(course)
      .filter(({ isMet }) => !isMet)
      .map(({ name, isOnItsWay }) => (isOnItsWay ? `${name}…` : name))

  it('is at least one lesson', () => {
    assert.deepEqual(unmet(aCourse([])), ['lesson'])
    assert.deepEqual(unmet(aCourse([aLesson('a')])), [])
  })

  it('is a ready video in every video lesson', () => {
    assert.deepEqual(unmet(aCourse([aLesson('a', { kind: 'video' })])), ['videos'])
    assert.deepEqual(unmet(aCourse([aLesson('a', { kind: 'video', video: aVideo({ state: 'failed' }) })])), ['videos'])
    assert.deepEqual(unmet(aCourse([aLesson('a', { kind: 'video', video: aVideo({ state: 'ready' }) })])), [])
  })

  it('is a question in each quiz and a time for each session, named only where it is missing', () => {
    assert.deepEqual(unmet(aCourse([aLesson('a', { kind: 'quiz', lacks: 'questions' }), aLesson('b', { kind: 'live', lacks: 'time' })])), ['questions', 'time'])
    assert.deepEqual(unmet(aCourse([aLesson('a', { kind: 'quiz' })])), [])
  })

  it('is not that its lessons say something: which do not is only told', () => {
    const course = aCourse([
      aLesson('a', { lacks: 'words' }),
      aLesson('b', { kind: 'download', lacks: 'file' }),
      aLesson('c', { kind: 'quiz', lacks: 'questions' }),
    ])
    assert.deepEqual(unmet(course), ['questions'])
    assert.deepEqual(
      emptyLessonsOf(course).map(({ id }) => id),
      ['a', 'b'],
    )
  })

  it('tells what will come by itself from what wants doing', () => {
    assert.deepEqual(unmet(aCourse([aLesson('a', { kind: 'video', video: aVideo({ state: 'transcoding' }) })])), ['videos…'])
    assert.deepEqual(
      unmet(
        aCourse([
          aLesson('a', { kind: 'video', video: aVideo({ state: 'transcoding' }) }),
          aLesson('b', { kind: 'video', video: aVideo({ state: 'uploading' }) }),
        ]),
      ),
      ['videos'],
    )
  })
})
