import assert from 'node:assert/strict'
import { it } from 'node:test'
import MarkdownIt from 'markdown-it'
import type { Check } from './checks/check.ts'
import { images, links } from './checks/links.ts'
import { html } from './checks/text.ts'
import { someFacts } from './draft.fixture.ts'

/** With HTML, as the repository's service reads it: what the school leaves out must not be there either. */
const reader = new MarkdownIt({ html: true, linkify: true })

const PIECES = [
  ...[
    'a',
    'b ',
    ' ',
    '\n',
    '\n\n',
    '\n    ',
    '\n  ',
    '\n- ',
    '\n1. ',
    '\n> ',
    '\n| ',
    ' | ',
    '\n|---|---|\n',
    '`',
    '``',
    '```',
    '\n```\n',
    '\n  ```\n',
    '\n~~~\n',
    '\\',
    '"',
    "'",
  ],
  ...[
    '<b>',
    '<script>',
    '</b>',
    '<!-- x -->',
    '<',
    '>',
    '&lt;',
    '&#60;',
    '[',
    ']',
    '](',
    ')',
    '(',
    '![',
    ']:',
    '[x]',
    '\n[x]: ',
    '*',
    '#',
    '\t',
    '\n---\n',
    '<?x?>',
    '<img src="',
  ],
  ...[
    'https://wikipedia.org/a',
    'https://evil.example/',
    '<https://wikipedia.org/>',
    '<https://evil.example/>',
    'javascript:alert(1)',
    '[a](https://wikipedia.org/)',
  ],
  ...[
    '[a](https://evil.example/)',
    '[a](javascript:x)',
    '![a](https://wikipedia.org/)',
    '![](https://wikipedia.org/)',
    '//evil.example',
    'www.evil.example',
    ' "t"',
    'https://',
    '@',
  ],
]

/** Numbers that look like chance, and are the same each time (mulberry32). */
const chance = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let mix = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mix = (mix + Math.imul(mix ^ (mix >>> 7), 61 | mix)) ^ mix
  return ((mix ^ (mix >>> 14)) >>> 0) / 2 ** 32
}

const errorsOf = async (text: string): Promise<string[]> => {
  const facts = { ...someFacts(), fields: [{ name: 'The text', text, isOneLine: false }] }
  const found = await Promise.all([html, links, images].map((check: Check) => check.find(facts)))
  return found.flat().flatMap(({ severity, says }) => (severity === 'error' ? [says] : []))
}

/** What a real reader makes of a text that no learner is to get. */
const badIn = (text: string): string[] =>
  reader
    .parse(text, {})
    .flatMap((token) => [token, ...(token.children ?? [])])
    .flatMap((token) => {
      if (token.type.startsWith('html_')) return [token.content]
      if (token.type === 'image' && token.content.trim() === '') return ['an image without words']
      const address = token.type === 'link_open' ? token.attrGet('href') : token.type === 'image' ? token.attrGet('src') : null
      return address === null || /^(#|https:\/\/([\w-]+\.)*(wikipedia\.org|book\.example)([/?#]|$))/.test(String(address)) ? [] : [String(address)]
    })

const DRAFTS = 4000

it('a text in which nothing is found has nothing in it for a reader of Markdown either, in thousands made by chance', async () => {
  const next = chance(7)
  let sound = 0
  let bad = 0
  for (let draft = 0; draft < DRAFTS; draft += 1) {
    const text = Array.from({ length: 2 + Math.floor(next() * 10) }, () => PIECES[Math.floor(next() * PIECES.length)]).join('')
    const real = badIn(text)
    if (real.length > 0) bad += 1
    const errors = await errorsOf(text)
    if (errors.length > 0) continue
    sound += 1
    assert.deepEqual(real, [], JSON.stringify(text))
  }
  // Of both there are many, so that it says something.
  assert.ok(sound > DRAFTS / 20 && bad > DRAFTS / 20, `${sound} sound, ${bad} bad`)
})
