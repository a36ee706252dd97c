import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coursesFor, namedCourses } from './courses.ts'

const TITLES = ['Painting with light', 'Über das Licht', 'A lighthouse keeper’s year', 'Bread']
const courses = namedCourses(TITLES.map((title, place) => ({ title, slug: `course-${place}` })))
const found = (typed: string): string[] => coursesFor(courses, typed).map(({ label }) => label)

test('a course is found by how words of its title begin, in any order and without accents or capitals', () => {
  assert.deepEqual(found('LIGH'), ['Painting with light', 'A lighthouse keeper’s year'])
  assert.deepEqual(found('light pain'), ['Painting with light'])
  assert.deepEqual(found('uber'), ['Über das Licht'])
  assert.deepEqual(found('ight'), [])
  assert.deepEqual(found(' … '), [])
})

test('it leads to the page of its course, and no more than five are offered', () => {
  assert.equal(coursesFor(courses, 'bread')[0]?.to, '/courses/course-3')
  const many = namedCourses(Array.from({ length: 2000 }, (_, place) => ({ title: `Light ${place}`, slug: `light-${place}` })))
  assert.equal(coursesFor(many, 'li').length, 5)
})
