import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEvening } from './renewing.fixture.ts'
import { type Parts, renewing } from './renewing.ts'

const SEEDS = Array.from({ length: 4 }, (_, seed) => seed + 1)
const THREE_HOURS = { minutes: 180 }

test('three hours of playback on ten-minute cookies: no stall, no segment refused, asked about every five minutes', async () => {
  for (const seed of SEEDS) {
    const { stalls, refused, hopeless, renewals, segments } = await anEvening({ ...THREE_HOURS, seed })
    assert.deepEqual({ stalls, refused, hopeless }, { stalls: 0, refused: 0, hopeless: 0 })
    assert.ok(renewals >= 32 && renewals <= 46, `${renewals} renewals`)
    assert.ok(segments > 1_700)
  }
})

test('a clock that is an hour off, or is set an hour forth or back while it plays, stalls nothing', async () => {
  const clocks: ((seconds: number) => number)[] = [
    () => 3600,
    () => -3600,
    (seconds) => (seconds > 4_000 ? 3600 : 0),
    (seconds) => (seconds > 4_000 ? -3600 : 0),
    (seconds) => (seconds % 2_000 > 1_000 ? 3600 : -3600),
  ]
  for (const skew of clocks) {
    for (const seed of SEEDS.slice(0, 4)) {
      const { stalls, refused, hopeless, renewals } = await anEvening({ ...THREE_HOURS, seed, skew })
      assert.deepEqual({ stalls, refused, hopeless }, { stalls: 0, refused: 0, hopeless: 0 })
      assert.ok(renewals < 60, `${renewals} renewals`)
    }
  }
})

test('a school that cannot be reached for minutes at a time is asked again while the old cookies last', async () => {
  for (const seed of SEEDS) {
    const outages = Array.from({ length: 12 }, (_, place): [number, number] => [place * 900 + seed * 37, place * 900 + seed * 37 + 230])
    const { stalls, refused, hopeless } = await anEvening({ ...THREE_HOURS, seed, outages: outages.map(([from, to]) => [Math.max(1, from), to]) })
    assert.deepEqual({ stalls, refused, hopeless }, { stalls: 0, refused: 0, hopeless: 0 })
  }
})

test('after half an hour of sleep the picture goes on, whether or not the page is told of waking', async () => {
  for (const isTold of [true, false]) {
    for (const seed of SEEDS) {
      const sleeps = [
        { fromSeconds: 1_000, toSeconds: 2_800, isTold },
        { fromSeconds: 5_000, toSeconds: 6_800, isTold },
      ]
      const { stalls, refused, hopeless } = await anEvening({ ...THREE_HOURS, seed, sleeps })
      assert.equal(stalls, 0)
      assert.equal(hopeless, 0)
      // One renewal away, at the most once for each waking.
      assert.ok(refused <= 2, `${refused} refused`)
    }
  }
})

test('waking into an outage shorter than what is loaded stalls nothing', async () => {
  for (const seed of SEEDS) {
    const { stalls, hopeless } = await anEvening({
      ...{ minutes: 60, seed },
      sleeps: [{ fromSeconds: 1_000, toSeconds: 2_800, isTold: true }],
      outages: [[2_790, 2_812]],
    })
    assert.deepEqual({ stalls, hopeless }, { stalls: 0, hopeless: 0 })
  }
})

test('cookies of a few seconds are renewed in time too', async () => {
  for (const seed of SEEDS) {
    const { stalls, refused, hopeless } = await anEvening({ seed, minutes: 20, ttlSeconds: 6 })
    assert.deepEqual({ stalls, refused, hopeless }, { stalls: 0, refused: 0, hopeless: 0 })
  }
})

const PASSING = new TypeError('The network.')
const FOR_NOW = new Error('not-signed-in')

/** A viewer of whom every part is at hand. */
const aViewer = (of: Partial<Parts<{ ttlSeconds: number }>> = {}) => {
  const viewer = { nowMs: 0, asked: 0, refused: [] as unknown[], tasks: [] as { run(): void; milliseconds: number }[] }
  const parts: Parts<{ ttlSeconds: number }> = {
    clocks: { steady: () => viewer.nowMs, wall: () => viewer.nowMs },
    later: (run, milliseconds) => {
      const task = { run, milliseconds }
      viewer.tasks.push(task)
      return () => void viewer.tasks.splice(viewer.tasks.indexOf(task), viewer.tasks.includes(task) ? 1 : 0)
    },
    random: () => 0.5,
    ask: async () => {
      viewer.asked += 1
      return { ttlSeconds: 600 }
    },
    ...{
      isPassing: (error: unknown) => error === PASSING,
      isFinal: (error: unknown) => error !== PASSING && error !== FOR_NOW,
      isWanted: () => true,
      refused: (why: unknown) => void viewer.refused.push(why),
    },
    ...of,
  }
  return { viewer, cookies: renewing(parts) }
}

test('whoever has paused asks for nothing, and asks at once when they play on', async () => {
  let isPlaying = false
  const { viewer, cookies } = aViewer({ isWanted: () => isPlaying })
  await cookies.renew()
  viewer.nowMs = 3_600_000
  for (const { run } of viewer.tasks.splice(0)) run()
  assert.equal(viewer.asked, 1)
  assert.deepEqual(
    viewer.tasks.map(({ milliseconds }) => milliseconds),
    [5_000],
  )
  isPlaying = true
  cookies.wake()
  assert.equal(viewer.asked, 2)
})

test('a page seen again before half the time has passed asks for nothing', async () => {
  const { viewer, cookies } = aViewer()
  await cookies.renew()
  viewer.nowMs = 200_000
  cookies.wake()
  assert.equal(viewer.asked, 1)
})

test('questions at the same moment are one question', async () => {
  const { viewer, cookies } = aViewer()
  await Promise.all([cookies.renew(), cookies.persist(), cookies.renew()])
  assert.equal(viewer.asked, 1)
})

test('a refusal is told once and not asked again by itself', async () => {
  const refusal = new Error('access-ended')
  let answers = 0
  const { viewer, cookies } = aViewer({
    ask: async () => {
      answers += 1
      if (answers > 1) throw refusal
      return { ttlSeconds: 600 }
    },
  })
  await cookies.renew()
  viewer.nowMs = 400_000
  cookies.wake()
  await new Promise(setImmediate)
  assert.deepEqual(viewer.refused, [refusal])
  cookies.wake()
  assert.equal(answers, 2)
  await assert.rejects(cookies.persist(), refusal)
})

test('a school that says no for now is asked again with pauses while the cookies hold, and takes no picture away', async () => {
  let isSignedIn = true
  const { viewer, cookies } = aViewer({
    ask: async () => {
      viewer.asked += 1
      if (!isSignedIn) throw FOR_NOW
      return { ttlSeconds: 600 }
    },
  })
  const passTime = async (milliseconds: number): Promise<void> => {
    for (const end = viewer.nowMs + milliseconds; viewer.nowMs < end; ) {
      const wait = Math.min(...viewer.tasks.map((task) => task.milliseconds))
      viewer.nowMs += wait
      for (const { run } of viewer.tasks.splice(0)) run()
      await new Promise(setImmediate)
    }
  }
  await cookies.renew()
  isSignedIn = false
  await passTime(400_000)
  assert.deepEqual(viewer.refused, [])
  assert.ok(viewer.asked >= 6 && viewer.asked < 30, `asked ${viewer.asked} times`)
  isSignedIn = true
  const before = viewer.asked
  await passTime(30_000)
  assert.equal(viewer.asked, before + 1)
})

test('a refused segment meets the same no at once', async () => {
  const { viewer, cookies } = aViewer({ ask: () => Promise.reject(FOR_NOW) })
  await assert.rejects(cookies.persist(), FOR_NOW)
  assert.equal(viewer.nowMs, 0)
})

test('a segment’s renewal waits for the network, but not for ever', async () => {
  const { viewer, cookies } = aViewer({ ask: () => Promise.reject(PASSING) })
  const outcome = cookies.persist().catch((error: unknown) => error)
  for (let turn = 0; turn < 40; turn += 1) {
    await new Promise(setImmediate)
    for (const { run, milliseconds } of viewer.tasks.splice(0)) {
      viewer.nowMs += milliseconds
      run()
    }
  }
  assert.equal(await outcome, PASSING)
  assert.ok(viewer.nowMs >= 90_000 && viewer.nowMs < 130_000, `${viewer.nowMs} ms`)
})
