import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ALLOWED_ATTRIBUTES, ALLOWED_TAGS } from '#web/src/lib/markdown/allowed.ts'
import { cleanedForPublishing } from '#web/src/lib/markdown/clean-published.ts'
import { read } from '#web/src/lib/markdown/reading.fixture.ts'
import { MARKDOWN_ATTACKS, TAG_ATTACKS } from './attacks.ts'

/** Every tag and attribute of HTML that a serialiser wrote: quoted, and nothing between tags but text. */
const partsOf = (html: string): { tags: string[]; attributes: string[]; addresses: string[] } => {
  const tags = [...html.matchAll(/<\/?([^\s/>]+)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*\/?>/g)]
  const attributes = tags.flatMap(([, , given = '']) => [...given.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)])
  return {
    tags: tags.map(([, name = '']) => name),
    attributes: attributes.map(([, name = '']) => name),
    addresses: attributes.flatMap(([, name, value = '']) => (name === 'href' || name === 'src' ? [value] : [])),
  }
}

test('nothing of a known attack is left in what is published, even if the reader let it through', () => {
  for (const attack of [...TAG_ATTACKS, ...MARKDOWN_ATTACKS, ...MARKDOWN_ATTACKS.map((text) => read(text))]) {
    const html = cleanedForPublishing(attack)
    const { tags, attributes, addresses } = partsOf(html)
    assert.deepEqual(
      tags.filter((tag) => !ALLOWED_TAGS.includes(tag)),
      [],
      html,
    )
    assert.deepEqual(
      attributes.filter((name) => !ALLOWED_ATTRIBUTES.includes(name)),
      [],
      html,
    )
    assert.ok(
      addresses.every((address) => !/^\s*(javascript|vbscript|data):/i.test(address)),
      html,
    )
    // Whatever is no tag is text, in which nothing opens one.
    assert.doesNotMatch(html.replace(/<\/?[a-z][^<>]*>/g, ''), /</, html)
  }
})

test('what the reader makes is published whole: the second hand takes nothing from it', () => {
  const examples: { markdown: string }[] = JSON.parse(readFileSync(new URL('../../web/src/lib/markdown/commonmark.json', import.meta.url), 'utf8'))
  assert.ok(examples.length > 600)
  for (const { markdown } of examples) {
    const made = partsOf(read(markdown))
    const published = partsOf(cleanedForPublishing(read(markdown)))
    assert.deepEqual([published.tags, published.attributes.toSorted()], [made.tags, made.attributes.toSorted()], markdown)
  }
})
