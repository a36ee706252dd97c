import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { captionText } from './caption-file.ts'
import { added, type CueList, changed, cueAt, faultOf, keyed, merged, split, timeText, unkeyed, without } from './cue-list.ts'
import { cueSteps } from './cue-steps.ts'
import { history } from './history.ts'

const aList = (): CueList =>
  keyed([
    { startSeconds: 1, endSeconds: 3, text: 'Hello there, friend' },
    { startSeconds: 3, endSeconds: 5, text: 'Bye' },
  ])
const shown = (list: CueList) => unkeyed(list).map(({ startSeconds, endSeconds, text }) => `${startSeconds}-${endSeconds} ${text}`)
const first = (list: CueList): number => list[0]?.key ?? -1

describe('captions being edited', () => {
  it('are split at the caret, or in the middle between words, and in time where the video is', () => {
    const list = aList()
    assert.deepEqual(shown(split(list, first(list), { caret: 5 }).list), ['1-1.526 Hello', '1.526-3 there, friend', '3-5 Bye'])
    assert.deepEqual(shown(split(list, first(list), { caret: 0, nowSeconds: 2.25 }).list), ['1-2.25 Hello there,', '2.25-3 friend', '3-5 Bye'])
    assert.deepEqual(shown(split(list, first(list), { caret: 5, nowSeconds: 9 }).list)[1], '1.526-3 there, friend')
  })

  it('are merged with the next, and what was split is whole again', () => {
    const list = aList()
    assert.deepEqual(shown(merged(list, first(list))), ['1-5 Hello there, friend\nBye'])
    assert.equal(merged(list, list[1]?.key ?? -1), list)
    const halves = split(list, first(list), { caret: 5 }).list
    assert.deepEqual(shown(merged(halves, first(halves)))[0], '1-3 Hello\nthere, friend')
  })

  it('are added where there is room, and stand in order of time', () => {
    const list = aList()
    assert.deepEqual(shown(added(list, 5).list).at(-1), '5-8 ')
    assert.deepEqual(shown(added(list, 2).list)[1], '2-3 ')
    const moved = changed(list, first(list), { startSeconds: 6, endSeconds: 7 })
    assert.deepEqual(shown(moved), ['3-5 Bye', '6-7 Hello there, friend'])
    assert.deepEqual(shown(without(moved, first(list))), ['3-5 Bye'])
  })

  it('say what is wrong with them', () => {
    const cue = { startSeconds: 1, endSeconds: 2, text: 'x' }
    assert.equal(faultOf(cue), undefined)
    assert.equal(faultOf({ ...cue, text: ' \n' }), 'no-words')
    assert.equal(faultOf({ ...cue, endSeconds: 1 }), 'ends-before-it-starts')
    assert.equal(faultOf({ ...cue, endSeconds: 90_000 }), 'too-late')
    assert.equal(faultOf({ ...cue, text: 'x'.repeat(501) }), 'cue-too-long')
  })

  it('are found by the moment; of two at once the later', () => {
    const list = keyed([
      { startSeconds: 1, endSeconds: 9, text: 'long' },
      { startSeconds: 3, endSeconds: 4, text: 'short' },
    ])
    assert.deepEqual(
      [0, 1, 3.5, 4, 9].map((seconds) => cueAt(list, seconds)?.text),
      [undefined, 'long', 'short', 'long', undefined],
    )
  })

  it('show their times as people write them', () => {
    assert.deepEqual([0.5, 64.5, 754, 3723.25].map(timeText), ['0:00.500', '1:04.500', '12:34.000', '1:02:03.250'])
  })
})

describe('the way back', () => {
  it('takes a run of changes as one step, and forward again until something else is done', () => {
    const word = history('')
    for (const text of ['a', 'ab', 'abc']) word.change(text, 'typing')
    word.pause()
    word.change('abcd', 'typing')
    assert.equal(word.canUndo.value, true)
    word.undo()
    assert.equal(word.present.value, 'abc')
    word.undo()
    assert.equal(word.present.value, '')
    word.undo()
    assert.equal(word.present.value, '')
    word.redo()
    assert.deepEqual([word.present.value, word.canRedo.value], ['abc', true])
    word.change('x')
    assert.equal(word.canRedo.value, false)
    word.reset('new')
    assert.deepEqual([word.present.value, word.canUndo.value], ['new', false])
  })
})

describe('the captions on the desk', () => {
  it('are opened where a step back or forth has changed one, and are as they were saved once all is undone', () => {
    const desk = cueSteps()
    desk.load([
      { startSeconds: 1, endSeconds: 2, text: 'One' },
      { startSeconds: 3, endSeconds: 4, text: 'Two' },
    ])
    const [one = -1, two = -1] = desk.cues.value.map(({ key }) => key)
    for (const text of ['Two!', 'Two!!']) desk.type(two, text)
    desk.remove(one)
    assert.deepEqual([desk.isChanged.value, desk.selected.value], [true, two])
    desk.undo()
    assert.equal(desk.selected.value, one)
    desk.undo()
    assert.deepEqual([desk.isChanged.value, desk.selected.value, desk.cues.value[1]?.text], [false, two, 'Two'])
    desk.redo()
    assert.deepEqual([desk.isChanged.value, desk.cues.value[1]?.text], [true, 'Two!!'])
    desk.type(two, ' ')
    assert.equal(desk.faults.value.get(two), 'no-words')
  })
})

describe('a caption file', () => {
  it('is read in whichever encoding it was saved', () => {
    assert.equal(captionText(new Uint8Array([0xc3, 0xa9])), 'é')
    assert.equal(captionText(new Uint8Array([0xe9, 0x6e])), 'én')
    assert.equal(captionText(new Uint8Array([0xff, 0xfe, 0xe9, 0x00])), 'é')
    assert.equal(captionText(new Uint8Array([0xfe, 0xff, 0x00, 0xe9])), 'é')
  })
})
