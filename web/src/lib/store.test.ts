import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aStorage } from './store.fixture.ts'
import { forgetMine, MINE, storeIn } from './store.ts'

test('what a page keeps outlives it', () => {
  const { storage } = aStorage()
  storeIn(() => storage).set('one', '1')
  const next = storeIn(() => storage)
  assert.equal(next.get('one'), '1')
  assert.deepEqual(next.keys(), ['one'])
  next.remove('one')
  assert.equal(storage.getItem('one'), null)
  assert.equal(next.get('one'), undefined)
})

test('with a full store the page remembers the newest by itself', () => {
  const { storage, fill } = aStorage()
  const store = storeIn(() => storage)
  store.set('one', 'old')
  fill(true)
  store.set('one', 'new')
  store.set('two', '2')
  assert.deepEqual([store.get('one'), store.get('two'), store.keys()], ['new', '2', ['one', 'two']])
  fill(false)
  store.set('one', 'newest')
  assert.deepEqual([store.get('one'), storage.getItem('one')], ['newest', 'newest'])
})

test('with no store at all nothing fails', () => {
  const store = storeIn(() => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  })
  assert.deepEqual([store.get('one'), store.keys()], [undefined, []])
  store.set('one', '1')
  assert.deepEqual([store.get('one'), store.keys()], ['1', ['one']])
  store.remove('one')
  assert.deepEqual([store.get('one'), store.keys()], [undefined, []])
})

test('what is somebody’s own goes with them, and what the browser is set to stays', () => {
  const store = storeIn(() => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  })
  store.set(`${MINE}gift`, 'for Marek')
  store.set('lectern.theme', 'dark')
  forgetMine(store)
  assert.deepEqual(store.keys(), ['lectern.theme'])
})
