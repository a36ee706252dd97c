import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BINDINGS, commandOf, keyOf } from './keys.ts'

const pressed = (key: string, more: { repeat?: boolean; ctrlKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...more,
})

test('a letter means the same in either case, and a digit names its tenth of the video', () => {
  assert.deepEqual(commandOf(pressed('F'), false), { action: 'fullScreen' })
  assert.deepEqual(commandOf(pressed('f'), false), { action: 'fullScreen' })
  assert.deepEqual(commandOf(pressed('7'), false), { action: 'tenth', tenth: 7 })
  assert.deepEqual(commandOf(pressed(' '), false), { action: 'toggle' })
})

test('keys by which a page scrolls are the player’s only while the focus is in it', () => {
  for (const key of ['ArrowUp', 'ArrowDown', 'Home', 'End']) {
    assert.equal(commandOf(pressed(key), false), undefined)
    assert.ok(commandOf(pressed(key), true), key)
  }
})

test('shortcuts of the browser are left alone, and a key that is held turns nothing on and off again', () => {
  assert.equal(commandOf(pressed('f', { ctrlKey: true }), true), undefined)
  assert.equal(commandOf(pressed('m', { repeat: true }), true), undefined)
  assert.deepEqual(commandOf(pressed('ArrowRight', { repeat: true }), true), { action: 'stepForward' })
})

test('no key means two things, and every label names a key that works', () => {
  const keys = BINDINGS.flatMap((binding) => binding.keys)
  assert.equal(new Set(keys).size, keys.length)
  assert.equal(keyOf('toggle'), 'K')
  assert.equal(keyOf('stepBack'), '←')
})
