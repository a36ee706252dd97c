import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asMarkdown } from './as-markdown.ts'

const course = { id: 'crs_1', title: 'C# in *light*' }
const window = { id: 'les_1', title: 'The window', isOpen: true }

test('a notebook is saved as Markdown: courses once, lessons below them, seconds before words, and titles that stay titles', () => {
  const at = '2026-05-04T09:00:00Z'
  const text = asMarkdown(
    [
      { id: 'a', course, lesson: window, body: '- one\n- two', atSeconds: 83, at },
      { id: 'b', course, lesson: window, body: '', at },
      { id: 'c', course, lesson: { ...window, id: 'les_2', title: 'Dusk' }, body: 'Blue', at },
    ],
    { title: 'My notes', bookmark: 'Bookmark' },
  )
  assert.equal(text, '# My notes\n\n## C\\# in \\*light\\*\n\n### The window\n\n**1:23**\n\n- one\n- two\n\nBookmark\n\n### Dusk\n\nBlue\n')
})
