import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { scanMarkdown } from './markdown.ts'

const prose = (text: string): string => scanMarkdown(text).prose.join('\n')
const TAG = /<b>/

/** What every reader of Markdown takes for code. */
const CODE: [says: string, text: string][] = [
  ['a span', 'Write `<b>` here.'],
  ['a span of two marks, with one in it', 'Write ``<b> ` x`` here.'],
  ['a block at the margin', 'So:\n\n```html\n<b>\n```\n\nAnd on.'],
  ['a block of tildes', '~~~\n<b>\n~~~'],
  ['a block with shorter marks in it', '````\n```\n<b>\n```\n````'],
  ['a block in a list', '1. First:\n\n   ```ts\n   const x: Array<b> = []\n\n   ```\n2. Then.'],
  ['spans in a table', '| sign | what |\n|---|---|\n| `<b>` | bold |'],
  ['a span with a bar, outside tables', 'It is `string | Set<b>`, or `<b>`.'],
  ['a span after a link', '[x](https://a.example/y) and `<b>`'],
]

/** What some reader could take for a tag. */
const NO_CODE: [says: string, text: string][] = [
  ['a tag', '<b>'],
  ['a mark that is escaped', '\\`<b>\\`'],
  ['a mark that was open from the line before', 'One ` here\nand `<b>` there'],
  ['marks that items of a list part', '- a `\n- <b> `'],
  ['marks that cells part', '| a | b |\n|---|---|\n| ` | <b> ` |'],
  ['marks within an address', '[a](x`y) <b> `'],
  ['marks within an address between angles', '<https://a.example/`> <b> `'],
  ['marks within a link’s title', '[a](https://a.example "x`y") <b> `'],
  ['marks that an address among words goes on over', 'https://a.example/`<b>`'],
  ['a block that another begins in a list', '- ```\n  x\n  ```\n  <b>\n  ```'],
  ['a block in a quotation', '> ```\n> <b>\n> ```'],
  ['a block that is never closed', '```\n<b>'],
  ['a block that a list ends', '- a\n  ```\n<b>\n  ```'],
  ['a block whose marks are closed within', 'a\n     ```\n     x ``` <b>\n     ```'],
  ['a block whose marks a paragraph holds open', 'a ` b\n     ```\n     x ` <b>\n     ```'],
  ['a block with other marks at its end', '```\nx\n~~~\n\n<b>'],
  ['an indented line', 'a\n\n    <b>'],
]

describe('the Markdown of a draft', () => {
  for (const [says, text] of CODE) it(`leaves out ${says}`, () => assert.doesNotMatch(prose(text), TAG))
  for (const [says, text] of NO_CODE) it(`does not take for code ${says}`, () => assert.match(prose(text), TAG))

  it('keeps its lines, so that a finding can name one', () => {
    const text = 'a\n\n```\nb\n```\n\nc\n'
    assert.equal(scanMarkdown(text).prose.length, text.split('\n').length)
    assert.equal(scanMarkdown(text).prose[6], 'c')
  })

  it('finds links and images, with their words and where they are', () => {
    const text =
      'See [the *page*](https://a.example/x_(y)) and\n<https://b.example/?q=1>.\n\n![A cat](https://a.example/c.png "Cat") [up](#top) [![I](https://a.example/i.png)](https://a.example/)'
    assert.deepEqual(
      scanMarkdown(text).links.map(({ kind, url, text, line }) => [kind, url, text, line]),
      [
        ['link', 'https://a.example/x_(y)', 'the *page*', 1],
        ['link', 'https://b.example/?q=1', '', 2],
        ['image', 'https://a.example/c.png', 'A cat', 4],
        ['link', '#top', 'up', 4],
        ['image', 'https://a.example/i.png', 'I', 4],
        ['link', 'https://a.example/', '![I](https://a.example/i.png)', 4],
      ],
    )
    assert.deepEqual(scanMarkdown(text).unclear, [])
  })

  for (const text of [
    ...['[a](javascript:alert(1))', '[a](<javascript:x>)', '[a](http://a.example)', '[a](//a.example)', '[a](/teach)', '[a](\nhttps://a.example)', '[a]()'],
    ...['[a][b]\n\n[b]: javascript:alert(1)', '- [b]: x', '[b\nc]: x', '[a\\]b]: x', '![a\nb](https://a.example/x.png)', '[a](https://a.example\\@b.example)'],
  ])
    it(`finds unclear what is linked by ${JSON.stringify(text)}`, () => assert.equal(scanMarkdown(text).unclear.length, 1))

  it('takes no brackets in code for links', () => assert.deepEqual(scanMarkdown('`handlers[i](x)`\n\n```\na[b](c)\n[d]: e\n```').unclear, []))

  it('is read in no time, however it was made to take long', { timeout: 5000 }, () => {
    for (const piece of ['`a``', '[', '![](', '<https://', ']:', '- ', '|-|', '\\`', '(('])
      scanMarkdown(Array.from({ length: 6 }, () => piece.repeat(Math.floor(10_000 / piece.length))).join('\n'))
  })
})
