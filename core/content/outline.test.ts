import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredLesson } from '#core/courses/records.ts'
import { outlineWith } from './outline.ts'
import type { CoursePlan, PlannedSection } from './plan.ts'

const lesson = (id: string): StoredLesson => ({
  ...{ id, course: 'c', title: id, kind: 'article', isPreview: false, text: '', files: [], questions: [] },
  about: { objectives: [], sources: [] },
})
const planned = (id: string, ...lessons: string[]): PlannedSection => ({
  ...{ folder: id, id, title: id.toUpperCase(), opens: undefined, isMade: true },
  lessons: lessons.map((each) => ({ path: each, blob: each, lesson: lesson(each) })),
})
const section = (id: string, ...lessons: string[]) => ({ id, title: id, lessons })
const DOCUMENT = {
  title: 'All',
  summary: '',
  outcomes: [],
  otherPrices: [],
  isPublished: true,
  isSequential: false,
  requires: [],
  sections: [],
  description: '',
}
const file: CoursePlan['file'] = { path: 'course.md', blob: 'b', document: DOCUMENT, teacher: { id: 't', name: 'Theo' } }
const outline = (sections: { title: string; lessons: string[] }[]): string => sections.map(({ title, lessons }) => `${title}: ${lessons.join(' ')}`).join(' | ')

test('In a course kept in its own file sections are in its order, those of the school behind them; in any other they stay where they are', () => {
  const before = [section('own', 'w'), section('b', 'b1', 'x'), section('a', 'a1')]
  const sections = [planned('a', 'a1'), planned('b', 'b0', 'b1'), planned('c', 'c1')]
  const stored = new Set(['a1', 'b0', 'b1', 'c1', 'w', 'x'])
  assert.equal(outline(outlineWith(before, { sections, gone: [], file, record: undefined, stored })), 'A: a1 | B: b0 b1 x | C: c1 | own: w')
  assert.equal(outline(outlineWith(before, { sections, gone: [], file: undefined, record: undefined, stored })), 'own: w | b: b0 b1 x | a: a1 | C: c1')
})

test('A lesson that is not stored yet is in no outline, and a section goes with its last lesson only where a folder has made it', () => {
  const before = [section('made', 'm1'), section('own', 'o1')]
  const record = { version: 1, value: { course: 'c', folder: 'f', sections: [{ folder: 'made', section: 'made', isMade: true }] } }
  const gone = ['m1', 'o1'].map((each) => ({ path: each, blob: each, lesson: each }))
  assert.equal(outline(outlineWith(before, { sections: [planned('new', 'n1')], gone, file: undefined, record, stored: new Set() })), 'own:  | NEW: ')
})
