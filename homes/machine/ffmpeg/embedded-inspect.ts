import type * as Av from 'node-av/lib'
import { turnOf } from './display-matrix.ts'
import { type Ffmpeg, NO_TIME, openInput } from './embedded-input.ts'
import { isSteady, longestGap, newReach, note, type Reach } from './reach.ts'
import type { Inspection, Life, StreamFacts } from './task.ts'

/** Reads every packet, decoding none: what a container claims of itself is often wrong, and a cut file claims its full length. */
const scan = ({ lib }: Ffmpeg, input: Av.FormatContext, life: Life): Map<number, Reach> => {
  const reached = new Map<number, Reach>()
  const packet = new lib.Packet()
  packet.alloc()
  while (input.readFrameSync(packet) >= 0) {
    life.beat()
    const { streamIndex, duration, isKeyframe, pts, dts } = packet
    packet.unref()
    const stream = input.streams[streamIndex]
    if (!stream) continue
    const reach = reached.get(streamIndex) ?? newReach()
    reached.set(streamIndex, reach)
    const seconds = (time: bigint): number | undefined => (time === NO_TIME ? undefined : Number(time) * stream.timeBase.toDouble())
    note(reach, { pts: seconds(pts), dts: seconds(dts), duration: Number(duration) * stream.timeBase.toDouble(), isKeyframe })
  }
  return reached
}

const rotationOf = ({ constants }: Ffmpeg, stream: Av.Stream): number => {
  const matrix = stream.codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX)
  if (!matrix || matrix.length < 36) return 0
  return turnOf(Array.from({ length: 9 }, (_, index) => matrix.readInt32LE(index * 4)))
}

/** FFmpeg's AVMediaType. */
const KINDS: Record<number, StreamFacts['kind']> = { 0: 'video', 1: 'audio', 3: 'subtitle' }

const TRANSFERS: Record<number, string> = { 1: 'bt709', 6: 'smpte170m', 16: 'smpte2084', 18: 'arib-std-b67' }
const SPACES: Record<number, string> = { 1: 'bt709', 5: 'bt470bg', 6: 'smpte170m', 9: 'bt2020nc' }
const PRIMARIES: Record<number, string> = { 1: 'bt709', 5: 'bt470bg', 6: 'smpte170m', 9: 'bt2020' }

const coloursOf = ({ codecpar }: Av.Stream): StreamFacts['colours'] => {
  const [space, transfer, primaries] = [SPACES[codecpar.colorSpace], TRANSFERS[codecpar.colorTrc], PRIMARIES[codecpar.colorPrimaries]]
  return { ...(space ? { space } : {}), ...(transfer ? { transfer } : {}), ...(primaries ? { primaries } : {}) }
}

/** Of a picture, `format` is one of AVPixelFormat. */
const pixelFormatOf = ({ lib }: Ffmpeg, { format }: Av.Stream['codecpar']): string =>
  lib.avGetPixFmtName(format as Parameters<typeof lib.avGetPixFmtName>[0]) ?? ''

/** The one profile that decides anything: AAC's low complexity, which every browser plays. */
const profileOf = ({ profile, codecType }: Av.Stream['codecpar']): string => (codecType === 1 && profile === 1 ? 'LC' : String(profile))

const describe = (ffmpeg: Ffmpeg, stream: Av.Stream, reach: Reach | undefined): StreamFacts => {
  const { lib, constants } = ffmpeg
  const { codecpar } = stream
  const kind = KINDS[codecpar.codecType] ?? 'other'
  const { num, den } = stream.sampleAspectRatio.num > 0 ? stream.sampleAspectRatio : codecpar.sampleAspectRatio
  const order: unknown = codecpar.toJSON()['fieldOrder']
  const average = stream.avgFrameRate.num > 0 ? stream.avgFrameRate : stream.rFrameRate
  return {
    index: stream.index,
    kind,
    codec: lib.avGetCodecName(codecpar.codecId) ?? 'none',
    isDecodable: lib.Codec.findDecoder(codecpar.codecId) !== null,
    isAttachedPicture: (stream.disposition & constants.AV_DISPOSITION_ATTACHED_PIC) !== 0,
    isDefault: (stream.disposition & constants.AV_DISPOSITION_DEFAULT) !== 0,
    width: kind === 'video' ? codecpar.width : 0,
    height: kind === 'video' ? codecpar.height : 0,
    pixelAspect: num > 0 && den > 0 ? num / den : 1,
    rotation: rotationOf(ffmpeg, stream),
    averageFps: average.num > 0 && average.den > 0 ? average.toDouble() : 0,
    isInterlaced: typeof order === 'number' && order > constants.AV_FIELD_PROGRESSIVE,
    colours: coloursOf(stream),
    pixelFormat: kind === 'video' ? pixelFormatOf(ffmpeg, codecpar) : '',
    profile: profileOf(codecpar),
    isSteady: isSteady(reach),
    longestGapSeconds: longestGap(reach),
    longestWaitSeconds: reach?.longestWait ?? 0,
    furthestBackSeconds: reach?.furthestBack ?? 0,
    channels: kind === 'audio' ? codecpar.channels : 0,
    sampleRate: kind === 'audio' ? codecpar.sampleRate : 0,
    packets: reach?.packets ?? 0,
    keyFrames: reach?.keyFrames ?? 0,
    firstSeconds: reach?.first ?? 0,
    endSeconds: reach?.end ?? 0,
  }
}

const END = 'End of the description.'

/** node-av has no call for chapters, but FFmpeg's own description of a file, meant for its log, lists them. */
const chaptersOf = async ({ lib, constants }: Ffmpeg, input: Av.FormatContext): Promise<Inspection['chapters']> => {
  const said: string[] = []
  const level = lib.Log.getLevel()
  lib.Log.setLevel(constants.AV_LOG_INFO)
  // Log lines cross over from native code later, in their order: the last one tells that all have come.
  await new Promise<void>((resolve) => {
    const fallback = setTimeout(resolve, 5000)
    const hear = (line: string): void => {
      said.push(line)
      if (!line.includes(END)) return
      clearTimeout(fallback)
      resolve()
    }
    lib.Log.setCallback((_, line) => hear(line), { maxLevel: constants.AV_LOG_INFO })
    input.dumpFormat(0, 'source', false)
    lib.Log.log(constants.AV_LOG_INFO, END)
  })
  lib.Log.resetCallback()
  lib.Log.setLevel(level)
  return chaptersIn(said)
}

export const chaptersIn = (said: string[]): Inspection['chapters'] => {
  const chapters: Inspection['chapters'] = []
  said.forEach((line, index) => {
    const start = /^\s*Chapter #\d+:\d+: $/.test(line) ? /start (-?[\d.]+)/.exec(said[index + 1] ?? '') : null
    if (start) chapters.push({ startSeconds: Number(start[1]), title: '' })
    const last = chapters.at(-1)
    if (last?.title === '' && /^\s{8}title\s+: $/.test(line)) last.title = said[index + 1] ?? ''
  })
  return chapters
}

export const inspectWith = async (ffmpeg: Ffmpeg, path: string, life: Life): Promise<Inspection> => {
  const input = openInput(ffmpeg, path)
  const chapters = await chaptersOf(ffmpeg, input)
  const reached = scan(ffmpeg, input, life)
  return {
    format: input.iformat?.name ?? '',
    startSeconds: input.startTime === NO_TIME ? 0 : Number(input.startTime) / 1e6,
    ...(input.duration > 0n ? { claimedSeconds: Number(input.duration) / 1e6 } : {}),
    streams: input.streams.map((stream) => describe(ffmpeg, stream, reached.get(stream.index))),
    chapters,
  }
}
