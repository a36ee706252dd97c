import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accentOf, contrastOf, hexOf, LEAST_CONTRAST } from './accent.ts'

test('whichever accent a school may choose can be read in both themes', () => {
  let [worst, where] = [Number.POSITIVE_INFINITY, '']
  for (let hue = 0; hue <= 360; hue += 3) {
    for (let chroma = 0; chroma <= 0.2; chroma += 0.02) {
      for (const theme of ['light', 'dark'] as const) {
        const found = contrastOf({ hue, chroma }, theme)
        if (found < worst) [worst, where] = [found, `${hue} ${chroma.toFixed(2)} ${theme}`]
      }
    }
  }
  assert.ok(worst >= LEAST_CONTRAST, `${worst} at ${where}`)
})

test('contrast is reckoned as WCAG has it', () => {
  // OKLCH's lightness is the cube root of a grey's luminance: (0.992³ + 0.05) / (0.48³ + 0.05).
  assert.equal(hexOf({ hue: 0, chroma: 0 }, 'light'), '#5d5d5d')
  assert.ok(Math.abs(contrastOf({ hue: 0, chroma: 0 }, 'light') - 6.39) < 0.01)
})

test('a brand’s colour keeps its hue, and comes back as a colour a theme can show', () => {
  const amber = accentOf('#d97706')
  assert.ok(amber)
  assert.ok(Math.abs(amber.hue - 58) < 3, JSON.stringify(amber))
  assert.match(hexOf(amber, 'light'), /^#[0-9a-f]{6}$/)
  assert.deepEqual(accentOf('#808080')?.chroma, 0)
  for (const wrong of ['', 'red', '#fff', '#12345g', '#1234567']) assert.equal(accentOf(wrong), undefined)
})
