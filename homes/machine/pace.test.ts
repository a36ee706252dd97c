import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Served } from '#core/watching/streams.ts'
import { type Pace, pacing, type Turn, type Wait } from './pace.ts'

const SEGMENT_SECONDS = 4
const BUFFER_SECONDS = 60
const nobodyLeaves = (): AbortSignal => new AbortController().signal
const learner = (of: Partial<Served> = {}): Served => ({
  ...{ stream: 'str_1', person: 'prs_1', lesson: 'les_1', isStaff: false, segmentSeconds: SEGMENT_SECONDS },
  ...of,
})

/** Time that passes only as far as somebody waits for it: whoever sleeps is woken in order, and nothing takes any real time. */
const simulation = () => {
  let now = 0
  const sleepers: { at: number; wake(): void }[] = []
  const sleep = (seconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const sleeper = { at: now + seconds * 1000, wake: resolve }
      sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        sleepers.splice(sleepers.indexOf(sleeper), 1)
        resolve()
      })
    })
  const run = async (untilSeconds: number): Promise<void> => {
    for (;;) {
      // Everybody who was woken goes on as far as their next sleep.
      await new Promise((resolve) => setImmediate(resolve))
      const next = sleepers.toSorted((one, other) => one.at - other.at)[0]
      if (!next || next.at > untilSeconds * 1000) break
      now = Math.max(now, next.at)
      sleepers.splice(sleepers.indexOf(next), 1)
      next.wake()
    }
    now = untilSeconds * 1000
  }
  const wait: Wait = (seconds, signal) => sleep(seconds, signal)
  const flags: number[] = []
  const pace = pacing({ clock: { now: () => new Date(now) }, flag: () => flags.push(now / 1000), wait })
  return { pace, run, sleep, flags, seconds: () => now / 1000 }
}
type Simulation = ReturnType<typeof simulation>

const isBusy = (turn: Turn): turn is { retryAfterSeconds: number } => typeof turn === 'object'

type Load = { at: number; seconds: number }

/** A program that loads one segment after the other, each as fast as its line lets it, and comes back when it is told to. */
const rip = async ({ pace, sleep, seconds }: Simulation, { speed, served = learner(), loaded }: { speed: number; served?: Served; loaded: Load[] }) => {
  for (;;) {
    const turn = await pace(served, SEGMENT_SECONDS, nobodyLeaves)
    if (isBusy(turn)) await sleep(turn.retryAfterSeconds)
    else {
      loaded.push({ at: seconds(), seconds: SEGMENT_SECONDS })
      await sleep(SEGMENT_SECONDS / speed)
    }
  }
}
const speedBetween = (loaded: readonly Load[], from: number, to: number): number =>
  loaded.filter(({ at }) => at >= from && at < to).reduce((sum, { seconds }) => sum + seconds, 0) / (to - from)

for (const [speed, programs] of [
  [20, 1],
  [20, 16],
  [200, 4],
] as const) {
  test(`${programs} connections that rip at ${speed} times the speed are flagged within a minute, and slowed to four times after the burst`, async () => {
    const world = simulation()
    const loaded: Load[] = []
    for (let number = 0; number < programs; number += 1) void rip(world, { speed: speed / programs, loaded, served: learner({ stream: `str_${number}` }) })
    await world.run(3600)
    const [flaggedAt = Number.POSITIVE_INFINITY] = world.flags
    assert.ok(flaggedAt <= 60, `flagged after ${flaggedAt} s`)
    assert.ok(world.flags.length >= 11 && world.flags.length <= 13, 'and told of again now and then, not at each request')
    const first = speedBetween(loaded, 0, 60) * 60
    assert.ok(first >= 480 && first <= 480 + 4 * 60 + SEGMENT_SECONDS, `${first} s of video in the first minute`)
    for (let from = 60; from < 3600; from += 60) {
      const found = speedBetween(loaded, from, from + 60)
      assert.ok(found <= 4.2 && found >= 3.8, `${found} times the speed after ${from} s`)
    }
  })
}

type Habits = { speed: number; seekEvery?: number; switchEvery?: number; seconds: number }

/** A player that keeps a minute ahead, loses what it has loaded at a seek or a new quality, and loads at the speed of its line. */
const watch = async (
  world: Simulation,
  served: Served,
  { speed, seekEvery = Number.POSITIVE_INFINITY, switchEvery = Number.POSITIVE_INFINITY, seconds }: Habits,
) => {
  const turns: Turn[] = []
  let [ahead, at, soughtAt, switchedAt] = [0, 0, 0, 0]
  const shown = (until: number): void => {
    ahead = Math.max(0, ahead - speed * (until - at))
    at = until
  }
  while (world.seconds() < seconds) {
    shown(world.seconds())
    if (at - soughtAt >= seekEvery) [ahead, soughtAt] = [0, at]
    if (at - switchedAt >= switchEvery) [ahead, switchedAt] = [Math.min(ahead, SEGMENT_SECONDS), at]
    if (ahead >= BUFFER_SECONDS) await world.sleep(0.5)
    else {
      turns.push(await world.pace(served, SEGMENT_SECONDS, nobodyLeaves))
      await world.sleep(0.05)
      shown(world.seconds())
      ahead += SEGMENT_SECONDS
    }
  }
  return turns
}

const TWO_HOURS = 7200
const learners: [says: string, habits: Habits[]][] = [
  ['at speed 3', [{ speed: 3, seconds: TWO_HOURS }]],
  [
    'at speed 3 who seeks every minute and a half and changes the quality every five minutes',
    [{ speed: 3, seekEvery: 90, switchEvery: 300, seconds: TWO_HOURS }],
  ],
  ['who looks for a place: a seek every eight seconds for a minute', [{ speed: 1, seekEvery: 8, seconds: 60 }]],
  ['with two films at twice their speed', [2, 2].map((speed) => ({ speed, seconds: TWO_HOURS }))],
  ['with two films at twice their speed, who seeks in both now and then', [2, 2].map((speed) => ({ speed, seekEvery: 600, seconds: 1200 }))],
  [
    'with two films at once, who seeks and changes the quality in both',
    [1, 1.5].map((speed) => ({ speed, seekEvery: 180, switchEvery: 600, seconds: TWO_HOURS })),
  ],
]
for (const [says, habits] of learners) {
  test(`a learner ${says} is never slowed down`, async () => {
    const world = simulation()
    const watching = habits.map((each, number) => watch(world, learner({ stream: `str_${number}` }), each))
    await world.run(TWO_HOURS + 10)
    const turns = (await Promise.all(watching)).flat()
    assert.ok(turns.length > 0)
    assert.deepEqual([turns.filter((turn) => turn !== 'go').length, world.flags], [0, []])
  })
}

test('whoever watches more than fits may come to wait, but is never turned away, nor told of', async () => {
  const world = simulation()
  const watching = [1, 2].map((number) =>
    watch(world, learner({ stream: `str_${number}` }), { speed: 2, seekEvery: 120, switchEvery: 300, seconds: TWO_HOURS }),
  )
  await world.run(TWO_HOURS + 10)
  const turns = (await Promise.all(watching)).flat()
  assert.ok(turns.includes('waited'))
  assert.deepEqual([turns.filter(isBusy), world.flags], [[], []])
})

test('one learner’s rip slows nobody else, and the school’s own people are never slowed down', async () => {
  const world = simulation()
  void rip(world, { speed: 100, loaded: [] })
  const [theirs, staffs]: [Load[], Load[]] = [[], []]
  void rip(world, { speed: 3.5, loaded: theirs, served: learner({ person: 'prs_2', stream: 'str_2' }) })
  void rip(world, { speed: 50, loaded: staffs, served: learner({ person: 'prs_3', stream: 'str_3', isStaff: true }) })
  await world.run(600)
  assert.ok(speedBetween(theirs, 300, 600) > 3.4)
  assert.ok(speedBetween(staffs, 300, 600) > 49)
})

test('visitors have a bucket for each stream', async () => {
  const world = simulation()
  const [first, second]: [Load[], Load[]] = [[], []]
  for (const [stream, loaded] of [
    ['str_1', first],
    ['str_2', second],
  ] as const) {
    const { person: _, ...visitor } = learner({ stream })
    void rip(world, { speed: 100, loaded, served: visitor })
  }
  await world.run(600)
  for (const loaded of [first, second]) assert.ok(Math.abs(speedBetween(loaded, 300, 600) - 4) < 0.1)
})

const spent = async (pace: Pace): Promise<void> => assert.equal(await pace(learner(), 480, nobodyLeaves), 'go')

test('only so many wait, none longer than a player has patience, and one who leaves frees the place', async () => {
  const world = simulation()
  await spent(world.pace)
  const gone = new AbortController()
  const first = world.pace(learner(), SEGMENT_SECONDS, () => gone.signal)
  const others = Array.from({ length: 7 }, () => world.pace(learner(), SEGMENT_SECONDS, nobodyLeaves))
  const refused = await world.pace(learner(), SEGMENT_SECONDS, nobodyLeaves)
  assert.deepEqual(refused, { retryAfterSeconds: 8 })
  gone.abort()
  assert.equal(await first, 'left')
  const last = world.pace(learner(), SEGMENT_SECONDS, nobodyLeaves)
  await world.run(8)
  assert.deepEqual(
    await Promise.all([...others, last]),
    Array.from({ length: 8 }, () => 'waited'),
  )
  await world.run(100)
  assert.deepEqual(await world.pace(learner(), 4 * 10 + 480, nobodyLeaves), { retryAfterSeconds: 8 }, 'a single one that owes too much does not wait')
})

test('once they have rested, they may load at once again, and a later rip is told of anew', async () => {
  const world = simulation()
  await spent(world.pace)
  assert.equal(world.flags.length, 0, 'a burst within bounds is nobody’s business')
  void world.pace(learner(), SEGMENT_SECONDS, nobodyLeaves)
  assert.deepEqual(world.flags, [0])
  await world.run(600)
  await spent(world.pace)
  void world.pace(learner(), SEGMENT_SECONDS, nobodyLeaves)
  assert.deepEqual(world.flags, [0, 600])
  await world.run(1200)
  void rip(world, { speed: 5, loaded: [] })
  await world.run(2400)
  assert.deepEqual(world.flags, [0, 600], 'but not one who merely loads a little more than fits')
})
