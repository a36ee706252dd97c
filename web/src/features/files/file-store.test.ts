import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FilesDraft, FileUpload } from '#contract/files.ts'
import { lanes } from '../media/lanes.ts'
import { fileStore } from './file-store.ts'

const lesson = 'les_00000001'
const aFile = (name: string, size = 20): File => new File([new Uint8Array(size)], name)

/** A page that sends files to a school in memory; parts arrive when `arrive` is called. */
const aPage = ({ refuse }: { refuse?: Error } = {}) => {
  const [begun, removed, gates]: [string[], string[], (() => void)[]] = [[], [], []]
  const arrivals: FilesDraft[] = []
  const held = new Map<string, FileUpload>()
  const known = (file: string): FileUpload => held.get(file) ?? assert.fail(file)
  const store = fileStore({
    api: {
      async startUpload({ name, sizeBytes }) {
        if (refuse) throw refuse
        begun.push(name)
        const upload = { id: `fil_${name}`, lesson, name, sizeBytes, partBytes: 10, parts: 2, arrived: [] }
        held.set(upload.id, upload)
        return upload
      },
      upload: async ({ file }) => known(file),
      signParts: async ({ parts }) => ({ parts: parts.map((number) => ({ number, url: `part:${number}`, size: 10 })) }),
      finishUpload: async ({ file }) => {
        const { id, name, sizeBytes } = known(file)
        return { files: [{ id, name, sizeBytes, type: '' }], unfinished: [], maxBytes: 100 }
      },
      remove: async ({ file }) => {
        removed.push(file)
        return { files: [], unfinished: [], maxBytes: 100 }
      },
    },
    send: ({ signal }) =>
      new Promise((resolve) => {
        gates.push(() => resolve(200))
        signal.addEventListener('abort', () => resolve(0))
      }),
    ...{
      hash: async () => undefined,
      signOwn: () => Promise.reject(new Error('no keys')),
      lanes: lanes(4),
      wait: async () => undefined,
      random: () => 0,
      now: () => 0,
    },
    onArrival: (_, files) => arrivals.push(files),
  })
  const until = async (isTrue: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 1000 && !isTrue(); turn += 1) await new Promise(setImmediate)
    assert.ok(isTrue(), 'waited in vain')
  }
  const arrive = (): void => {
    for (const open of gates.splice(0)) open()
  }
  const job = () => [...store.jobs.values()][0]
  return { store, begun, removed, gates, arrivals, until, arrive, job }
}

describe('files on their way from a page', () => {
  it('several go at once, and each leaves the list when it has arrived', async () => {
    const page = aPage()
    page.store.send(lesson, [aFile('a/b.pdf'), aFile('c.pdf')])
    await page.until(() => page.gates.length === 4)
    assert.deepEqual(page.begun, ['a_b.pdf', 'c.pdf'])
    page.arrive()
    await page.until(() => page.arrivals.length === 2)
    assert.equal(page.store.jobs.size, 0)
  })

  it('one that is dropped again while it is on its way is sent once', async () => {
    const page = aPage()
    page.store.send(lesson, [aFile('a.pdf')])
    page.store.send(lesson, [aFile('a.pdf')])
    await page.until(() => page.gates.length === 2)
    assert.deepEqual(page.begun, ['a.pdf'])
  })

  it('one can be paused, taken up and given up', async () => {
    const page = aPage()
    page.store.send(lesson, [aFile('a.pdf')])
    await page.until(() => page.gates.length === 2)
    const key = page.job()?.key ?? 0
    page.store.pause(key)
    assert.equal(page.job()?.state.phase, 'paused')
    page.store.resume(key)
    await page.until(() => page.job()?.state.phase === 'sending')
    await page.store.cancel(key)
    assert.deepEqual([page.store.jobs.size, page.removed], [0, ['fil_a.pdf']])
    page.arrive()
    assert.deepEqual(page.arrivals, [])
  })

  it('one the school refuses stays, with why, until it is chosen again', async () => {
    const page = aPage({ refuse: Object.assign(new Error('The school’s disk is full.'), { status: 507, code: 'no-room' }) })
    page.store.send(lesson, [aFile('a.pdf')])
    await page.until(() => page.job()?.state.phase === 'failed')
    assert.equal(page.job()?.state.failure?.message, 'The school’s disk is full.')
    page.store.send(lesson, [aFile('a.pdf')])
    assert.equal(page.store.jobs.size, 1)
  })
})
