import assert from 'node:assert/strict'
import { test } from 'node:test'
import { history } from './history.ts'

test('changes are taken back from the last to the first', async () => {
  const steps = history()
  const done: string[] = []
  const step = (name: 'order' | 'lesson') => ({ name, undo: async () => done.push(name) })
  steps.push(step('order'))
  steps.push(step('lesson'))
  assert.deepEqual([await steps.undo(), await steps.undo(), await steps.undo()], ['lesson', 'order', undefined])
  assert.deepEqual([done, steps.last.value], [['lesson', 'order'], undefined])
})

test('what the school refuses to take back is told as not done, and is not tried again', async () => {
  const steps = history()
  steps.push({ name: 'order', undo: async () => undefined })
  assert.equal(await steps.undo(), undefined)
  assert.equal(steps.last.value, undefined)
})

test('a second press waits for the first, and what is changed meanwhile is taken back later', async () => {
  const steps = history()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const done: string[] = []
  steps.push({ name: 'order', undo: async () => done.push('order') })
  steps.push({ name: 'lesson', undo: () => promise.then(() => done.push('lesson')) })
  const presses = [steps.undo(), steps.undo()]
  steps.push({ name: 'course', undo: async () => done.push('course') })
  assert.deepEqual(done, [])
  resolve(true)
  assert.deepEqual(await Promise.all(presses), ['lesson', 'order'])
  assert.equal(await steps.undo(), 'course')
  assert.deepEqual(done, ['lesson', 'order', 'course'])
})

test('one that broke off does not hold up the next, and a refused change is forgotten', async () => {
  const steps = history()
  const refused = { name: 'section' as const, undo: async () => true }
  steps.push({ name: 'order', undo: async () => true })
  steps.push({ name: 'lesson', undo: () => Promise.reject(new Error('no connection')) })
  steps.push(refused)
  steps.drop(refused)
  await assert.rejects(steps.undo(), /no connection/)
  assert.equal(await steps.undo(), 'order')
})
