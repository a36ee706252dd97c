import type { Upload, Video } from '#contract/media.ts'
import { type Sender, type SendState, sender } from './sender.ts'
import type { UploadWorld } from './upload-world.ts'
import { videoType } from './video-file.ts'

export type UploadState = SendState<Upload, Video>
export type Uploader = Sender<Upload, Video>

/** Sends a video to a lesson. */
export const uploader = (
  { file, lesson, recipe, onChange }: { file: File; lesson: string; recipe?: string | undefined; onChange(state: UploadState): void },
  world: UploadWorld,
): Uploader => {
  const { api } = world
  const asked = { lesson, fileName: file.name, sizeBytes: file.size, type: videoType(file), ...(recipe !== undefined && { recipe }) }
  const errand = {
    begin: () => api.startUpload(asked),
    finish: ({ id }: Upload) => api.finishUpload({ upload: id }),
    async finished({ video }: Upload): Promise<Video | undefined> {
      const found = await api.video({ video })
      return found.state === 'uploading' ? undefined : found
    },
    cancel: ({ id }: Upload) => api.cancelUpload({ upload: id }),
  }
  return sender({ file, errand, onChange }, world)
}
