import assert from 'node:assert/strict'
import { test } from 'node:test'
import { history } from './history.ts'

test('changes are taken back from the last to the first, and taking one back is no change', async () => {
  const steps = history()
  const done: string[] = []
  const step = (name: 'order' | 'lesson') => ({
    name,
    undo: async () => {
      done.push(name)
      steps.push({ name: 'course', undo: async () => true })
      return true
    },
  })
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

test('while one is taken back no second is', async () => {
  const steps = history()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  steps.push({ name: 'order', undo: async () => true })
  steps.push({ name: 'lesson', undo: () => promise })
  const first = steps.undo()
  assert.equal(await steps.undo(), undefined)
  resolve(true)
  assert.equal(await first, 'lesson')
  assert.equal(steps.last.value, 'order')
})
