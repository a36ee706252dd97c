import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sorted } from './video-file.ts'

const file = (name: string, { type = '', size = 10 } = {}) => ({ name, type, size })

test('of several files the videos are taken in the order of their numbers, and the others are told with why', () => {
  const { taken, leftOut } = sorted([
    file('10 end.mp4'),
    file('sound.m4a', { type: 'audio/mp4' }),
    file('2 light.mov'),
    file('nothing.mp4', { size: 0 }),
    file('1 hello', { type: 'video/mp4' }),
  ])
  assert.deepEqual(
    taken.map(({ name }) => name),
    ['1 hello', '2 light.mov', '10 end.mp4'],
  )
  assert.deepEqual(leftOut, [
    { name: 'nothing.mp4', fault: 'empty' },
    { name: 'sound.m4a', fault: 'not-video' },
  ])
})
