import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { appendFile, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { KEY, openStore, PART_BYTES, PARTS, partOf, sendPart } from './joining.fixture.ts'
import { scratchFolder } from './scratch.fixture.ts'

const all = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const type = 'video/mp4'

/** A store in a folder of its own, and what lies on its disk. */
const aDisk = async () => {
  const folder = await scratchFolder()
  const blobs = join(folder, 'blobs')
  // A file may go between its name and its size.
  const files = async (): Promise<{ path: string; size: number }[]> =>
    (await readdir(blobs)).flatMap((name) => {
      const path = join(blobs, name)
      const found = statSync(path, { throwIfNoEntry: false })
      return found ? [{ path, size: found.size }] : []
    })
  return { folder, files, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Resolves once `look` finds something. */
const eventually = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const end = performance.now() + 20_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`)
    await new Promise(setImmediate)
  }
}

const one = (files: { path: string; size: number }[], size: number) => (files.length === 1 && files[0]?.size === size ? files[0] : undefined)

test('parts become one file while they arrive, whatever their order, so that nothing lies on the disk twice', async () => {
  const { folder, files, remove } = await aDisk()
  const store = await openStore(folder)
  const upload = await store.startUpload(KEY, { type })
  for (const number of [2, 3, 1]) await sendPart(store, upload, number)
  await eventually('three parts in one file', async () => one(await files(), 3 * PART_BYTES))
  await sendPart(store, upload, 5)
  assert.equal((await files()).length, 2, 'the fifth waits for the fourth')
  await sendPart(store, upload, 4)
  const { path } = await eventually('five parts in one file', async () => one(await files(), 5 * PART_BYTES))
  await store.finishUpload(KEY, upload, 5)
  assert.equal(store.locate(KEY)?.path, path, 'finishing copies nothing')
  assert.equal(digest(await readFile(path)), digest(Buffer.concat(all(5).map(partOf))))
  await store.close()
  await remove()
})

test('bytes that were appended and not recorded when the power went are cut off again', async () => {
  const { folder, files, remove } = await aDisk()
  const before = await openStore(folder)
  const upload = await before.startUpload(KEY, { type })
  for (const number of all(3)) await sendPart(before, upload, number)
  const { path } = await eventually('three parts in one file', async () => one(await files(), 3 * PART_BYTES))
  await before.close()
  await appendFile(path, Buffer.alloc(PART_BYTES / 2, 'half of a part'))
  const after = await openStore(folder)
  await sendPart(after, upload, 4)
  await after.finishUpload(KEY, upload, 4)
  assert.equal(digest((await after.get(KEY))?.bytes ?? Buffer.alloc(0)), digest(Buffer.concat(all(4).map(partOf))))
  await after.close()
  await remove()
})

test('a joined file that has lost recorded bytes is a fault, never a video with a hole', async () => {
  const { folder, files, remove } = await aDisk()
  const store = await openStore(folder)
  const upload = await store.startUpload(KEY, { type })
  for (const number of all(2)) await sendPart(store, upload, number)
  await eventually('two parts in one file', async () => one(await files(), 2 * PART_BYTES))
  const database = new DatabaseSync(join(folder, 'objects.sqlite'))
  database.exec('UPDATE joins SET bytes = bytes + 1000')
  database.close()
  await assert.rejects(store.finishUpload(KEY, upload, 2), /shorter than what it should hold/)
  await store.close()
  await remove()
})

test('killed again and again while parts arrive, the store keeps every part it acknowledged and joins them right', async () => {
  const { folder, files, remove } = await aDisk()
  const first = await openStore(folder)
  const upload = await first.startUpload(KEY, { type })
  await first.close()
  const acknowledged = new Set<number>()
  for (const after of [3, 5, 2, 7, 4, 6]) {
    const child = fork(join(import.meta.dirname, 'joining.fixture.ts'), [folder, upload])
    let told = 0
    child.on('message', (number) => {
      acknowledged.add(Number(number))
      told += 1
      if (told === after) child.kill('SIGKILL')
    })
    await once(child, 'exit')
  }
  const store = await openStore(folder)
  const arrived = new Set((await store.listParts(KEY, upload)).map(({ number }) => number))
  assert.deepEqual(
    [...acknowledged].filter((number) => !arrived.has(number)),
    [],
  )
  assert.ok(arrived.size < PARTS, 'there was something left to send')
  for (const number of all(PARTS)) if (!arrived.has(number)) assert.equal(await sendPart(store, upload, number), 200)
  const { size } = await store.finishUpload(KEY, upload, PARTS)
  assert.equal(size, PARTS * PART_BYTES)
  assert.equal(digest((await store.get(KEY))?.bytes ?? Buffer.alloc(0)), digest(Buffer.concat(all(PARTS).map(partOf))))
  assert.ok((await files()).some((file) => file.size === size))
  await store.close()
  await remove()
})
