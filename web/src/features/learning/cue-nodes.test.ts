import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CueNode, cueNodes } from './cue-nodes.ts'

const wordsOf = (nodes: CueNode[]): string => nodes.map((node) => (typeof node === 'string' ? node : wordsOf(node.children))).join('')

test('emphasis and voices keep their meaning, one inside the other', () => {
  assert.deepEqual(cueNodes('Where <b>the <i>light</i></b> falls'), ['Where ', { tag: 'b', children: ['the ', { tag: 'i', children: ['light'] }] }, ' falls'])
  assert.deepEqual(cueNodes('<v.loud Ada>Look!</v> Yes.'), [{ tag: 'span', children: ['Look!'], voice: 'Ada' }, ' Yes.'])
  assert.deepEqual(cueNodes('<lang fr>Oui</lang>'), [{ tag: 'span', children: ['Oui'], lang: 'fr' }])
})

test('entities are read once, and a line break stays one', () => {
  assert.deepEqual(cueNodes('a &lt;b&gt; &amp;amp; c\nd&nbsp;e &#8364; &#x20AC;'), ['a <b> &amp; c\nd\u00a0e € €'])
})

test('whatever else looks like markup is left out and never becomes any', () => {
  assert.deepEqual(cueNodes('<img src=x onerror=alert(1)>Hello<script>alert(2)</script>'), ['Helloalert(2)'])
  assert.deepEqual(cueNodes('<00:01.000>karaoke'), ['karaoke'])
  assert.equal(wordsOf(cueNodes('a < b, c > d & e <')), 'a < b, c > d & e <')
})

test('tags that are crossed, never closed or never opened lose no words', () => {
  assert.equal(wordsOf(cueNodes('<b>one <i>two</b> three</i> four</u>')), 'one two three four')
  assert.deepEqual(cueNodes('<i>to the end'), [{ tag: 'i', children: ['to the end'] }])
})
