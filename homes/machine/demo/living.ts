import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod/mini'
import type { Course } from '#contract/courses.ts'
import { courses } from '#core/courses/courses.ts'
import { insights } from '#core/insights/insights.ts'
import { once } from '#core/once.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Person } from '#ports/identity.ts'
import type { Home } from '../home.ts'
import { tillAt } from './acts.ts'
import { cast } from './cast.ts'
import { pastOf } from './past.ts'
import { type Scene, type Stage, story } from './story.ts'

/** How far the story has been played: of what is interrupted no scene comes twice, and dates stay those of the first start. */
const playedRecords = records({
  schema: z.object({ id: z.literal('story'), begunAt: z.string(), words: z.int(), videos: z.int() }),
  key: ({ id }: { id: 'story' }) => ({ pk: 'demo', sk: id }),
  people: ofNobody,
})

const DAY_MS = 24 * 3600_000
const LOOK_EVERY_MS = 1000

const played = async ({ world: { tables, clock } }: Home) =>
  (await playedRecords.get(tables, { id: 'story' }))?.value ?? { id: 'story' as const, begunAt: clock.now().toISOString(), words: 0, videos: 0 }

/** Everybody in it has an account, and may be signed in as by the password of the demo. */
const ensureCast = async ({ world: { identity }, secrets }: Home): Promise<void> => {
  await Promise.all(
    cast().map(async ({ email, name }) => {
      if (!(await identity.findByEmail(email))) await identity.create({ email, name, roles: ['learner'], password: secrets.demoPassword })
    }),
  )
}

const stageOf = async ({ world, standIns }: Home, teacher: Person): Promise<Stage> => {
  const person = async (email: string): Promise<Person> => {
    const found = await world.identity.findByEmail(email)
    if (!found) throw new Error(`Nobody has the address ${email}.`)
    return found
  }
  const { courses: mine } = await courses.handlers.mine(world, teacher, {})
  const course = async (title: string): Promise<Course> =>
    courses.handlers.get(world, teacher, { course: mine.find((each) => each.title === title)?.id ?? 'crs_none' })
  return {
    ...{ past: pastOf(world), teacher, owner: await person('owner@lectern.test'), till: standIns.stripe && tillAt(standIns.stripe.url) },
    ...{ courseOf: once(course), personOf: once(person) },
  }
}

/** What cannot be done any more, since somebody has changed the school meanwhile, is left out, with what follows from it. */
const play = async (stage: Stage, scene: Scene, begunAt: string): Promise<void> => {
  const { past } = stage
  past.go(new Date(Date.parse(begunAt) - scene.daysAgo * DAY_MS))
  try {
    await scene.play(stage)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    past.world.log.info('a scene of the demo was left out', { code: error.code, reason: error.message })
  }
  await past.settle()
}

/** Whoever teaches has looked already: what is counted at a first look is there. */
const lookedAt = async (home: Home, { past, teacher }: Stage): Promise<void> => {
  past.go(home.world.clock.now())
  const { courses: mine } = await courses.handlers.mine(past.world, teacher, {})
  for (const { id: course } of mine) await insights.handlers.overview(past.world, teacher, { course })
  await past.settle()
}

const playAll = async (home: Home, teacher: Person, needs: Scene['needs']): Promise<void> => {
  const scenes = story().filter((scene) => scene.needs === needs)
  const before = await played(home)
  if (before[needs] >= scenes.length) return
  const start = performance.now()
  const stage = await stageOf(home, teacher)
  for (const [place, scene] of scenes.entries()) {
    if (place < before[needs]) continue
    await play(stage, scene, before.begunAt)
    await home.world.tables.commit([playedRecords.put({ ...(await played(home)), begunAt: before.begunAt, [needs]: place + 1 })])
  }
  await lookedAt(home, stage)
  home.world.log.info('the demo has been lived in', { needs, scenes: scenes.length, seconds: Math.round(performance.now() - start) / 1000 })
}

/**
 * What has happened in the school before its first start: who has come, bought, learned, asked and judged. The stand-in’s webhooks are
 * held back while it is played, since they would come today; whoever orders something in these seconds is found by the reconciler.
 */
export const liveUntilNow = async (home: Home, teacher: Person): Promise<void> => {
  await ensureCast(home)
  const till = home.standIns.stripe && tillAt(home.standIns.stripe.url)
  await till?.press('faults', { webhooks: 'drop' })
  try {
    await playAll(home, teacher, 'words')
  } finally {
    await till?.press('faults', { webhooks: 'none' })
  }
}

/** What has been watched: as soon as there is something to watch. A demo that was made before anybody lived in it stays as it is. */
export const watchUntilNow = async (home: Home, teacher: Person, areReady: () => Promise<boolean>): Promise<void> => {
  const begun = await playedRecords.get(home.world.tables, { id: 'story' })
  if (!begun || begun.value.videos === story().filter(({ needs }) => needs === 'videos').length) return
  // A school that is closed meanwhile does not wait for this.
  while (!(await areReady())) await pause(LOOK_EVERY_MS, undefined, { ref: false })
  await playAll(home, teacher, 'videos')
}
