import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readCourse } from './course.ts'
import { readLesson } from './lesson.ts'
import { readTree } from './tree.ts'

const page = await readFile(join(import.meta.dirname, '../../../docs/content.md'), 'utf8')

/** Every example of a file, with the path that is said before it. */
const examples = [...page.matchAll(/`([\w/-]+\.md)`[^`]*\n\n```markdown\n([\s\S]*?)\n```/g)].map(([, path = '', text = '']) => ({ path, text: `${text}\n` }))

test('the course that the documentation shows is one, and says what it is said to', () => {
  assert.equal(examples.length, [...page.matchAll(/```markdown\n/g)].length, 'each example has its path')
  const read = readTree(examples)
  if ('findings' in read) throw new Error(JSON.stringify(read.findings))
  const [course] = read.courses
  assert.deepEqual(
    course?.sections.map(({ title, lessons }) => [title, ...lessons.map(({ document }) => `${document.kind} ${document.title}`)]),
    [
      ['First light', 'article Why shadows have two edges', 'video A lamp and a wall'],
      ['Colour: warm, cold, and none', 'article Warm and cold'],
    ],
  )
  assert.deepEqual(
    [course?.course?.price, course?.course?.completion],
    [
      { amountMinor: 4900, currency: 'EUR' },
      { by: 'watching', percent: 90 },
    ],
  )
  const [first] = course?.sections[0]?.lessons ?? []
  assert.deepEqual(
    [first?.document.isPreview, first?.document.questions.map(({ kind }) => kind), first?.document.text.includes('\n---\n')],
    [true, ['single', 'multiple'], true],
  )
})

/** Keys of a table below a heading. */
const keysBelow = (heading: string): string[] => [...(page.split(heading)[1]?.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, key = '']) => key)

/** Keys there are, as whoever writes another one is told. */
const keysTold = (reading: object): string[] => /There are: ([\w, ]+)\./.exec(JSON.stringify(reading))?.[1]?.split(', ') ?? []

test('the documentation has each key there is, and no other', () => {
  const file = '---\ntitle: x\nzzzzzzzzzzzz: y\n---\n'
  assert.deepEqual(keysBelow('## What a lesson').toSorted(), keysTold(readLesson(file)).toSorted())
  assert.deepEqual(keysBelow('## What `course.md`').toSorted(), keysTold(readCourse(file)).toSorted())
})

test('the findings that the documentation shows are those that are told', () => {
  const wrong = [
    { path: 'light-for-painters/02-colour/01-warm-and-cold.md', text: '---\ntitle: Warm and cold\nobjectve:\n  - See\n---\n' },
    { path: 'light-for-painters/02-colour/02-grey.md', text: '---\ntitle: Grey: no colour\n---\n' },
    { path: 'light-for-painters/course.md', text: '---\ntitle: Light for painters\nsummary: See\nprice: 49\n---\n' },
  ]
  const read = readTree(wrong)
  const told = 'findings' in read ? read.findings.map(({ path, line, says }) => `${path}:${line}  ${says}`) : []
  assert.deepEqual(told.toSorted(), /```text\n([\s\S]*?)\n```/.exec(page)?.[1]?.split('\n').toSorted())
})
