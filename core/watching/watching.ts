import type { watching as contract, Stream } from '#contract/watching.ts'
import { openLesson } from '#core/grants/access.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { videoRecords } from '#core/media/records.ts'
import { missing } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { beat } from './beat.ts'
import { clearing } from './clearing.ts'
import { open } from './open.ts'
import { type StoredStream, streamRecords, watchingPolicy, watchingPolicyRecords } from './records.ts'
import { endStream, endStreams, isRunning, streamsOf } from './streams.ts'

const shown = ({ id, device, lesson, lessonTitle, course, startedAt, seenAt, positionSeconds }: StoredStream): Stream => ({
  ...{ id, device, lesson: { id: lesson, title: lessonTitle, course }, startedAt, seenAt, positionSeconds },
})

const mine = async (world: World, actor: Actor): Promise<{ streams: Stream[]; most: number }> => {
  const found = await streamsOf(world.tables, actor.id)
  const running = found.map(({ value }) => value).filter((stream) => stream.isLearners && isRunning(world, actor, stream))
  return { streams: running.map(shown), most: (await watchingPolicy(world.tables)).streams }
}

const end = async (world: World, actor: Actor, { stream: id }: { stream: string }): Promise<{ done: true }> => {
  const stream = await streamRecords.get(world.tables, { id })
  if (stream?.value.person !== actor.id) throw missing('stream')
  await endStream(world, id, 'by-you', world.clock.now().toISOString())
  return { done: true }
}

/** What somebody wants to see next of a video that is still being made is made next. */
const wish = async (world: World, actor: Actor | undefined, { lesson: id, seconds }: { lesson: string; seconds: number }): Promise<{ done: true }> => {
  const lesson = await openLesson(world, actor, id)
  const video = lesson.video === undefined ? undefined : await videoRecords.get(world.tables, { id: lesson.video })
  if (video?.value.state === 'transcoding' && video.value.job !== undefined) await world.transcoder.prefer(video.value.job, seconds)
  return { done: true }
}

/** Who watches what at this moment: streams, their bounds, and what they tell. */
export const watching: Feature<typeof contract> = {
  handlers: {
    open,
    beat,
    streams: mine,
    end,
    leave: async (world, actor, { browser }) => {
      await endStreams(world, actor.id, { isMeant: (stream) => stream.browser === browser, why: 'signed-out' })
      return { done: true }
    },
    wish,
    policy: ({ tables }) => watchingPolicy(tables),
    putPolicy: async ({ tables }, _actor, wanted) => {
      await tables.commit([watchingPolicyRecords.put({ id: 'watching', ...wanted })])
      return wanted
    },
  },
  hearings: [],
  timers: [clearing],
}
