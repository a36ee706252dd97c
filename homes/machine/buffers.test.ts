import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dropIdleBuffers, IDLE_MS, inTurns, withBuffer } from './buffers.ts'

const MIB = 1024 * 1024

/** So many viewers who have begun and wait for one another. */
const together = async (viewers: number, size: number): Promise<Buffer[]> => {
  const lent: Buffer[] = []
  const { promise: all, resolve } = Promise.withResolvers<void>()
  const one = (): Promise<void> =>
    withBuffer(size, (buffer) => {
      lent.push(buffer)
      if (lent.length === viewers) resolve()
      return all
    })
  await Promise.all(Array.from({ length: viewers }, one))
  return lent
}

test('a thousand viewers at once hold little memory, and no two the same', async () => {
  const lent = await together(1000, 2 * MIB)
  const bytes = lent.reduce((sum, { length }) => sum + length, 0)
  assert.ok(bytes < 160 * MIB, `${bytes / MIB} MiB`)
  assert.equal(new Set(lent.map(({ buffer }) => buffer)).size, 1000)
})

test('a few viewers have large buffers, which the next ones use again', async () => {
  const [before, after] = [await together(5, 2 * MIB), await together(5, 2 * MIB)]
  assert.ok(after.every((buffer) => buffer.length === MIB && before.includes(buffer)))
})

test('a buffer that nobody needed for a minute is given back, one that is in use now and then is kept', async ({ mock }) => {
  mock.timers.enable({ apis: ['setInterval'] })
  dropIdleBuffers()
  const rush = await together(20, 2 * MIB)
  const few: Buffer[][] = []
  for (let minute = 0; minute < 5; minute += 1) {
    few.push(await together(3, 2 * MIB))
    mock.timers.tick(IDLE_MS)
  }
  assert.ok(few.flat().every((buffer) => rush.includes(buffer)))
  const next = await together(20, 2 * MIB)
  assert.equal(next.filter((buffer) => rush.includes(buffer)).length, 3)
})

test('what failed on its way out is not used again, and takes nobody’s place', async () => {
  const failed: Buffer[] = []
  for (let viewer = 0; viewer < 40; viewer += 1) {
    const leaving = withBuffer(2 * MIB, async (buffer) => {
      failed.push(buffer)
      throw new Error('The viewer has left.')
    })
    await assert.rejects(leaving, /has left/)
  }
  const lent = await together(32, 2 * MIB)
  assert.ok(lent.every((buffer) => buffer.length === MIB && !failed.includes(buffer)))
})

test('whoever takes long gives a large buffer back for a small one, and is lent a large one again when the line is good', async () => {
  let now = 0
  const sent: [at: number, bytes: number][] = []
  // One good turn, two on a line of half a megabyte a second, and then a good line again.
  const takesMs = [100, 2000, 250, 10, 10, 10]
  const turn = async (buffer: Buffer, at: number): Promise<void> => {
    now += takesMs[sent.length] ?? 0
    sent.push([at, buffer.length])
  }
  await inTurns({ start: 5, end: 5 + 4 * MIB, turn }, () => now)
  const pieces = sent.map(([, bytes]) => bytes)
  assert.deepEqual(pieces, [MIB, MIB, MIB / 8, MIB / 8, MIB, (3 * MIB) / 4 + 1])
  assert.deepEqual(
    sent.map(([at]) => at),
    pieces.map((_, turns) => pieces.slice(0, turns).reduce((sum, bytes) => sum + bytes, 5)),
  )
})
