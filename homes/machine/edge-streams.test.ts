import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { open, readdir, readlink } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { anotherForA, codeOf, folder, forA, port, schoolFolder, store, watch } from './edge.fixture.ts'
import { collector } from './heap.ts'

const eventually = async (holds: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline) assert.fail(`It never came to be that ${what}.`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Adopts a file of that many bytes which takes no room on the disk. */
const large = async (name: string, bytes: number): Promise<void> => {
  const path = join(folder, 'large.tmp')
  const file = await open(path, 'w')
  await file.truncate(bytes)
  await file.close()
  await store.adopt(name, path, { type: 'video/mp4' })
}

const collect = collector()

/** Bytes of buffers that something still holds: what nobody holds any more is collected first. */
const heldBytes = (): number => {
  collect()
  return process.memoryUsage().arrayBuffers
}

/** Asks for an object and goes away at its first bytes. */
const leave = async (path: string): Promise<void> => {
  const cookie = await anotherForA()
  await new Promise<void>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers: { cookie } }, (response) => {
      response.once('data', () => response.destroy())
      response.on('close', resolve).on('error', () => {})
    })
    sent.on('error', reject).end()
  })
}

test('a large file is streamed, not gathered in memory', async () => {
  const size = 256 * 1024 * 1024
  await large('media/vid_a/large.mp4', size)
  const before = process.memoryUsage().rss
  let [received, most] = [0, 0]
  await new Promise<void>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/media/vid_a/large.mp4', headers: { cookie: forA } }, (response) => {
      response.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received % (4 * 1024 * 1024) < chunk.length) most = Math.max(most, process.memoryUsage.rss())
      })
      response.on('end', resolve).on('error', reject)
    })
    sent.on('error', reject).end()
  })
  assert.equal(received, size)
  assert.ok(most > before && most - before < 128 * 1024 * 1024, `grew by ${Math.round((most - before) / 1024 / 1024)} MiB`)
})

test('a hundred viewers who take nothing more hold a small piece each', async () => {
  await large('media/vid_a/held.mp4', 64 * 1024 * 1024)
  const cookies: string[] = []
  for (let viewer = 0; viewer < 100; viewer += 1) cookies.push(await anotherForA())
  const before = heldBytes()
  const stopping = cookies.map((cookie) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sent = request({ host: '127.0.0.1', port, path: '/media/vid_a/held.mp4', headers: { cookie } }, (response) => {
      assert.equal(response.statusCode, 200)
      response.once('data', () => resolve(response.pause()))
      response.on('error', () => {})
    })
    sent.on('error', reject).end()
    return promise
  })
  const stopped = await Promise.all(stopping)
  try {
    assert.equal((await watch('/media/vid_a/master.m3u8')).status, 200)
    const held = heldBytes() - before
    // 32 large buffers, 68 small ones, and what the hundred sockets of this process have received; with a large one each it is 128 MiB.
    assert.ok(held < 88 * 1024 * 1024, `${Math.round(held / 1024 / 1024)} MiB`)
  } finally {
    for (const response of stopped) response.destroy()
  }
})

test('many viewers at once, some of whom leave, each get the very bytes they asked for', async () => {
  const films = await Promise.all(
    [1, 2, 3, 4].map(async (number) => {
      const bytes = randomBytes(5 * 1024 * 1024 + number)
      await store.put(`media/vid_a/film-${number}.mp4`, bytes, { type: 'video/mp4' })
      return { path: `/media/vid_a/film-${number}.mp4`, bytes }
    }),
  )
  const stay = async ({ path, bytes }: { path: string; bytes: Buffer }): Promise<void> => {
    const cookie = await anotherForA()
    assert.ok((await watch(path, { cookie })).body.equals(bytes), path)
    assert.ok((await watch(path, { cookie, range: 'bytes=1000000-4000000' })).body.equals(bytes.subarray(1_000_000, 4_000_001)), path)
  }
  await Promise.all([...films, ...films, ...films].flatMap((film, turn) => [stay(film), ...(turn % 2 ? [leave(film.path)] : [])]))
})

test('viewers who leave in the middle leave no file open', { skip: process.platform !== 'linux' && 'counts open files in /proc' }, async () => {
  const openBlobs = async (): Promise<number> => {
    const targets = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
    return targets.filter((target) => target.startsWith(join(schoolFolder, 'blobs'))).length
  }
  await Promise.all(Array.from({ length: 20 }, () => leave('/media/vid_a/large.mp4')))
  await eventually(async () => (await openBlobs()) === 0, 'all files were closed')
  assert.equal((await watch('/media/vid_a/master.m3u8')).status, 200)
})

test('a viewer keeps receiving what was there when an object is replaced or removed', async () => {
  await large('media/vid_a/replaced.mp4', 8 * 1024 * 1024)
  const received = await new Promise<number>((resolve, reject) => {
    let bytes = 0
    const sent = request({ host: '127.0.0.1', port, path: '/media/vid_a/replaced.mp4', headers: { cookie: forA } }, (response) => {
      response.once('data', () => store.remove('media/vid_a/replaced.mp4'))
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', () => resolve(bytes)).on('error', reject)
    })
    sent.on('error', reject).end()
  })
  assert.equal(received, 8 * 1024 * 1024)
  assert.equal(codeOf(await watch('/media/vid_a/replaced.mp4')), 'AccessDenied')
})
