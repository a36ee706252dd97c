import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerptOf } from './excerpt.ts'
import { plainOf } from './plain.ts'
import { type Marked, queryOf } from './words.ts'

const marked = ({ text, matches }: Marked): string =>
  matches.toReversed().reduce((shown, { start, end }) => `${shown.slice(0, start)}[${shown.slice(start, end)}]${shown.slice(end)}`, text)
const excerpt = (text: string, query: string): string | undefined => {
  const found = excerptOf(text, queryOf(query))
  return found && marked(found)
}

test('of Markdown the words are searched, and not what makes them bold, a list, a link or a table', () => {
  assert.equal(
    plainOf('## A *soft* **light**\n\n- [x] [North](https://a.test/b "c") window\n1. `iso` ![A pane](/p.jpg)'),
    'A soft light\nNorth window\niso A pane',
  )
  assert.equal(plainOf('> [!TIP]\n> Close the _curtain_[^1]\n\n[^1]: Half of it'), 'Close the curtain\nHalf of it')
  assert.equal(plainOf('| f | stop |\n|---|:-:|\n| 2.8 | wide |'), 'f stop\n2.8 wide')
  assert.equal(plainOf('```ts\nconst [a] = *b\n```\nsnake_case \\*stays\\* &amp; 2 * 3'), 'const [a] = *b\nsnake_case *stays* & 2 3')
})

test('an excerpt begins near what was looked for, where most of it stands together, and marks it in its own words', () => {
  const far = 'Filling words go on and on here. '.repeat(20)
  assert.equal(excerpt('Where the light falls', 'LIGHT'), 'Where the [light] falls')
  const found = excerpt(`light ${far}The Café has soft light in it. ${far}`, 'cafe light')
  assert.match(found ?? '', /^… .*The \[Café\] has soft \[light\] in it\..* …$/s)
  assert.ok((found ?? '').length < 260)
  assert.match(excerpt(`light and soft. ${far} a soft light`, 'soft light') ?? '', /a \[soft\] \[light\]$/)
  assert.equal(excerpt('Only light here', 'light shadow'), undefined)
  assert.match(excerpt('私は東京に住む'.repeat(60), '東京') ?? '', /^私は\[東京\]/)
})
