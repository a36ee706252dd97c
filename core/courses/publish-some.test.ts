import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interleaved } from './interleaved.ts'
import { withLessons } from './publish-some.ts'

const section = (id: string, ...lessons: string[]) => ({ id, title: id, lessons })
const outline = (sections: { id: string; lessons: string[] }[]): string => sections.map(({ id, lessons }) => `${id}: ${lessons.join(' ')}`).join(' | ')

test('What was written in the school stays behind the lesson it stood behind, whatever comes, goes or changes places', () => {
  assert.deepEqual(interleaved(['x', 'a', 'y', 'b', 'z'], ['a', 'b']), ['x', 'a', 'y', 'b', 'z'])
  assert.deepEqual(interleaved(['x', 'a', 'y', 'b', 'z'], ['b', 'a']), ['x', 'b', 'z', 'a', 'y'])
  assert.deepEqual(interleaved(['a', 'y', 'b'], ['a', 'new', 'b']), ['a', 'y', 'new', 'b'])
  assert.deepEqual(interleaved(['x', 'y'], ['a']), ['x', 'y', 'a'])
  assert.deepEqual(interleaved([], ['a', 'b']), ['a', 'b'])
})

test('Learners see lessons of files where the draft has them, and of everything else what was published', () => {
  // The teacher has moved x, and written y and a section of their own, none of which is published.
  const published = [section('one', 'x', 'a'), section('two', 'b')]
  const draft = [section('zero', 'new'), section('one', 'a', 'y'), section('own', 'w'), section('two', 'x', 'c', 'b')]
  const kept = new Set(['a', 'b', 'c', 'new'])
  const some = { shown: new Set(['c', 'new']), gone: new Set<string>(), kept }
  assert.equal(outline(withLessons(published, draft, some)), 'zero: new | one: x a | two: c b')
})

test('A lesson of a file that has moved to another section is in one place only, and a section that is empty is not shown', () => {
  const published = [section('one', 'a'), section('two', 'b', 'x')]
  const draft = [section('one'), section('two', 'a', 'b', 'x')]
  const some = { shown: new Set(['a']), gone: new Set<string>(), kept: new Set(['a', 'b']) }
  assert.equal(outline(withLessons(published, draft, some)), 'two: a b x')
  assert.equal(outline(withLessons(published, [section('two', 'x')], { shown: new Set(), gone: new Set(['a', 'b']), kept: new Set() })), 'two: x')
})
