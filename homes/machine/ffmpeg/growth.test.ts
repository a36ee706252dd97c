import assert from 'node:assert/strict'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { scratchFolder } from '../scratch.fixture.ts'
import { type Grown, growth } from './growth.ts'
import type { Piece } from './pieces.ts'
import { mediaPlaylist } from './playlists.ts'

const piece: Piece = {
  ...{ name: 'preview', kind: 'preview', copy: { from: '', streams: [], to: '', format: '', options: {} } },
  ...{ urgency: 'first', tracks: ['preview'], grows: true, weight: 1, limitSeconds: 1, limitBytes: 1 },
}

/** A worker's folder with two segments, and a store that fails as often as it is told to. */
const aGrowingPiece = async (test: TestContext, failures: number) => {
  const folder = await scratchFolder()
  test.after(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'preview'))
  await mkdir(join(folder, 'store'))
  for (const name of ['init.mp4', '00000.m4s', '00001.m4s']) await writeFile(join(folder, 'preview', name), name)
  await writeFile(join(folder, 'preview', 'index.m3u8'), mediaPlaylist([4, 4], { isWhole: false }))
  const [stored, errors]: [string[], unknown[]] = [[], []]
  let [left, next] = [failures, Promise.withResolvers<Grown | undefined>()]
  const grown = growth({
    piece,
    adopt: async ({ name, path }) => {
      left -= 1
      if (left >= 0) throw new Error('The disk is full.')
      await rename(path, join(folder, 'store', name.replace('/', '-')))
      stored.push(name)
    },
    onGrown: async (shown) => next.resolve(shown),
    onError: (error) => {
      errors.push(error)
      next.resolve(undefined)
    },
  })
  const look = async (): Promise<Grown | undefined> => {
    next = Promise.withResolvers()
    grown.look(folder)
    const answer = await next.promise
    // Calls while one is under way are one: the next is to be another.
    await new Promise(setImmediate)
    return answer
  }
  return { look, stored, errors }
}

test('a segment the store could not take is shown the next time somebody looks', async (test) => {
  const { look, stored, errors } = await aGrowingPiece(test, 1)
  assert.equal(await look(), undefined)
  assert.deepEqual(errors.map(String), ['Error: The disk is full.'])
  assert.deepEqual(await look(), { track: 'preview', seconds: [4, 4] })
  assert.deepEqual(stored, ['preview/init.mp4', 'preview/00000.m4s', 'preview/00001.m4s'])
})
