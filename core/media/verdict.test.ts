import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Picture, SourceFacts } from '#ports/transcoder.ts'
import { someFacts } from '#test/school.ts'
import { REASONS, refusedVerdict, verdictAfter, verdictOf } from './verdict.ts'

const shown = (of: Partial<Picture>): SourceFacts => someFacts({ picture: { ...someFacts().picture, ...of } })
const beside = (of: Partial<SourceFacts['besides']>, also: Partial<SourceFacts> = {}): SourceFacts =>
  someFacts({ besides: { ...someFacts().besides, ...of }, ...also })
const heard = (channels: number): SourceFacts => someFacts({ sound: { stream: 1, codec: 'aac', channels } })
const silent = (): SourceFacts => {
  const { sound: _, ...rest } = someFacts()
  return rest
}
const codesOf = (facts: SourceFacts): string[] => verdictOf(facts).notes.map(({ code }) => code)

test('each reason a file is refused has words of its own, which say what to do', () => {
  const reasons = Object.values(REASONS).map(({ reason }) => reason)
  assert.equal(new Set(reasons).size, reasons.length)
  for (const reason of reasons) assert.match(reason, /(Export|Upload|Cut|try again)/i, reason)
})

test('only what went wrong on our side is worth another try with the same file', () => {
  assert.deepEqual(
    Object.entries(REASONS).flatMap(([fault, { canRetry }]) => (canRetry ? [fault] : [])),
    ['internal'],
  )
})

test('a refusal is told with its reason', () => {
  assert.deepEqual(refusedVerdict('encrypted'), { kind: 'refused', notes: [{ code: 'encrypted', text: REASONS.encrypted.reason }] })
})

test('of a plain film there is nothing to say', () => assert.deepEqual(verdictOf(someFacts()), { kind: 'fine', notes: [] }))

/** What is said, the film it is said of, the one nearest to it of which it is not, and words a teacher reads in it. */
const NOTES: [code: string, of: SourceFacts, notOf: SourceFacts, words: RegExp][] = [
  ['rotated', shown({ rotation: 270 }), shown({ rotation: 0 }), /upright/],
  ['stretched', shown({ isSquare: false }), shown({ isSquare: true }), /1280×720/],
  ['hdr', shown({ hdr: true }), shown({ bitDepth: 10 }), /brightness/],
  ['interlaced', shown({ isInterlaced: true }), shown({ isInterlaced: false }), /half pictures/],
  ['variable-rate', shown({ isSteady: false }), shown({ isSteady: true }), /steady 25 frames/],
  ['other-rate', shown({ measuredFps: 18 }), shown({ measuredFps: 25.1 }), /18 frames a second.*shown at 25/],
  ['odd-size', shown({ width: 1281 }), shown({ width: 1282 }), /odd/],
  ['small', shown({ width: 320, height: 180 }), shown({ width: 640, height: 360 }), /320×180/],
  ['no-index', someFacts({ needsCopy: true }), someFacts(), /copied/],
  ['silent', silent(), someFacts(), /no sound/],
  ['lost-sound', { ...silent(), besides: { ...someFacts().besides, lostSound: 'ac4' } }, silent(), /ac4/],
  ['surround', heard(6), heard(2), /6 channels/],
  ['more-sounds', beside({ sounds: 2 }), beside({ sounds: 0 }), /3 sound tracks/],
  ['more-pictures', beside({ pictures: 1 }), beside({ pictures: 0 }), /2 picture tracks/],
  ['cover', beside({ hasCover: true }), beside({ hasCover: false }), /cover/],
  ['subtitles', beside({ subtitles: 1 }), beside({ subtitles: 0 }), /WebVTT/],
  ['other-length', beside({ claimedSeconds: 143_165 }), beside({}), /143165 s long; it is 6 s/],
]

for (const [code, of, notOf, words] of NOTES) {
  test(`“${code}” is said when it is so, and only then`, () => {
    assert.deepEqual(codesOf(of), [code])
    assert.match(verdictOf(of).notes[0]?.text ?? '', words)
    assert.equal(verdictOf(of).kind, 'adapted')
    assert.ok(!codesOf(notOf).includes(code))
  })
}

test('a film without sound that can be decoded is not called silent', () => assert.ok(!codesOf(beside({ lostSound: 'ac4' }, silent())).includes('silent')))

test('frames found to be damaged are told of from one in a hundred on', () => {
  const after = (errors: number) => verdictAfter(verdictOf(someFacts()), { damage: { errors, frames: 1000 } })
  assert.deepEqual(after(9), { kind: 'fine', notes: [] })
  assert.equal(after(42).kind, 'adapted')
  assert.match(after(42).notes[0]?.text ?? '', /About 4 % .* damaged/)
})

test('a sound that turned out to be lost is told of once, and nothing else is said of it', () => {
  const before = verdictOf({ ...heard(6), besides: { ...someFacts().besides, sounds: 1, hasCover: true } })
  const codes = verdictAfter(before, { lostSound: true }).notes.map(({ code }) => code)
  assert.deepEqual(codes, ['cover', 'lost-sound'])
  assert.deepEqual(verdictAfter(verdictAfter(before, { lostSound: true }), { lostSound: true }).notes.length, 2)
})
