import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MOST_ATTEMPTS } from './persistence.ts'
import { Answer, aFile, anUpload, aStore, bytes, until } from './uploader.fixture.ts'

describe('uploading a video', () => {
  it('a file arrives whole, several parts at a time but never more than four', async () => {
    const store = aStore(() => new Promise((resolve) => setImmediate(() => resolve(undefined))))
    const { upload } = anUpload(aFile(117), store.world)
    await upload.run()
    assert.equal(upload.state().phase, 'done')
    assert.deepEqual(store.content(), [...bytes(117)])
    assert.equal(store.mostAtOnce(), 4)
    assert.equal(store.puts.length, 12)
  })

  it('several uploads share the four lanes', async () => {
    const first = aStore(() => new Promise((resolve) => setImmediate(() => resolve(undefined))))
    const second = aStore()
    const one = anUpload(aFile(95), first.world).upload
    const two = anUpload(aFile(95), { ...second.world, send: first.world.send, lanes: first.world.lanes, api: first.world.api }).upload
    await Promise.all([one.run(), two.run()])
    assert.equal(first.mostAtOnce(), 4)
  })

  it('progress rises to the size of the file and never beyond it', async () => {
    const store = aStore()
    const { upload, states } = anUpload(aFile(64), store.world)
    await upload.run()
    const sent = states.filter((state) => state.phase === 'sending').map((state) => state.sentBytes)
    assert.deepEqual(
      sent,
      sent.toSorted((a, b) => a - b),
    )
    assert.equal(sent.at(-1), 64)
    assert.ok(sent.some((value) => value > 0 && value < 64))
  })

  it('a part lost on the way is sent again, after waiting longer each time', async () => {
    const store = aStore(({ number, attempt }) => (number === 2 && attempt < 4 ? [0, 503, 500][attempt - 1] : undefined))
    const { upload, states } = anUpload(aFile(30), store.world)
    await upload.run()
    assert.deepEqual(store.content(), [...bytes(30)])
    assert.deepEqual(store.waits, [500, 1000, 2000])
    assert.ok(states.some((state) => state.isRetrying))
    assert.equal(upload.state().isRetrying, false)
  })

  it('URLs that have grown too old are signed anew', async () => {
    const store = aStore(({ url }) => (url.endsWith(':1') ? 403 : undefined))
    const { upload } = anUpload(aFile(50), store.world)
    await upload.run()
    assert.equal(upload.state().phase, 'done')
    assert.deepEqual(store.waits, [])
    assert.ok(store.calls.filter((call) => call.startsWith('sign')).length <= 4, 'each batch twice')
  })

  it('a connection that stays away ends in a failure one can go on from, and nothing is sent twice', async () => {
    const broken = new Set([3])
    const store = aStore(({ number }) => (broken.has(number) ? 0 : undefined))
    const { upload } = anUpload(aFile(60), store.world)
    await upload.run()
    assert.equal(upload.state().phase, 'failed')
    assert.equal(upload.state().failure?.kind, 'network')
    assert.equal(store.puts.filter((put) => put === 3).length, MOST_ATTEMPTS)
    broken.clear()
    await upload.run()
    assert.equal(upload.state().phase, 'done')
    assert.equal(upload.state().failure, undefined)
    assert.deepEqual(store.content(), [...bytes(60)])
    for (const part of [1, 2, 4]) assert.equal(store.puts.filter((put) => put === part).length, 1)
  })

  it('after a reload only what had not arrived is sent', async () => {
    const store = aStore()
    await store.world.api.startUpload({ lesson: 'les_00000001', fileName: 'lesson.mp4', sizeBytes: 45, type: 'video/mp4' })
    for (const part of [1, 2, 4]) store.held.set(part, bytes(45).slice((part - 1) * 10, part * 10))
    const { upload, states } = anUpload(aFile(45), store.world)
    await upload.run()
    assert.deepEqual(store.puts.toSorted(), [3, 5])
    assert.deepEqual(store.content(), [...bytes(45)])
    assert.equal(states.find((state) => state.phase === 'sending' && state.sentBytes > 0)?.sentBytes, 30)
  })

  it('a paused upload sends nothing until it is resumed', async () => {
    const gate = Promise.withResolvers<undefined>()
    const store = aStore(() => gate.promise)
    const { upload } = anUpload(aFile(90), store.world)
    const run = upload.run()
    await until(() => store.puts.length === 4)
    upload.pause()
    gate.resolve(undefined)
    await run
    assert.equal(upload.state().phase, 'paused')
    assert.equal(upload.state().sentBytes, 0)
    assert.equal(store.puts.length, 4)
    await upload.run()
    assert.equal(upload.state().phase, 'done')
    assert.deepEqual(store.content(), [...bytes(90)])
  })

  it('a cancelled upload is given up at the school too', async () => {
    const gate = Promise.withResolvers<undefined>()
    const store = aStore(() => gate.promise)
    const { upload } = anUpload(aFile(90), store.world)
    const run = upload.run()
    await until(() => store.puts.length === 4)
    await upload.cancel()
    gate.resolve(undefined)
    await run
    assert.equal(upload.state().phase, 'cancelled')
    assert.equal(store.calls.at(-1), 'cancel')
  })

  it('one cancelled while it is still being begun is given up as well', async () => {
    const store = aStore()
    const gate = Promise.withResolvers<void>()
    const { startUpload } = store.world.api
    const api = { ...store.world.api, startUpload: (input: Parameters<typeof startUpload>[0]) => gate.promise.then(() => startUpload(input)) }
    const { upload } = anUpload(aFile(90), { ...store.world, api })
    const run = upload.run()
    await upload.cancel()
    gate.resolve()
    await run
    assert.deepEqual(store.calls, ['start', 'cancel'])
    assert.deepEqual(store.puts, [])
  })

  it('what the school refuses is said in its words, and no byte is sent', async () => {
    const store = aStore()
    const refusal = new Answer('too-large', 413, 'A video may have at most 20 GB.')
    const { upload } = anUpload(aFile(20), { ...store.world, api: { ...store.world.api, startUpload: () => Promise.reject(refusal) } })
    await upload.run()
    assert.deepEqual(upload.state().failure, { kind: 'unusable', message: 'A video may have at most 20 GB.' })
    assert.deepEqual(store.puts, [])
    assert.deepEqual(store.waits, [])
  })

  it('a course that is being edited at the same moment does not stop it', async () => {
    const store = aStore()
    const { startUpload } = store.world.api
    const conflicts = [new Answer('conflict', 409, 'Changed meanwhile.'), new Answer('conflict', 409, 'Changed meanwhile.')]
    const api = {
      ...store.world.api,
      startUpload: async (input: Parameters<typeof startUpload>[0]) => {
        const conflict = conflicts.shift()
        if (conflict) throw conflict
        return startUpload(input)
      },
    }
    const { upload } = anUpload(aFile(20), { ...store.world, api })
    await upload.run()
    assert.equal(upload.state().phase, 'done')
    assert.equal(store.waits.length, 2)
  })

  it('parts that the school has lost are sent once more before it is finished', async () => {
    const store = aStore()
    const lose = { armed: true }
    const api = {
      ...store.world.api,
      finishUpload: (input: { upload: string }) => {
        if (lose.armed) store.held.delete(2)
        lose.armed = false
        return store.world.api.finishUpload(input)
      },
    }
    const { upload } = anUpload(aFile(40), { ...store.world, api })
    await upload.run()
    assert.equal(upload.state().phase, 'done')
    assert.deepEqual(store.content(), [...bytes(40)])
    assert.equal(store.puts.filter((put) => put === 2).length, 2)
  })

  it('a finish whose answer was lost still counts', async () => {
    const store = aStore()
    const api = {
      ...store.world.api,
      finishUpload: async (input: { upload: string }) => {
        if (store.calls.includes('finish')) throw new Answer('not-found', 404, 'There is no such upload.')
        await store.world.api.finishUpload(input)
        throw new TypeError('Failed to fetch')
      },
    }
    const { upload } = anUpload(aFile(40), { ...store.world, api })
    await upload.run()
    assert.equal(upload.state().phase, 'done')
    assert.equal(upload.state().result?.state, 'uploaded')
  })

  it('a file that can no longer be read is told from a broken connection', async () => {
    const store = aStore(() => 0)
    const file = Object.assign(aFile(40), {
      slice: () => Object.assign(new Blob(['x']), { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
    })
    const { upload } = anUpload(file, { ...store.world, send: async () => 0 })
    await upload.run()
    assert.equal(upload.state().failure?.kind, 'unreadable')
  })
})
