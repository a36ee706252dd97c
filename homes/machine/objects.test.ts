import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { objectsLaws } from '#ports/objects.laws.ts'
import { openBlobs } from './blobs.ts'
import { type MachineObjects, objects as openObjects } from './objects.ts'
import { aClock, scratchFolder } from './scratch.fixture.ts'

const url = 'http://localhost:4600'
const type = 'text/plain'
const DAY_MS = 24 * 3600_000

const aStore = async () => {
  const folder = await scratchFolder()
  const clock = aClock()
  const open = (): Promise<MachineObjects> => openObjects({ folder, url, clock })
  const objects = await open()
  return {
    folder,
    objects,
    open,
    clock,
    pass: clock.pass,
    blobs: () => readdir(join(folder, 'blobs')),
    send: async (target: string, body: Uint8Array) => (await objects.receivePart(new URL(target), Readable.from([Buffer.from(body)]))).status,
    async close() {
      await objects.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

objectsLaws('machine', aStore)

test('objects, uploads and signed part URLs outlive a restart', async () => {
  const { objects, open, close } = await aStore()
  const meta = await objects.put('a', 'text', { type })
  const upload = await objects.startUpload('b', { type })
  const partUrl = await objects.signPart({ key: 'b', upload, number: 1, size: 4 }, 60)
  const after = await open()
  assert.deepEqual(await after.head('a'), meta)
  assert.equal((await after.receivePart(new URL(partUrl), Readable.from([Buffer.from('part')]))).status, 200)
  assert.equal((await after.finishUpload('b', upload, 1)).size, 4)
  await after.close()
  await close()
})

test('what is replaced, removed, joined or cancelled leaves no file behind', async () => {
  const { objects, send, blobs, close } = await aStore()
  for (let round = 0; round < 3; round += 1) await objects.put('a', `text ${round}`, { type })
  await objects.put('b', 'x', { type })
  await objects.remove('b')
  const upload = await objects.startUpload('c', { type })
  for (const body of ['one', 'two']) await send(await objects.signPart({ key: 'c', upload, number: 1, size: 3 }, 60), Buffer.from(body))
  await objects.finishUpload('c', upload, 1)
  const given = await objects.startUpload('d', { type })
  const target = await objects.signPart({ key: 'd', upload: given, number: 1, size: 3 }, 60)
  assert.deepEqual([await send(target, Buffer.from('long')), await send(target, Buffer.from('s')), await send(target, Buffer.from('one'))], [413, 400, 200])
  await objects.cancelUpload('d', given)
  assert.equal((await blobs()).length, 2)
  await close()
})

test('a sender who leaves in the middle of a part, or a store that cancels it meanwhile, leaves nothing', async () => {
  const { objects, blobs, close } = await aStore()
  const upload = await objects.startUpload('a', { type })
  const target = new URL(await objects.signPart({ key: 'a', upload, number: 1, size: 10 }, 60))
  const leaving = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('half')
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
  }
  assert.deepEqual(await objects.receivePart(target, Readable.from(leaving())), { status: 400 })
  const cancelling = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('first')
    await objects.cancelUpload('a', upload)
    yield Buffer.from('later')
  }
  assert.deepEqual(await objects.receivePart(target, Readable.from(cancelling())), { status: 404 })
  assert.deepEqual(await blobs(), [])
  await close()
})

test('a sender who sends too much can still be told so', async () => {
  const { objects, close } = await aStore()
  const upload = await objects.startUpload('a', { type })
  const body = Readable.from([Buffer.from('123'), Buffer.from('456'), Buffer.from('789')])
  const answer = await objects.receivePart(new URL(await objects.signPart({ key: 'a', upload, number: 1, size: 5 }, 60)), body)
  assert.deepEqual([answer.status, body.destroyed], [413, false])
  await close()
})

test('a finished file is taken over without a copy, and found by its path', async () => {
  const { folder, objects, blobs, close } = await aStore()
  const file = join(folder, 'made.m4s')
  await writeFile(file, 'segment')
  const meta = await objects.adopt('media/vid_a/1.m4s', file, { type: 'video/iso.segment', cacheControl: 'no-cache' })
  const { path, ...located } = objects.locate('media/vid_a/1.m4s') ?? assert.fail('it is there')
  assert.deepEqual(located, meta)
  assert.deepEqual([(await blobs()).length, path.startsWith(join(folder, 'blobs'))], [1, true])
  assert.equal((await readdir(folder)).includes('made.m4s'), false)
  assert.equal(Buffer.from((await objects.get('media/vid_a/1.m4s'))?.bytes ?? []).toString(), 'segment')
  assert.equal(objects.locate('media/vid_a/2.m4s'), undefined)
  await close()
})

test('the sweep takes away what a crash left and uploads nobody went on with, and nothing else', async () => {
  const { folder, objects, send, blobs, clock, close } = await aStore()
  // Files bear the time of the machine, and the store its own: both are set to now.
  clock.pass(Date.now() - clock.now().getTime())
  await objects.put('a', 'kept', { type })
  const begun = await objects.startUpload('b', { type })
  await send(await objects.signPart({ key: 'b', upload: begun, number: 1, size: 1 }, 60), Buffer.from('x'))
  await writeFile(join(folder, 'blobs', 'orphan'), 'half an object')
  assert.equal(await objects.sweep(), 0, 'what is young may still be on its way')
  clock.pass(2 * DAY_MS)
  assert.equal(await objects.sweep(), 1)
  assert.equal((await blobs()).includes('orphan'), false)
  clock.pass(10 * DAY_MS)
  assert.equal(await objects.sweep(), 1)
  assert.deepEqual(await objects.listParts('b', begun), [])
  assert.equal((await blobs()).length, 1)
  assert.equal(Buffer.from((await objects.get('a'))?.bytes ?? []).toString(), 'kept')
  await close()
})

test('a file that somebody else removes while the sweep looks keeps it from no other', async () => {
  const folder = await scratchFolder()
  const blobs = await openBlobs(folder)
  for (const name of ['one', 'two', 'three']) await writeFile(join(folder, name), name)
  const removing = (name: string): boolean => {
    if (name === 'two') rmSync(join(folder, name))
    return false
  }
  assert.equal(await blobs.sweep(removing, new Date(Date.now() + DAY_MS)), 2)
  assert.deepEqual(await readdir(folder), [])
  await rm(folder, { recursive: true })
})

test('the sweep spares an upload as long as its parts keep arriving, also one that arrives again, however long ago it began', async () => {
  const { objects, send, clock, close } = await aStore()
  const upload = await objects.startUpload('b', { type })
  // Without a first part nothing is joined meanwhile, whose files bear the machine's time.
  for (const number of [2, 3, 3]) {
    clock.pass(6 * DAY_MS)
    assert.equal(await send(await objects.signPart({ key: 'b', upload, number, size: 1 }, 60), Buffer.from('x')), 200)
    await objects.sweep()
  }
  clock.pass(6 * DAY_MS)
  await objects.sweep()
  assert.equal((await objects.listParts('b', upload)).length, 2)
  clock.pass(2 * DAY_MS)
  await objects.sweep()
  assert.deepEqual(await objects.listParts('b', upload), [])
  await close()
})

test('a file cut short is a fault, never half an object', async () => {
  const { objects, close } = await aStore()
  await objects.put('a', 'whole text', { type })
  await writeFile(objects.locate('a')?.path ?? '', 'half')
  await assert.rejects(objects.range('a', 0, 9), /shorter than its object/)
  await assert.rejects(objects.get('a'), /shorter than its object/)
  await close()
})
