import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asCaptionStyle, CAPTION_CHOICES, type CaptionChoice, captionCss, USUAL_CAPTIONS } from './caption-style.ts'

test('what was chosen is what captions look like', () => {
  const css = captionCss({ ...USUAL_CAPTIONS, size: 'huge', colour: 'yellow', background: 'none', edge: 'outline' })
  assert.match(css['--caption-size'] ?? '', /\* 1\.8\)$/)
  assert.equal(css['--caption-colour'], '#ffe14d')
  assert.equal(css['--caption-background'], 'rgb(0 0 0 / 0)')
  assert.match(css['--caption-edge'] ?? '', /#000/)
})

test('every choice makes a difference', () => {
  const usual = JSON.stringify(captionCss(USUAL_CAPTIONS))
  // The keys of a literal.
  for (const choice of Object.keys(CAPTION_CHOICES) as CaptionChoice[]) {
    const looks = new Set(CAPTION_CHOICES[choice].map((value) => JSON.stringify(captionCss(asCaptionStyle({ ...USUAL_CAPTIONS, [choice]: value })))))
    assert.equal(looks.size, CAPTION_CHOICES[choice].length, choice)
    assert.ok(looks.has(usual), choice)
  }
})

test('a style from another time, or no style at all, falls back choice by choice', () => {
  assert.deepEqual(asCaptionStyle(undefined), USUAL_CAPTIONS)
  assert.deepEqual(asCaptionStyle('large'), USUAL_CAPTIONS)
  assert.deepEqual(asCaptionStyle({ size: 'large', colour: 'url(//evil)', font: 7 }), { ...USUAL_CAPTIONS, size: 'large' })
})
