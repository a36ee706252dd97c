import type { SourceFault } from '#ports/transcoder.ts'

/** One pass of FFmpeg: at most one stream in, one filter graph, any number of files out. Both executors run it as it stands. */
export type Task = {
  input?: TaskInput
  /** FFmpeg's own notation. `[0:3]` is stream 3 of the input; the outputs below name its open ends. */
  graph: string
  outputs: TaskOutput[]
  /** Folders to make under the working folder first. */
  folders: string[]
}

export type TaskInput = {
  path: string
  stream: number
  /** Where to begin reading; the reader stops at the key frame before it. */
  seekSeconds?: number
  keyFramesOnly?: boolean
}

export type TaskOutput = {
  path: string
  format: string
  options: Record<string, string>
  streams: { label: string; encoder: string; options: Record<string, string> }[]
}

/** Copies streams into another container, without decoding. */
export type CopyTask = { from: string; streams: number[]; to: string; format: string; options: Record<string, string> }

/** What a container says of one of its streams, and what reading all its packets showed. Seconds are as stored, before any shift to 0. */
export type StreamFacts = {
  index: number
  kind: 'video' | 'audio' | 'subtitle' | 'other'
  codec: string
  isDecodable: boolean
  isAttachedPicture: boolean
  isDefault: boolean
  width: number
  height: number
  /** Width ÷ height of one pixel. */
  pixelAspect: number
  /** Clockwise degrees a player must turn the picture by; any whole number, as files lie. */
  rotation: number
  averageFps: number
  isInterlaced: boolean
  /** FFmpeg's name: `yuv420p10le`; empty where it is not known. */
  pixelFormat: string
  profile: string
  /** Nearly all frames are equally long. */
  isSteady: boolean
  longestGapSeconds: number
  /** From one packet to the next, and from one packet back to the next. */
  longestWaitSeconds: number
  furthestBackSeconds: number
  colours: { space?: string; transfer?: string; primaries?: string }
  channels: number
  sampleRate: number
  packets: number
  keyFrames: number
  firstSeconds: number
  endSeconds: number
}

export type Inspection = {
  format: string
  startSeconds: number
  /** What the container claims; undefined when it does not say. */
  claimedSeconds?: number
  streams: StreamFacts[]
  chapters: { startSeconds: number; title: string }[]
}

export type TaskReport = { decodedFrames: number; decodeErrors: number }

/** Told again and again while something is being done: that it is, and how far it is in the source or the output. */
export type Life = { beat(): void; reached(seconds: number): void }

/** Something that can run FFmpeg. It lives in a worker process, may block it, and must not be asked for two things at once. */
export type Executor = {
  inspect(path: string, life: Life): Promise<Inspection>
  run(task: Task, life: Life): Promise<TaskReport>
  copy(task: CopyTask, life: Life): Promise<void>
}

export class SourceError extends Error {
  readonly code: SourceFault
  constructor(code: SourceFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Only containers that cannot name another file: a playlist in the guise of an `.mp4` would otherwise read this machine's files. */
export const INPUT_OPTIONS: Record<string, string> = {
  protocol_whitelist: 'file,pipe',
  format_whitelist: 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mp3,wav,flac,aac,mxf',
  max_streams: '64',
}

/** 8K passes; a picture made to exhaust memory does not. */
export const MAX_PIXELS = 40_000_000
