import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crossOriginOf, isElsewhere } from './media-host.ts'

const HERE = 'https://school.example'

test('a film’s cookies are asked for only where it lies on another host than the page', () => {
  for (const url of ['/media/vid_1/master.m3u8', 'https://school.example/media/vid_1/master.m3u8', undefined]) {
    assert.equal(isElsewhere(url, HERE), false)
    assert.equal(crossOriginOf(url, HERE), undefined)
  }
  for (const url of [
    'https://media.school.example/media/vid_1/master.m3u8',
    'http://school.example/a',
    'https://school.example:8443/a',
    '//media.school.example/a',
  ])
    assert.equal(crossOriginOf(url, HERE), 'use-credentials', url)
})
