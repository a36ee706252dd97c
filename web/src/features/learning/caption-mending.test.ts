import assert from 'node:assert/strict'
import { test } from 'node:test'
import { captionMending } from './caption-mending.ts'

/** A school that renews, or does not. */
const aPage = () => {
  const page = { isOpen: true, renewals: 0, loads: [] as string[] }
  const mending = captionMending({
    renew: async () => {
      page.renewals += 1
      if (!page.isOpen) throw new Error('too-many-streams')
    },
    again: (language) => void page.loads.push(language),
  })
  return { page, mending }
}

test('captions that were refused come after one renewal, and after another pause once more', async () => {
  const { page, mending } = aPage()
  await mending.failed('en')
  assert.deepEqual([page.renewals, page.loads], [1, ['en']])
  mending.loaded('en')
  await mending.failed('en')
  assert.deepEqual([page.renewals, page.loads], [2, ['en', 'en']])
})

test('captions that cannot be had are not asked for again and again; those of another language are', async () => {
  const { page, mending } = aPage()
  await mending.failed('en')
  await mending.failed('en')
  await mending.failed('de')
  assert.deepEqual([page.renewals, page.loads], [2, ['en', 'de']])
})

test('a school that does not renew loads nothing, and may say otherwise the next time', async () => {
  const { page, mending } = aPage()
  page.isOpen = false
  await mending.failed('en')
  assert.deepEqual(page.loads, [])
  page.isOpen = true
  await mending.failed('en')
  assert.deepEqual(page.loads, ['en'])
})
