/** A fraction of whole numbers: 30000/1001 frames a second. */
export type Fraction = { num: number; den: number }

/** What a source is, as its streams were found; what that means for a teacher is the school's to say. Seconds count from its first time stamp. */
export type SourceFacts = {
  /** The container's name as FFmpeg spells it: `mov`, `matroska`, `mpegts`. */
  container: string
  durationSeconds: number
  /** The container's first time stamp, which becomes 0. */
  startSeconds: number
  picture: Picture
  sound?: { stream: number; codec: string; channels: number }
  /** Cannot be entered at any second as it is: copied into a container with an index first. */
  needsCopy: boolean
  /** Its streams can be shown by browsers as they are, once they are cut into segments. */
  canRemux: boolean
  chapters: { startSeconds: number; title: string }[]
  besides: Besides
}

export type Picture = {
  stream: number
  /** FFmpeg's name of the codec: `h264`, `hevc`, `vp9`, `prores`. */
  codec: string
  /** As it is to be seen: square pixels, turned upright. */
  width: number
  height: number
  rotation: 0 | 90 | 180 | 270
  /** The usual rate the measured one is brought to. */
  fps: Fraction
  /** Frames a second as the file has them on average. */
  measuredFps: number
  isSteady: boolean
  isInterlaced: boolean
  hdr: boolean
  isSquare: boolean
  bitDepth: number
  /** 4:2:0 as browsers decode it. */
  isSubsampled: boolean
  colours: { space?: string; transfer?: string; primaries?: string }
  secondsPerKeyFrame: number
  /** The longest wait for a key frame; segments of a copy cannot be shorter. */
  longestGapSeconds: number
  lastFrameSeconds: number
}

/** What else lies in the file and is left out. */
export type Besides = {
  hasCover: boolean
  pictures: number
  sounds: number
  subtitles: number
  /** A sound there is no decoder for. */
  lostSound?: string
  /** The file claims another length than its packets have. */
  claimedSeconds?: number
}

/** Why a source cannot be used; the school turns it into words a teacher can act on. */
export type SourceFault =
  | 'not-a-video'
  | 'no-picture'
  | 'incomplete'
  | 'encrypted'
  | 'too-long'
  | 'broken-times'
  | 'too-large-a-picture'
  | 'too-many-streams'
  | 'undecodable'
  | 'too-heavy'
  | 'internal'

export type Probed = { kind: 'usable'; facts: SourceFacts } | { kind: 'unusable'; fault: SourceFault; detail: string }

export type Codec = 'h264' | 'av1'

/** One rung as it will be made; never larger than its source. `effort` is the encoder's own word: x264's preset, SVT-AV1's number. */
export type PlannedRung = { name: string; codec: Codec; width: number; height: number; crf: number; maxrateKbps: number; effort: string; tune?: string }

/** What to make of one source. The machine's FFmpeg plan and MediaConvert's settings are both made from it. */
export type Ladder = { fps: Fraction; segmentSeconds: number; audioKbps: number; rungs: PlannedRung[] }

export type TranscodeJob = {
  /** The school's id of the job, new for every attempt: a job started twice runs once. */
  job: string
  video: string
  /** Whose it is: teachers share the machine fairly. */
  owner: string
  /** Key of the source object. */
  source: string
  /** Prefix the outputs are written under, with its trailing slash, e.g. `media/vid_…/`. */
  output: string
  facts: SourceFacts
  ladder: Ladder
  /** `whole`: a first watchable rendition, sound, pictures and the ladder. `family`: more rungs for a video that is ready, in idle time. */
  makes: 'whole' | 'family'
}

/** `keys` is its I-frame playlist (RFC 8216 §4.3.3.6). */
export type Rendition = { name: string; codec: Codec; width: number; height: number; fps: number; playlist: string; keys?: string }

/**
 * The first of a video that can be watched, while the rest is being made. `copy`: the source as it is, with its sound in the
 * same segments · `opening`: the lowest rung and the sound, growing. `isWhole`: the last second is there too.
 */
export type Watchable = {
  kind: 'copy' | 'opening'
  isWhole: boolean
  rendition: Rendition
  /** Sound in a playlist of its own. */
  audio?: { playlist: string; channels: number }
  /** The picture's segments carry the sound too. */
  hasSoundInside: boolean
}

/**
 * What a finished job has written under its output prefix (keys below are relative to it):
 * a media playlist with `EXT-X-MAP` and fMP4 segments for each rung and for the sound, JPEG sheets and a poster.
 * A `family` has renditions alone.
 */
export type Transcoded = {
  durationSeconds: number
  renditions: Rendition[]
  audio?: { playlist: string; channels: number }
  /** 10×10 tiles a sheet, one every `everySeconds`. */
  storyboard?: { sheets: string[]; everySeconds: number; tileWidth: number; tileHeight: number; tiles: number }
  poster?: string
  /** The sound could not be decoded and was left out. */
  lostSound?: boolean
  /** Frames that could not be decoded whole, of all. */
  damage?: { errors: number; frames: number }
}

/** A stretch of the ladder, made by itself: `seconds` is where it begins. */
export type PieceState = { seconds: number; state: 'waiting' | 'making' | 'made' }

export type TranscodeNews =
  | { kind: 'progressed'; job: string; video: string; percent: number; phase: 'copying' | 'encoding' | 'finishing' }
  | { kind: 'watchable'; job: string; video: string; watchable: Watchable }
  | { kind: 'transcoded'; job: string; video: string; result: Transcoded }
  | { kind: 'failed'; job: string; video: string; fault: SourceFault; detail: string }

/**
 * Turns a source into a ladder. `start` is durable: once it answers, the job ends in `transcoded` or `failed` news,
 * told at least once, whatever becomes of the process; finished pieces are not made again.
 */
export type Transcoder = {
  /** Looks at every stream and every packet, decoding none. `owner` shares the machine with others as jobs do. */
  probe(source: { key: string; owner: string }): Promise<Probed>
  start(job: TranscodeJob): Promise<void>
  /** Somebody wants to see the ladder from this second on: it is made next. Of an unknown or ended job it is no error. */
  prefer(job: string, seconds: number): Promise<void>
  /** How far each stretch of a job's ladder is, in order; empty when that is not known. */
  pieces(job: string): Promise<PieceState[]>
  /** No news of the job follows, save what was on its way. What is unknown will never be started; cancelling what has ended is no error. */
  cancel(job: string): Promise<void>
}
