import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locksOf } from '../../lib/locks.ts'
import { aStorage } from '../../lib/store.fixture.ts'
import { storeIn } from '../../lib/store.ts'
import { beatsIn } from './kept.ts'

const DAY_MS = 86_400_000
const UNTOLD = { positionSeconds: 20, watched: [{ fromSeconds: 0, toSeconds: 20 }] }

/** A browser over its days; each visit is another page. */
const aBrowser = () => {
  const { storage, fill } = aStorage()
  const browser = { nowMs: 100 * DAY_MS }
  const visit = () => beatsIn({ store: storeIn(() => storage), locks: locksOf(() => undefined), now: () => browser.nowMs })
  return { browser, storage, fill, visit }
}
const streamsOf = (left: { stream: string }[]): string[] => left.map(({ stream }) => stream)

test('what one person left untold is neither told nor dropped while another is signed in', () => {
  const { visit } = aBrowser()
  visit().keptFor({ person: 'anna', lesson: 'les_1', stream: 'str_a' }).write(UNTOLD)
  visit().keptFor({ person: 'a.b/ü', lesson: 'les_1', stream: 'str_b' }).write(UNTOLD)
  visit().keptFor({ person: undefined, lesson: 'les_1', stream: 'str_c' }).write(UNTOLD)
  assert.deepEqual(streamsOf(visit().leftBehind('a.b/ü')), ['str_b'])
  assert.deepEqual(streamsOf(visit().leftBehind(undefined)), ['str_c'])
  assert.deepEqual(streamsOf(visit().leftBehind('visitor')), [])
  const [left] = visit().leftBehind('anna')
  assert.deepEqual([left?.stream, left?.untold], ['str_a', UNTOLD])
  left?.drop()
  assert.deepEqual(visit().leftBehind('anna'), [])
  assert.equal(visit().leftBehind('a.b/ü').length, 1)
})

test('what nobody has told for a fortnight is forgotten, whoever left it', () => {
  const { browser, visit, storage } = aBrowser()
  visit().keptFor({ person: 'anna', lesson: 'les_1', stream: 'str_a' }).write(UNTOLD)
  browser.nowMs += 13 * DAY_MS
  visit().leftBehind('bert')
  assert.equal(visit().leftBehind('anna').length, 1)
  browser.nowMs += 2 * DAY_MS
  visit().leftBehind('bert')
  assert.deepEqual(Object.keys(storage), [])
})

test('of one person’s streams the newest twenty are kept, and another’s do not count among them', () => {
  const { browser, visit } = aBrowser()
  visit().keptFor({ person: 'anna', lesson: 'les_1', stream: 'str_a' }).write(UNTOLD)
  for (let place = 0; place < 25; place += 1) {
    browser.nowMs += 1
    visit()
      .keptFor({ person: 'bert', lesson: 'les_1', stream: `str_${place}` })
      .write(UNTOLD)
  }
  assert.equal(visit().leftBehind('anna').length, 1)
  assert.equal(visit().leftBehind('bert').length, 20)
  assert.ok(streamsOf(visit().leftBehind('bert')).includes('str_24'))
})

test('with a full store and no locks a page keeps its beats for itself, and holding a stream fails nothing', async () => {
  const { fill, visit } = aBrowser()
  fill(true)
  const page = visit()
  page.holdStream('str_a')()
  page.keptFor({ person: 'anna', lesson: 'les_1', stream: 'str_a' }).write(UNTOLD)
  const [left] = page.leftBehind('anna')
  let told = 0
  await left?.unlessHeld(async () => {
    told += 1
  })
  assert.equal(told, 1)
})
