import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diskWatch } from './disk-watch.ts'

/** A watch over a machine whose clock and disk are moved by hand; the answer is whether the next read would be left to a thread. */
const aWatch = () => {
  const machine = { now: 1000, blocks: 400 }
  const watch = diskWatch({ now: () => machine.now, blocksRead: () => machine.blocks })
  return (milliseconds: number, blocks: number): boolean => {
    machine.now += milliseconds
    machine.blocks += blocks
    watch.took(milliseconds)
    return watch.isSlow()
  }
}

test('a read from memory, or from a quick disk, is followed by another here and now', () => {
  const read = aWatch()
  assert.equal(read(0.2, 0), false)
  assert.equal(read(2, 2048), false)
})

test('a read that waited for a disk leaves the next ones to threads, for two seconds', () => {
  const read = aWatch()
  assert.equal(read(12, 2048), true)
  for (let passed = 0; passed < 1996; passed += 4) assert.equal(read(4, 2048), true)
  assert.equal(read(4, 0), false)
})

test('a read that only waited for the processor does not, unless nobody can wait that long for one', () => {
  const read = aWatch()
  assert.equal(read(12, 0), false)
  assert.equal(read(40, 0), true)
})
