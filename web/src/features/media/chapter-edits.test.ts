import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chaptersOf, draftsOf, faultsOf, isSame, parseClock, withChapterAt } from './chapter-edits.ts'

const stored = [
  { startSeconds: 0, title: 'Hello' },
  { startSeconds: 61.5, title: 'Light' },
]
const faults = (drafts: ReturnType<typeof draftsOf>, durationSeconds?: number): (string | undefined)[] => {
  const found = faultsOf(drafts, durationSeconds)
  return drafts.map(({ key }) => found.get(key))
}

test('a time is typed as on a clock, or as seconds', () => {
  assert.deepEqual(['1:02:09', '12:34', '95', ' 0:00 '].map(parseClock), [3729, 754, 95, 0])
  assert.deepEqual(['', '1:60', 'soon', '1:2:3:4', '-5', '1.5'].map(parseClock), [undefined, undefined, undefined, undefined, undefined, undefined])
})

test('what is not touched is saved as it was, also between two seconds', () => {
  assert.deepEqual(chaptersOf(draftsOf(stored)), stored)
})

test('a chapter added at the player’s time stands in its place and waits for a title', () => {
  const { drafts, added } = withChapterAt(draftsOf(stored), 30.7)
  assert.deepEqual(
    drafts.map(({ start }) => start),
    ['0:00', '0:30', '1:01'],
  )
  assert.equal(faultsOf(drafts, 120).get(added.key), 'title')
})

test('what cannot be saved is told beside its chapter', () => {
  const [hello, light] = draftsOf(stored)
  assert.ok(hello && light)
  assert.deepEqual(faults([hello, { ...light, start: 'later' }]), [undefined, 'time'])
  assert.deepEqual(faults([hello, { ...light, start: '0' }]), [undefined, 'twice'])
  assert.deepEqual(faults([hello, light], 61), [undefined, 'late'])
  assert.deepEqual(faults([{ ...hello, title: '  ' }, light], 120), ['title', undefined])
  assert.deepEqual(faults([hello, light], 120), [undefined, undefined])
})

test('chapters are saved in the order of time, whatever order they were typed in', () => {
  const [hello, light] = draftsOf(stored)
  assert.ok(hello && light)
  assert.deepEqual(chaptersOf([light, hello]), stored)
  assert.equal(isSame(chaptersOf([light, hello]), stored), true)
  assert.equal(isSame(chaptersOf([{ ...light, title: 'Shade' }, hello]), stored), false)
})
