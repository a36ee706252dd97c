import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pace } from './pace.ts'
import { isSameFile, unfinishedUploads } from './unfinished.ts'
import { faultOf, videoType } from './video-file.ts'

const aShelf = () => {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    kept,
  }
}
const anUpload = { upload: 'upl_00000001', lesson: 'les_00000001', fileName: 'talk.mp4', sizeBytes: 1000, lastModified: 5, arrivedBytes: 430 }

describe('a file chosen for a lesson', () => {
  it('is taken as a video by what the browser says of it or, failing that, by its name', () => {
    assert.equal(faultOf({ name: 'talk.mp4', type: 'video/mp4', size: 1 }), undefined)
    assert.equal(faultOf({ name: 'Talk.MKV', type: '', size: 1 }), undefined)
    assert.equal(videoType({ name: 'Talk.MKV', type: '' }), 'video/x-matroska')
    assert.equal(faultOf({ name: 'clip', type: 'video/webm', size: 1 }), undefined)
  })

  it('is refused before its first byte when it is no video or empty', () => {
    assert.equal(faultOf({ name: 'notes.pdf', type: 'application/pdf', size: 10 }), 'not-video')
    assert.equal(faultOf({ name: 'mp4', type: '', size: 10 }), 'not-video')
    assert.equal(faultOf({ name: 'talk.mp4', type: 'video/mp4', size: 0 }), 'empty')
  })
})

describe('an upload remembered over a reload', () => {
  it('is found again by whoever opens the page next, until it is finished', () => {
    const shelf = aShelf()
    unfinishedUploads(shelf).keep(anUpload)
    unfinishedUploads(shelf).keep({ ...anUpload, arrivedBytes: 500 })
    assert.deepEqual(unfinishedUploads(shelf).all(), [{ ...anUpload, arrivedBytes: 500 }])
    unfinishedUploads(shelf).drop(anUpload.lesson)
    assert.deepEqual(unfinishedUploads(shelf).all(), [])
    assert.equal(shelf.kept.size, 0)
  })

  it('is forgotten when what was kept cannot be read', () => {
    const shelf = aShelf()
    shelf.setItem('lectern.uploads', '{"les_1":{"upload":7}}')
    assert.deepEqual(unfinishedUploads(shelf).all(), [])
    shelf.setItem('lectern.uploads', 'nonsense')
    assert.deepEqual(unfinishedUploads(shelf).all(), [])
  })

  it('goes on only with the very same file', () => {
    assert.equal(isSameFile(anUpload, { name: 'talk.mp4', size: 1000, lastModified: 5 }), true)
    assert.equal(isSameFile(anUpload, { name: 'talk2.mp4', size: 1000, lastModified: 5 }), false)
    assert.equal(isSameFile(anUpload, { name: 'talk.mp4', size: 1001, lastModified: 5 }), false)
    assert.equal(isSameFile(anUpload, { name: 'talk.mp4', size: 1000, lastModified: 6 }), false)
  })
})

describe('the pace of an upload', () => {
  it('is silent at first, then tells speed and time left', () => {
    const meter = pace(10_000)
    meter.note(0, 0)
    meter.note(500, 500)
    assert.deepEqual(meter.now(), {})
    meter.note(2000, 2000)
    assert.deepEqual(meter.now(), { bytesPerSecond: 1000, secondsLeft: 8 })
  })

  it('follows a line that becomes slower', () => {
    const meter = pace(100_000)
    for (let second = 0; second <= 10; second += 1) meter.note(second * 1000, second * 5000)
    for (let second = 11; second <= 30; second += 1) meter.note(second * 1000, 50_000 + (second - 10) * 100)
    assert.equal(meter.now().bytesPerSecond, 100)
  })

  it('promises no end while nothing moves', () => {
    const meter = pace(100)
    meter.note(0, 50)
    meter.note(5000, 50)
    assert.deepEqual(meter.now(), { bytesPerSecond: 0 })
  })
})
