import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filmAt, isLinkable, pictureAt } from './addresses.ts'
import { highlightFor } from './highlight.ts'
import { read } from './reading.fixture.ts'
import { typeset } from './typeset.ts'

const PICTURE = '/files/pic_01k9z3w7bb/1600x900.png'

test('a picture of the school is shown with its size, one behind the lock without an address', () => {
  assert.equal(read(`![A lamp](${PICTURE} "By night")`), '<p><img data-picture="pic_01k9z3w7bb" alt="A lamp" title="By night" width="1600" height="900"></p>\n')
  assert.match(read('![A lamp](/catalogue/pictures/pic_01k9z3w7bb/80x60.webp)'), /src="\/catalogue\/pictures\/pic_01k9z3w7bb\/80x60.webp"/)
})

test('no other picture is shown: its words stand in its place', () => {
  const others = [
    'https://elsewhere.test/a.png',
    '//elsewhere.test/a.png',
    'data:image/png;base64,AAAA',
    '/api/accounts/me',
    `${PICTURE}?x=1`,
    '/files/pic_01k9z3w7bb/1x1.svg',
    '/files/../pic_01k9z3w7bb/1x1.png',
  ]
  for (const address of others) {
    assert.equal(pictureAt(address), undefined, address)
    assert.doesNotMatch(read(`![A lamp](${address})`), /<img/, address)
  }
  assert.match(read('![A lamp](https://elsewhere.test/a.png)'), />A lamp</)
})

test('a price stays a price, and a formula is one', () => {
  assert.doesNotMatch(read('It costs $5, not $10 or US$ 7.'), /formula/)
  assert.doesNotMatch(read(String.raw`\$x\$`), /formula/)
  assert.match(read('So $e^{i\\pi} = -1$ holds.'), /<code class="formula">e\^\{i\\pi\} = -1<\/code>/)
  assert.match(read('$$\na < b\n$$'), /formula-block" tabindex="0"><code class="formula">a &lt; b</)
  assert.match(read('$$x^2$$'), /formula-block/)
  assert.match(read('$x^2$', { typeset }), /<math><msup><mi>x<\/mi><mn[^>]*>2<\/mn><\/msup><\/math>/)
})

test('a formula that is none, or that would bring a link, stays as it is written', () => {
  for (const formula of [String.raw`\frac{`, String.raw`\href{javascript:alert(1)}{x}`, String.raw`\class{a}{x}`, String.raw`\style{position:fixed}{x}`])
    assert.equal(typeset(formula, false), undefined, formula)
})

test('a quotation that begins with a mark becomes a note, and other quotations stay', () => {
  assert.match(
    read('> [!TIP]\n> Open the *window*.'),
    /^<div class="callout callout-tip" role="note"><p class="callout-title">tip<\/p>\n<p>Open the <em>window<\/em>.<\/p>/,
  )
  assert.match(read('> [!TIP] Open it.'), /<blockquote>/)
  assert.match(read('> [!OTHER]\n> Open it.'), /<blockquote>/)
})

test('tasks are told apart by words, not by their look alone', () => {
  const html = read('- [ ] Prime\n- [x] Sketch\n- [y] No\n')
  assert.match(html, /<li class="task"><span class="task-box task-open" role="img" aria-label="Open"><\/span>Prime<\/li>/)
  assert.match(html, /aria-label="Done"><\/span>Sketch/)
  assert.match(html, /<li>\[y\] No<\/li>/)
})

test('a footnote leads there and back, and one that is not written is text', () => {
  const html = read('First[^a], second[^b], none[^c].\n\n[^b]: Of *two*.\n[^a]: Of one.\n')
  assert.match(html, /First<sup><a id="text-ref-1" href="#text-note-1" aria-label="Note 1">1<\/a><\/sup>/)
  assert.match(html, /none\[\^c\]/)
  assert.match(html, /<li id="text-note-1">Of one\. .*\n<li id="text-note-2">Of <em>two<\/em>\./)
  assert.doesNotMatch(read('Nothing of it is left.'), /notes/)
})

test('a heading has an address in any script, and a link within the text leads to it', () => {
  const html = read('## Licht & Schatten\n\n## Licht & Schatten\n\n## 光\n\n[there](#licht-schatten)')
  assert.match(html, /<h2 id="text-licht-schatten">/)
  assert.match(html, /<h2 id="text-licht-schatten-2">/)
  assert.match(html, /<h2 id="text-光">/)
  assert.match(html, /href="#text-licht-schatten"/)
})

test('a film is offered where its address stands alone, from the hosts the school knows', () => {
  assert.match(read('https://youtu.be/dQw4w9WgXcQ?t=10'), /class="film-play" href="https:\/\/youtu.be\/dQw4w9WgXcQ\?t=10"/)
  assert.match(read('<https://vimeo.com/76979871>'), /Play from Vimeo/)
  assert.doesNotMatch(read('See https://youtu.be/dQw4w9WgXcQ now'), /film/)
  assert.doesNotMatch(read('[A film](https://youtu.be/dQw4w9WgXcQ)'), /film-play/)
  assert.equal(filmAt('https://www.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ')?.player, 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ')
  assert.equal(filmAt('https://player.vimeo.com/video/76979871')?.player, 'https://player.vimeo.com/video/76979871?dnt=1')
  for (const other of [
    'http://youtu.be/dQw4w9WgXcQ',
    'https://youtube.com.evil.test/watch?v=dQw4w9WgXcQ',
    'https://evil.test/https://youtu.be/dQw4w9WgXcQ',
    'https://youtu.be/dQw4w9WgXcQ"onload',
  ])
    assert.equal(filmAt(other), undefined, other)
})

test('nothing that runs or holds something is a link', () => {
  for (const address of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'blob:x', 'livescript:x'])
    assert.equal(isLinkable(address), false, address)
  for (const address of ['https://a.test', 'mailto:a@b.test', 'tel:+4930', '/courses/x', '#part', '?a=b:c', 'a/b:c'])
    assert.equal(isLinkable(address), true, address)
})

test('code is told apart by classes alone, and code of an unknown language is plain', async () => {
  const highlight = await highlightFor(['ts', 'nonesuch', '__proto__'])
  const html = read('```ts\nconst a = "<b>" // why\n```', { highlight })
  assert.match(html, /<span class="code-keyword">const<\/span>/)
  assert.match(html, /<span class="code-string-expression">&quot;&lt;b&gt;&quot;<\/span>/)
  assert.doesNotMatch(html, /style=/)
  assert.match(read('```nonesuch\na < b\n```', { highlight }), /<code class="language-nonesuch">a &lt; b/)
})

test('any text is kept sign by sign: quotes, dashes and dots are not made prettier', () => {
  const text = '"Ja" -- \'nein\' ... (c) 1/2 👩🏽‍🎨 שלום e\u0301'
  assert.equal(read(text), `<p>${text.replaceAll('"', '&quot;')}</p>\n`)
})

test('texts made to be slow are read in time that grows with their length', () => {
  const hostile = ['[', '![', '*_', '> ', '`', '$', '[^a]', '[^a]: x\n', '<', '&', '- ', '|', '|-', '\\', '((', '](', '$$\n', '~~', 'https://', '# ']
  for (const part of hostile) {
    const began = performance.now()
    read(part.repeat(Math.floor(50_000 / part.length)))
    assert.ok(performance.now() - began < 4000, `${JSON.stringify(part)} took ${Math.round(performance.now() - began)} ms`)
  }
})
