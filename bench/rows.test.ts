import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { circumstances, writeResults } from './results.ts'
import { type Entry, isMissed, row } from './rows.ts'
import { table } from './table.ts'
import { best } from './usage.ts'

const wall = (ours: number, theirs = 100) => row({ name: 'video.wall', unit: 's', ours, yardstick: 'best single ffmpeg command', theirs, goal: 1.08 })
const skip: Entry = { name: 'video.six', yardstick: 'six processes', skipped: 'there is no ffmpeg on this machine' }

test('a ratio is ours divided by theirs', () => {
  assert.equal(wall(54, 50).ratio, 1.08)
  assert.equal(wall(1, 3).ratio, 0.3333)
})

test('two noughts are alike, and something beside nought is beyond every goal', () => {
  assert.equal(wall(0, 0).ratio, 1)
  assert.ok(isMissed(wall(1, 0)))
})

test('a goal is met up to its last hundredth and missed beyond', () => {
  assert.ok(!isMissed(wall(108)))
  assert.ok(isMissed(wall(108.1)))
})

test('a comparison without a goal, and a skipped one, cannot be missed', () => {
  assert.ok(!isMissed(row({ name: 'video.memory', unit: 'MB', ours: 900, yardstick: 'one', theirs: 100 })))
  assert.ok(!isMissed(skip))
})

test('the table says plainly what was missed, and why something was skipped', () => {
  const lines = table([wall(100), wall(120), skip]).split('\n')
  assert.equal(lines.filter((line) => line.includes('MISSED')).length, 1)
  assert.ok(lines.some((line) => line.startsWith('video.wall') && line.includes('1.2') && line.includes('≤ 1.08 MISSED')))
  assert.ok(lines.includes('skipped: video.six, beside six processes (there is no ffmpeg on this machine)'))
  assert.equal(lines.at(-1), '1 goal met, 1 missed, 1 skipped')
})

test('the results file holds every row and every skip, with what they were measured on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-bench-test-'))
  try {
    const path = join(folder, 'results.json')
    await writeResults(path, circumstances(new Date('2026-11-25T10:00:00Z'), '5.1'), [wall(120), skip])
    const read: unknown = JSON.parse(await readFile(path, 'utf8'))
    assert.partialDeepStrictEqual(read, {
      measuredOn: { at: '2026-11-25T10:00:00.000Z', ffmpeg: '5.1', node: process.version },
      rows: [{ name: 'video.wall', ours: 120, yardstick: 'best single ffmpeg command', theirs: 100, ratio: 1.2, goal: 1.08 }],
      skipped: [skip],
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('of several runs the least of each figure counts, and a figure nobody could take stays unknown', () => {
  assert.deepEqual(
    best([
      { wallSeconds: 9, cpuSeconds: 20 },
      { wallSeconds: 10, cpuSeconds: 18 },
    ]),
    { wallSeconds: 9, cpuSeconds: 18 },
  )
})
