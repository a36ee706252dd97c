import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byFile, cloneUrl, commitPage, filePage, firstFiles, shortCommit } from './findings.ts'

test('findings are told file by file, each from its top down', () => {
  const found = byFile([
    { path: 'b.md', line: 9, says: 'late' },
    { path: 'a.md', says: 'whole' },
    { path: 'b.md', line: 2, says: 'early' },
  ])
  assert.deepEqual(
    found.map(({ path, findings }) => [path, ...findings.map(({ says }) => says)]),
    [
      ['b.md', 'early', 'late'],
      ['a.md', 'whole'],
    ],
  )
})

test('a repository is cloned by one address and its commits are read at another', () => {
  assert.equal(cloneUrl('https://example.org/ada/school'), 'https://example.org/ada/school.git')
  assert.equal(cloneUrl('https://example.org/ada/school.git'), 'https://example.org/ada/school.git')
  assert.equal(commitPage('https://example.org/ada/school.git', 'abc'), 'https://example.org/ada/school/commit/abc')
  assert.equal(
    filePage('https://example.org/ada/school', { branch: 'main', path: 'courses/a b.md' }),
    'https://example.org/ada/school/blob/main/courses/a%20b.md',
  )
  assert.equal(shortCommit('0123456789abcdef'), '0123456')
})

test('what there is to begin with lies in a course of one’s own, or makes one', () => {
  const paths = (course?: string): string[] => firstFiles({ folder: 'courses', course, teacher: 'theo@example.org' }).map(({ path }) => path)
  assert.deepEqual(paths('light'), ['courses/light/01-first-steps/01-soft-light.md'])
  assert.deepEqual(paths(), ['courses/my-first-course/course.md', 'courses/my-first-course/01-first-steps/01-soft-light.md'])
  assert.match(firstFiles({ folder: '', teacher: 'theo@example.org' })[0]?.text ?? '', /^teacher: theo@example.org$/m)
})
