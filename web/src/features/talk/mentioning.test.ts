import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameBegun, withName } from './mentioning.ts'

test('a name begun after an @ is found where the cursor stands, and no address is taken for one', () => {
  assert.deepEqual(nameBegun('Hi @Le', 6), { start: 3, begins: 'Le' })
  assert.deepEqual(nameBegun('Hi @Ann Le', 10), { start: 3, begins: 'Ann Le' })
  assert.equal(nameBegun('ann@example', 11), undefined)
  assert.equal(nameBegun('@Ann said\nthat', 14), undefined)
  assert.equal(nameBegun('@ann this is a long sentence', 28), undefined)
})

test('the name chosen takes the place of what was begun, and what follows stays', () => {
  assert.deepEqual(withName('Hi @Le there', { start: 3, end: 6, name: 'Lena Berg' }), { text: 'Hi @Lena Berg there', cursor: 14 })
})
