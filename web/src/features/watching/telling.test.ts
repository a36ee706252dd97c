import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { merged } from '#contract/stretches.ts'
import type { Stretch } from '#contract/watching.ts'
import { telling, type Untold } from './telling.ts'

const GONE = new Error('There is no such stream.')
const OFFLINE = new TypeError('The network.')

/** A page and the school it tells; the line between them is there or not. */
const aPage = () => {
  const page = {
    isOnline: true,
    isGone: false,
    kept: undefined as Untold | undefined,
    heard: [] as Stretch[],
    beats: 0,
    leaving: 0,
    tasks: [] as (() => void)[],
  }
  const held: (() => void)[] = []
  let isHolding = false
  const teller = telling<void>({
    kept: {
      write: (untold) => {
        page.kept = structuredClone(untold)
      },
      drop: () => {
        page.kept = undefined
      },
    },
    send: async ({ watched }, isLeaving) => {
      page.beats += 1
      page.leaving += isLeaving ? 1 : 0
      if (isHolding) await new Promise<void>((resolve) => void held.push(resolve))
      if (page.isGone) throw GONE
      if (!page.isOnline) throw OFFLINE
      page.heard = merged([...page.heard, ...watched])
    },
    heard: () => undefined,
    judge: (error) => (error === GONE ? 'gone' : 'again'),
    later: (run) => {
      page.tasks.push(run)
      return () => {
        page.tasks = page.tasks.filter((each) => each !== run)
      }
    },
    random: () => 0.5,
  })
  return {
    ...{ page, teller },
    hold: () => {
      isHolding = true
    },
    release: async () => {
      isHolding = false
      for (const go of held.splice(0)) go()
      await new Promise(setImmediate)
    },
    /** Lets the pauses before another try pass. */
    passTime: async () => {
      for (const run of page.tasks.splice(0)) run()
      await new Promise(setImmediate)
    },
  }
}

const from = (fromSeconds: number, toSeconds: number): Stretch => ({ fromSeconds, toSeconds })

test('what is acknowledged is kept no longer', async () => {
  const { page, teller } = aPage()
  teller.note(20, [from(0, 20)])
  assert.deepEqual(page.kept, { positionSeconds: 20, watched: [from(0, 20)] })
  await teller.tell()
  assert.deepEqual(page.heard, [from(0, 20)])
  assert.equal(page.kept, undefined)
})

test('what was shown without a line is kept, and told when there is one again', async () => {
  const { page, teller, passTime } = aPage()
  page.isOnline = false
  for (let at = 0; at < 100; at += 20) {
    teller.note(at + 20, [from(at, at + 20)])
    await teller.tell()
  }
  assert.deepEqual(page.heard, [])
  assert.deepEqual(page.kept, { positionSeconds: 100, watched: [from(0, 100)] })
  await passTime()
  page.isOnline = true
  await passTime()
  assert.deepEqual(page.heard, [from(0, 100)])
  assert.equal(page.kept, undefined)
})

test('what is shown while an answer is awaited is told after it, once', async () => {
  const { page, teller, hold, release } = aPage()
  teller.note(20, [from(0, 20)])
  hold()
  const first = teller.tell()
  teller.note(25, [from(20, 25)])
  await Promise.all([teller.tell(), teller.tell()])
  assert.equal(page.beats, 1)
  assert.deepEqual(page.kept?.watched, [from(0, 25)])
  await release()
  await first
  assert.equal(page.beats, 2)
  assert.deepEqual(page.heard, [from(0, 25)])
  assert.equal(page.kept, undefined)
})

test('the last word waits for nothing and takes along what was on its way', async () => {
  const { page, teller, hold, release } = aPage()
  teller.note(20, [from(0, 20)])
  hold()
  const first = teller.tell()
  teller.note(30, [from(20, 30)])
  const last = teller.tell(true)
  assert.deepEqual([page.beats, page.leaving], [2, 1])
  await release()
  await Promise.all([first, last])
  assert.deepEqual(page.heard, [from(0, 30)])
  assert.equal(page.kept, undefined)
})

test('a stream that is gone takes what was to be told of it along', async () => {
  const { page, teller, passTime } = aPage()
  page.isGone = true
  teller.note(20, [from(0, 20)])
  await teller.tell()
  teller.note(30, [from(20, 30)])
  await teller.tell()
  await passTime()
  assert.equal(page.beats, 1)
  assert.equal(page.kept, undefined)
})

test('however the line comes and goes, everything is heard in the end, and kept until then', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ isOnline: fc.boolean(), start: fc.integer({ min: 0, max: 500 }), seconds: fc.integer({ min: 1, max: 60 }) }), { maxLength: 15 }),
      async (beats) => {
        const { page, teller, passTime } = aPage()
        for (const { isOnline, start, seconds } of beats) {
          page.isOnline = isOnline
          teller.note(start + seconds, [from(start, start + seconds)])
          await teller.tell()
        }
        const truth = merged(beats.map(({ start, seconds }) => from(start, start + seconds)))
        assert.deepEqual(merged([...page.heard, ...(page.kept?.watched ?? [])]), truth)
        page.isOnline = true
        await passTime()
        await teller.tell()
        assert.deepEqual(page.heard, truth)
      },
    ),
    { numRuns: 60 },
  )
})

test('a viewer who jumps about for an hour without a line fills no more than a beat can carry', async () => {
  const { page, teller } = aPage()
  page.isOnline = false
  for (let at = 0; at < 1000; at += 1) teller.note(at * 10, [from(at * 10, at * 10 + (at % 2 === 0 ? 2 : 4))])
  assert.equal(page.kept?.watched.length, 200)
  assert.ok(page.kept?.watched.every(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds === 4))
})
