/** A rung of a ladder; `shortSide` is the height of a landscape picture and the width of a portrait one. */
export type Rung = { name: string; shortSide: number; crf: number; maxrateKbps: number }

/** What to make of a source. The machine's FFmpeg plan and MediaConvert's settings are both made from it. */
export type Recipe = { name: string; segmentSeconds: number; audioKbps: number; rungs: Rung[] }

export type TranscodeJob = {
  /** The school's id of the job, new for every attempt: a job started twice runs once. */
  job: string
  video: string
  /** Key of the source object. */
  source: string
  /** Prefix the outputs are written under, with its trailing slash, e.g. `media/vid_…/`. */
  output: string
  recipe: Recipe
}

/** Why a source cannot be used; the school turns it into words a teacher can act on. */
export type SourceFault = 'not-a-video' | 'no-picture' | 'incomplete' | 'encrypted' | 'too-long' | 'too-large-a-picture' | 'undecodable' | 'internal'

export type Rendition = { name: string; width: number; height: number; fps: number; playlist: string }

/**
 * What a finished job has written under its output prefix (keys below are relative to it):
 * a media playlist with `EXT-X-MAP` and fMP4 segments for each rung and for the sound, JPEG sheets and a poster.
 */
export type Transcoded = {
  durationSeconds: number
  renditions: Rendition[]
  audio?: { playlist: string; channels: number }
  /** 10×10 tiles a sheet, one every `everySeconds`. */
  storyboard: { sheets: string[]; everySeconds: number; tileWidth: number; tileHeight: number; tiles: number }
  poster: string
  chapters: { startSeconds: number; title: string }[]
}

export type TranscodeNews =
  | { kind: 'progressed'; job: string; video: string; percent: number; phase: 'probing' | 'encoding' | 'finishing' }
  | { kind: 'transcoded'; job: string; video: string; result: Transcoded }
  | { kind: 'failed'; job: string; video: string; fault: SourceFault; detail: string }

/**
 * Turns a source into a ladder. `start` is durable: once it answers, the job ends in `transcoded` or `failed` news,
 * told at least once, whatever becomes of the process; finished pieces are not made again.
 */
export type Transcoder = {
  start(job: TranscodeJob): Promise<void>
  /** No news of the job follows, save what was on its way. Cancelling what is unknown or ended is no error. */
  cancel(job: string): Promise<void>
}
