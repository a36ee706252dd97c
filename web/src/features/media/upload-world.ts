import type { Straight, Upload, Video } from '#contract/media.ts'
import type { Lanes } from './lanes.ts'
import type { OwnPart } from './own-url.ts'
import type { Wait } from './persistence.ts'

/** What is known of anything that goes to the school in parts, a video or a file. */
export type Parted = Pick<Upload, 'id' | 'sizeBytes' | 'partBytes' | 'parts' | 'arrived'> & Partial<Pick<Upload, 'straight'>>

/** The calls that sending parts needs. */
export type PartsApi<U extends Parted = Parted> = {
  upload(input: { upload: string }): Promise<U>
  signParts(input: { upload: string; parts: number[]; hashes?: string[] }): Promise<{ parts: { number: number; url: string; size: number }[] }>
}

/** The contract's calls, as the uploader of videos uses them. */
export type UploadApi = PartsApi<Upload> & {
  startUpload(input: { lesson: string; fileName: string; sizeBytes: number; type: string; recipe?: string }): Promise<Upload>
  finishUpload(input: { upload: string }): Promise<Video>
  cancelUpload(input: { upload: string }): Promise<unknown>
  video(input: { video: string }): Promise<Video>
}

export type OutgoingPart = { url: string; body: Blob; signal: AbortSignal; onSent(bytes: number): void }
/** PUTs one part; answers the HTTP status, 0 when there was none. */
export type SendPart = (part: OutgoingPart) => Promise<number>

/** What sending needs of the browser; tests bring their own. */
export type Line = {
  send: SendPart
  /** SHA-256 in base64; undefined where the browser has none to offer. Rejects when the file cannot be read. */
  hash(part: Blob): Promise<string | undefined>
  /** URLs of parts in their order, signed by keys of whoever is signed in; rejects where they are given none. */
  signOwn(place: Straight, parts: readonly OwnPart[]): Promise<string[]>
  /** Shared by all uploads of the page. */
  lanes: Lanes
  wait: Wait
  random(): number
}

/** What an upload needs of the browser and the server. */
export type UploadWorld = Line & { api: UploadApi }
/** The same for whatever goes in parts. */
export type PartsWorld<U extends Parted = Parted> = Line & { api: PartsApi<U> }
