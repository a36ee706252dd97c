import type { media as contract } from '#contract/media.ts'
import { event } from '#core/events.ts'
import type { Feature } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import { putCaptions, removeCaptions } from './captions.ts'
import { ownVideo } from './own.ts'
import { videoRecords } from './records.ts'
import { transcoding } from './transcode.ts'
import { cancelUpload, finishUpload, readUpload, signParts, startUpload } from './uploads.ts'
import { shownVideo } from './videos.ts'

export const media: Feature<typeof contract> = {
  handlers: {
    startUpload,
    upload: readUpload,
    signParts,
    finishUpload,
    cancelUpload,
    video: async ({ tables }, actor, { video }) => shownVideo((await ownVideo(tables, actor, video)).value),
    retry: async (world, actor, { video: id }) => {
      const video = await ownVideo(world.tables, actor, id)
      if (video.value.state !== 'failed' || !video.value.canRetry) throw new Refusal('conflict', 'This video cannot be tried again. Upload another file.')
      const { reason: _, ...rest } = video.value
      const after = { ...rest, state: 'uploaded' as const, percent: 0, canRetry: false, attempt: rest.attempt + 1 }
      const outcome = await world.tables.commit([videoRecords.replace(video, after)], [event(world, 'video.retried', { video: id })])
      if (outcome === 'conflict') throw new Refusal('conflict', 'The video changed in the meantime.')
      return shownVideo(after)
    },
    putCaptions,
    removeCaptions,
  },
  hearings: transcoding,
  timers: [],
}
