import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashOf } from './hash.ts'
import { MOST_ATTEMPTS } from './persistence.ts'
import type { UploadWorld } from './upload-world.ts'
import { Answer, aFile, anUpload, aStore, bytes } from './uploader.fixture.ts'

/** Repeats itself, and looks like chance. */
const dice = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

/** Time that passes only when everybody waits for it. */
const aTime = () => {
  const waiting: { at: number; wake(): void }[] = []
  let now = 0
  const pass = (milliseconds: number): Promise<void> => new Promise((wake) => waiting.push({ at: now + milliseconds, wake }))
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false
    const watched = work.finally(() => {
      isOver = true
    })
    while (!isOver) {
      // Long enough for every promise that is due to be followed.
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
      waiting.sort((a, b) => a.at - b.at)
      const next = waiting.shift()
      if (next) now = next.at
      next?.wake()
    }
    return watched
  }
  return { pass, run, now: () => now }
}

/** A line of so many bytes a second, shared by whoever sends, on which every request takes a while to be answered. */
const aSlowLine = (time: ReturnType<typeof aTime>, { bytesPerSecond, latencyMs }: { bytesPerSecond: number; latencyMs: number }) => {
  let freeAt = 0
  return async (size: number): Promise<void> => {
    freeAt = Math.max(freeAt, time.now() + latencyMs / 2) + (1000 * size) / bytesPerSecond
    await time.pass(freeAt - time.now() + latencyMs / 2)
  }
}

describe('uploading over a bad line', () => {
  it('forty parts arrive over a line that loses every fifth request and is dead for a while, none sent again once it had arrived', async () => {
    const chance = dice(7)
    const acknowledged: number[] = []
    let puts = 0
    const store = aStore(({ number }) => {
      puts += 1
      const isDead = puts > 30 && puts < 60
      if (isDead || chance() < 0.2) return chance() < 0.5 ? 0 : 503
      acknowledged.push(number)
      return undefined
    })
    const flaky = <I, O>(call: (input: I) => Promise<O>) => {
      return async (input: I): Promise<O> => (chance() < 0.2 ? Promise.reject(new TypeError('Failed to fetch')) : call(input))
    }
    const { startUpload, signParts, finishUpload, ...rest } = store.world.api
    const api = { ...rest, startUpload: flaky(startUpload), signParts: flaky(signParts), finishUpload: flaky(finishUpload) }
    const { upload } = anUpload(aFile(397), { ...store.world, api })
    await upload.run()
    assert.equal(upload.state().phase, 'done')
    assert.deepEqual(store.content(), [...bytes(397)])
    assert.equal(acknowledged.length, 40)
    assert.equal(new Set(acknowledged).size, 40)
  })

  it('a server that is away until its patience ends is gone on with by hand, from where it was', async () => {
    let isUp = true
    const store = aStore(() => (isUp ? undefined : 0))
    const api: UploadWorld['api'] = {
      ...store.world.api,
      signParts: (input) => (isUp ? store.world.api.signParts(input) : Promise.reject(new TypeError('Failed to fetch'))),
    }
    const send: UploadWorld['send'] = (part) => {
      if (store.held.size >= 10) isUp = false
      return store.world.send(part)
    }
    const { upload } = anUpload(aFile(400), { ...store.world, api, send })
    await upload.run()
    assert.deepEqual([upload.state().phase, upload.state().failure?.kind], ['failed', 'network'])
    const arrived = [...store.held.keys()]
    store.puts.length = 0
    isUp = true
    await anUpload(aFile(400), store.world).upload.run()
    assert.deepEqual(store.content(), [...bytes(400)])
    assert.deepEqual(
      arrived.filter((part) => store.puts.includes(part)),
      [],
    )
  })

  it('a line with 200 ms to every answer is kept full, signing included', async () => {
    const time = aTime()
    const bytesPerSecond = 100
    const answer =
      <I, O>(call: (input: I) => Promise<O>) =>
      async (input: I) =>
        time.pass(200).then(() => call(input))
    const line = aSlowLine(time, { bytesPerSecond, latencyMs: 200 })
    const store = aStore()
    const { startUpload, signParts, finishUpload, ...rest } = store.world.api
    const api = { ...rest, startUpload: answer(startUpload), signParts: answer(signParts), finishUpload: answer(finishUpload) }
    const send: UploadWorld['send'] = (part) => line(part.body.size).then(() => store.world.send(part))
    const { upload } = anUpload(aFile(1000), { ...store.world, api, send })
    await time.run(upload.run())
    assert.deepEqual(store.content(), [...bytes(1000)])
    // To begin, to sign the first parts, to answer the last and to finish takes a while on any line.
    const [ideal, fixed] = [(1000 * 1000) / bytesPerSecond, 4 * 200]
    assert.ok(time.now() <= (ideal + fixed) * 1.02, `${time.now()} ms, where ${ideal + fixed} are needed`)
  })

  it('what arrives damaged is hashed and sent anew, until it is given up', async () => {
    const store = aStore(({ number, attempt }) => (number === 3 && attempt < 3 ? 400 : undefined))
    const { upload, states } = anUpload(aFile(50), store.world)
    await upload.run()
    assert.deepEqual(store.content(), [...bytes(50)])
    assert.deepEqual(store.waits, [500, 1000])
    assert.ok(states.some((state) => state.isRetrying))
    const hopeless = aStore(({ number }) => (number === 3 ? 400 : undefined))
    const given = anUpload(aFile(50), hopeless.world).upload
    await given.run()
    assert.deepEqual(given.state().failure, { kind: 'refused', message: 'HTTP 400' })
    assert.equal(hopeless.puts.filter((put) => put === 3).length, MOST_ATTEMPTS)
  })

  it('every part is signed with the hash of its bytes', async () => {
    const urls = new Map<number, string>()
    const store = aStore(({ number, url }) => {
      urls.set(number, url)
      return undefined
    })
    const hash = async (part: Blob): Promise<string> => [...new Uint8Array(await part.arrayBuffer())].join('-')
    await anUpload(aFile(25), { ...store.world, hash }).upload.run()
    const wanted = [0, 10, 20].map((start) => [...bytes(25)].slice(start, start + 10).join('-'))
    assert.deepEqual(
      [1, 2, 3].map((number) => urls.get(number)?.split(':')[2]),
      wanted,
    )
    assert.equal(await hashOf(new Blob(['x'])), undefined, 'a page that is no secure context has no hashes to give')
  })

  it('a file that is taken away while it is hashed is told from a broken connection', async () => {
    const store = aStore()
    const { upload } = anUpload(aFile(40), { ...store.world, hash: () => Promise.reject(new DOMException('gone', 'NotReadableError')) })
    await upload.run()
    assert.equal(upload.state().failure?.kind, 'unreadable')
    assert.deepEqual(store.puts, [])
  })

  it('a school without room says so at once, and is not asked again and again', async () => {
    const store = aStore()
    const refusal = new Answer('no-room', 507, 'This file needs about 12.5 GB.')
    const { upload } = anUpload(aFile(20), { ...store.world, api: { ...store.world.api, startUpload: () => Promise.reject(refusal) } })
    await upload.run()
    assert.deepEqual(upload.state().failure, { kind: 'refused', message: 'This file needs about 12.5 GB.' })
    assert.deepEqual([store.puts, store.waits], [[], []])
  })
})
