import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Upload, Video } from '#contract/media.ts'
import type { FileHandles } from './file-handles.ts'
import { lanes } from './lanes.ts'
import { unfinishedUploads } from './unfinished.ts'
import { uploadStore } from './upload-store.ts'
import { aVideo } from './video.fixture.ts'

const lesson = { id: 'les_00000001', title: 'Window light', course: 'crs_00000001' }
const aFile = (name: string, type = 'video/mp4', size = 20): File => new File([new Uint8Array(size)], name, { type, lastModified: 1 })

/** What a browser keeps to open files with; `lose` is the file being moved, or the person saying no. */
const aDrawer = (): FileHandles & { lose(): void } => {
  const files = new Map<string, File>()
  return {
    keep: async (id, file) => void files.set(id, file),
    drop: async (id) => void files.delete(id),
    lessons: async () => [...files.keys()],
    reopen: async (id) => files.get(id),
    lose: () => files.clear(),
  }
}

/** A page on which uploads run, in a browser whose storage outlives it; parts arrive when `arrive` is called. */
const aPage = (kept = new Map<string, string>(), { finish, handles = aDrawer() }: { finish?: () => Promise<Video>; handles?: FileHandles } = {}) => {
  const begun: string[] = []
  const cancelled: string[] = []
  const gates: (() => void)[] = []
  const upload = (fileName: string): Upload => ({
    id: `upl_${fileName}`,
    video: 'vid_00000001',
    lesson: lesson.id,
    fileName,
    sizeBytes: 20,
    partBytes: 10,
    parts: 2,
    arrived: [],
  })
  const done: Video = aVideo({ state: 'uploaded' })
  const store = uploadStore({
    api: {
      startUpload: async ({ fileName }) => {
        begun.push(fileName)
        return upload(fileName)
      },
      upload: async () => upload('a.mp4'),
      signParts: async ({ parts }) => ({ parts: parts.map((number) => ({ number, url: `part:${number}`, size: 10 })) }),
      finishUpload: finish ?? (async () => done),
      cancelUpload: async ({ upload: id }) => cancelled.push(id),
      video: async () => done,
    },
    send: () => new Promise((resolve) => gates.push(() => resolve(200))),
    hash: async () => undefined,
    signOwn: () => Promise.reject(new Error('The store gives nobody keys.')),
    lanes: lanes(4),
    wait: async () => undefined,
    random: () => 0,
    now: () => 0,
    memory: unfinishedUploads({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    }),
    handles,
    onChange: () => undefined,
  })
  const until = async (isTrue: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 1000 && !isTrue(); turn += 1) await new Promise(setImmediate)
    assert.ok(isTrue(), 'waited in vain')
  }
  const phase = () => store.jobs.get(lesson.id)?.state.phase
  return { store, kept, begun, cancelled, gates, until, phase }
}

describe('uploads of a page', () => {
  it('one that was under way when the page was left is offered to its own file only', async () => {
    const before = aPage()
    before.store.choose(lesson, aFile('a.mp4'))
    await before.until(() => before.gates.length === 2)
    before.gates[0]?.()
    await before.until(() => before.store.jobs.get(lesson.id)?.state.arrivedBytes === 10)

    const after = aPage(before.kept)
    assert.equal(after.store.unfinished.get(lesson.id)?.arrivedBytes, 10)
    assert.equal(after.store.choose(lesson, aFile('b.mp4')), 'different')
    assert.deepEqual(after.begun, [])
    assert.equal(after.store.choose(lesson, aFile('a.mp4')), 'started')
    await after.until(() => after.gates.length === 2)
    for (const open of after.gates) open()
    await after.until(() => after.phase() === 'done')
    assert.equal(after.kept.size, 0)
  })

  it('one whose file the browser can open again goes on at a click, and is chosen anew when it cannot', async () => {
    const handles = aDrawer()
    const before = aPage(new Map(), { handles })
    before.store.choose(lesson, aFile('a.mp4'))
    await before.until(() => before.gates.length === 2)

    const after = aPage(before.kept, { handles })
    await after.until(() => after.store.reopenable.has(lesson.id))
    assert.equal(await after.store.goOn(lesson), 'started')
    await after.until(() => after.gates.length === 2)
    assert.deepEqual(after.begun, ['a.mp4'])

    const later = aPage(before.kept, { handles })
    await later.until(() => later.store.reopenable.has(lesson.id))
    handles.lose()
    assert.equal(await later.store.goOn(lesson), 'gone')
    assert.equal(later.store.reopenable.has(lesson.id), false)
    assert.equal(later.store.choose(lesson, aFile('a.mp4')), 'started')
    await later.until(() => later.gates.length === 2)
    for (const open of later.gates) open()
    await later.until(() => later.phase() === 'done')
    assert.deepEqual(await handles.lessons(), [])
  })

  it('another file takes its place when the teacher says so', async () => {
    const page = aPage()
    page.store.choose(lesson, aFile('a.mp4'))
    await page.until(() => page.gates.length === 2)
    assert.equal(page.store.choose(lesson, aFile('b.mp4')), 'different')
    await page.store.replace(lesson, aFile('b.mp4'))
    await page.until(() => page.begun.length === 2)
    assert.deepEqual(page.cancelled, ['upl_a.mp4'])
    assert.equal(page.store.jobs.get(lesson.id)?.fileName, 'b.mp4')
  })

  it('the same file dropped twice is sent once', async () => {
    const page = aPage()
    assert.equal(page.store.choose(lesson, aFile('a.mp4')), 'started')
    assert.equal(page.store.choose(lesson, aFile('a.mp4')), 'started')
    await page.until(() => page.gates.length === 2)
    assert.deepEqual(page.begun, ['a.mp4'])
  })

  it('what is no video begins nothing, and does not disturb what is under way', async () => {
    const page = aPage()
    assert.equal(page.store.choose(lesson, aFile('notes.pdf', 'application/pdf')), 'not-video')
    assert.equal(page.store.choose(lesson, aFile('a.mp4', 'video/mp4', 0)), 'empty')
    assert.deepEqual(page.begun, [])
    page.store.choose(lesson, aFile('a.mp4'))
    await page.until(() => page.gates.length === 2)
    assert.equal(await page.store.replace(lesson, aFile('notes.pdf', 'application/pdf')), 'not-video')
    assert.deepEqual(page.cancelled, [])
    assert.equal(page.phase(), 'sending')
  })

  it('one whose file the school looks at and will not take leaves room for another', async () => {
    const refusal = Object.assign(new Error('That is no video.'), { status: 415, code: 'wrong-type' })
    const page = aPage(new Map(), { finish: () => Promise.reject(refusal) })
    page.store.choose(lesson, aFile('a.mp4'))
    await page.until(() => page.gates.length === 2)
    for (const open of page.gates) open()
    await page.until(() => page.phase() === 'failed')
    assert.deepEqual(page.store.jobs.get(lesson.id)?.state.failure, { kind: 'unusable', message: 'That is no video.' })
    assert.equal(page.kept.size, 0)
    assert.equal(page.store.choose(lesson, aFile('b.mp4')), 'started')
  })

  it('a discarded one is gone from the page, from memory and from the school', async () => {
    const page = aPage()
    page.store.choose(lesson, aFile('a.mp4'))
    await page.until(() => page.gates.length === 2)
    await page.store.discard(lesson)
    assert.equal(page.store.jobs.size, 0)
    assert.equal(page.kept.size, 0)
    assert.deepEqual(page.cancelled, ['upl_a.mp4'])
  })
})
