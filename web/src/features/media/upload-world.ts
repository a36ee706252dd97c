import type { Upload, Video } from '#contract/media.ts'
import type { Lanes } from './lanes.ts'
import type { Wait } from './persistence.ts'

/** The contract's calls, as the uploader uses them. */
export type UploadApi = {
  startUpload(input: { lesson: string; fileName: string; sizeBytes: number; type: string; recipe?: string }): Promise<Upload>
  upload(input: { upload: string }): Promise<Upload>
  signParts(input: { upload: string; parts: number[]; hashes?: string[] }): Promise<{ parts: { number: number; url: string; size: number }[] }>
  finishUpload(input: { upload: string }): Promise<Video>
  cancelUpload(input: { upload: string }): Promise<unknown>
  video(input: { video: string }): Promise<Video>
}

export type OutgoingPart = { url: string; body: Blob; signal: AbortSignal; onSent(bytes: number): void }
/** PUTs one part; answers the HTTP status, 0 when there was none. */
export type SendPart = (part: OutgoingPart) => Promise<number>

/** What an upload needs of the browser and the server; tests bring their own. */
export type UploadWorld = {
  api: UploadApi
  send: SendPart
  /** SHA-256 in base64; undefined where the browser has none to offer. Rejects when the file cannot be read. */
  hash(part: Blob): Promise<string | undefined>
  /** Shared by all uploads of the page. */
  lanes: Lanes
  wait: Wait
  random(): number
}
