import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as z from 'zod/mini'
import { anyPicture, read } from './reading.fixture.ts'

const Example = z.object({ number: z.int(), section: z.string(), markdown: z.string(), html: z.string() })
const examples = z.array(Example).parse(JSON.parse(readFileSync(join(import.meta.dirname, 'commonmark.json'), 'utf8')))

/** What the reader leaves out of CommonMark, and where it goes further; each with the numbers of the examples that show it. */
const OTHERWISE: Readonly<Record<string, readonly number[]>> = {
  'HTML is text': [
    ...[21, 31, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 642, 643],
    ...Array.from({ length: 44 }, (_, at) => 148 + at),
    ...[613, 614, 615, 616, 617, 623, 625, 626, 627, 628, 629, 630, 631],
  ],
  'an address may begin with http, https, mailto or tel': [596, 598, 599, 601],
  'an address that stands in the text is a link': [602, 608, 611],
}

/** Without what is added to what CommonMark makes: ids of headings, links that open a page of their own, blocks that can be moved by keys. */
const bare = (html: string): string =>
  html
    .replace(/(<h[1-6]) id="[^"]*"/g, '$1')
    .replaceAll(' rel="noopener" target="_blank"', '')
    .replaceAll('<pre tabindex="0">', '<pre>')
    .replaceAll(' />', '>')
    .replace('<blockquote></blockquote>', '<blockquote>\n</blockquote>')
    .trim()

const isRead = ({ markdown, html }: z.infer<typeof Example>): boolean => bare(read(markdown, { prefix: '', pictureAt: anyPicture })) === bare(html)

test('every one of CommonMark’s examples is read as it says, but for those of what a text here may not do', () => {
  const left = new Set(Object.values(OTHERWISE).flat())
  const wrong = examples.filter((example) => !isRead(example)).map(({ number }) => number)
  assert.equal(examples.length, 652)
  // Those left out are all read otherwise: the list hides nothing that would pass.
  assert.deepEqual(
    wrong,
    [...left].sort((a, b) => a - b),
  )
})

test('what CommonMark takes for HTML is shown as it is written', () => {
  const html = examples.filter(({ section }) => section === 'HTML blocks' || section === 'Raw HTML')
  for (const { markdown, number } of html)
    assert.doesNotMatch(read(markdown), /<(?!\/?(?:p|a|em|strong|ul|li|ol|br|hr|code|pre|blockquote|h\d|del|div)\b)/i, `${number}`)
})
