/** What we read of a media playlist (RFC 8216): the initialisation section and the segments with their lengths. */
export type MediaPlaylist = { init: string; segments: { uri: string; seconds: number }[] }

export const parseMediaPlaylist = (text: string): MediaPlaylist => {
  const lines = text.split(/\r?\n/)
  const init = /^#EXT-X-MAP:.*URI="([^"]+)"/m.exec(text)?.[1]
  if (lines[0] !== '#EXTM3U' || init === undefined || !lines.includes('#EXT-X-ENDLIST')) throw new Error('Not a finished fMP4 media playlist.')
  const segments = lines.flatMap((line, index) => {
    const seconds = /^#EXTINF:([\d.]+)/.exec(line)?.[1]
    const uri = lines[index + 1]
    return seconds === undefined || uri === undefined ? [] : [{ uri, seconds: Number(seconds) }]
  })
  if (segments.length === 0) throw new Error('A media playlist without segments.')
  return { init, segments }
}

const indexOf = (bytes: Uint8Array, name: string): number => {
  const wanted = [...name].map((sign) => sign.charCodeAt(0))
  return bytes.findIndex((_, index) => wanted.every((code, offset) => bytes[index + offset] === code))
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
const two = (number: number): string => String(number).padStart(2, '0')

/** Profile, constraints and level from `avcC` (ISO 14496-15 §5.3.3). */
const avcCodec = (init: Uint8Array, at: number): string => `avc1.${[...init.subarray(at + 5, at + 8)].map(hex).join('')}`

/** Profile, level, tier and depth from `av1C` (AV1 Codec ISO Media File Format Binding §2.3.3). */
const av1Codec = (init: Uint8Array, at: number): string => {
  const [profile = 0, depth = 0] = init.subarray(at + 5, at + 7)
  const bits = depth & 0x40 ? (depth & 0x20 ? 12 : 10) : 8
  return `av01.${profile >> 5}.${two(profile & 0x1f)}${depth & 0x80 ? 'H' : 'M'}.${two(bits)}`
}

/** RFC 6381 name of the picture an initialisation section describes. */
export const codecOf = (init: Uint8Array): string => {
  const avc = indexOf(init, 'avcC')
  if (avc >= 0) return avcCodec(init, avc)
  const av1 = indexOf(init, 'av1C')
  if (av1 >= 0) return av1Codec(init, av1)
  throw new Error('The initialisation section describes neither H.264 nor AV1.')
}

/** Bits a second of each segment, and over the whole. */
export const bitrates = (segments: { bytes: number; seconds: number }[]): { peak: number; average: number } => {
  const total = segments.reduce((sum, { bytes, seconds }) => ({ bytes: sum.bytes + bytes, seconds: sum.seconds + seconds }), { bytes: 0, seconds: 0 })
  const peak = Math.max(...segments.map(({ bytes, seconds }) => (bytes * 8) / Math.max(seconds, 0.1)))
  return { peak: Math.ceil(peak), average: Math.ceil((total.bytes * 8) / Math.max(total.seconds, 0.1)) }
}

export type Variant = {
  uri: string
  width: number
  height: number
  fps: number
  codec: string
  peak: number
  average: number
  /** Its segments carry the sound too. */
  hasSoundInside?: boolean
  /** I-frame playlist, and the bits a second of it. */
  keys?: { uri: string; peak: number }
}
export type Sound = { uri: string; channels: number; peak: number; average: number }
export type Subtitles = { language: string; label: string; uri: string }
export type Master = { variants: readonly Variant[]; sound?: Sound | undefined; subtitles?: readonly Subtitles[] }

/** AAC-LC (ISO 14496-3 audio object type 2). */
const AAC = 'mp4a.40.2'

/** A quoted-string of RFC 8216 §4.2 holds neither quotes nor line ends. */
const quoted = (text: string): string => `"${text.replace(/["\r\n]/g, '')}"`

const soundLine = ({ channels, uri }: Sound): string =>
  `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${channels}",URI="${uri}"`

const subtitlesLine = ({ language, label, uri }: Subtitles): string =>
  `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME=${quoted(label)},LANGUAGE="${language}",DEFAULT=NO,AUTOSELECT=YES,URI="${uri}"`

const variantLines = ({ uri, width, height, fps, codec, peak, average, hasSoundInside }: Variant, { sound, subtitles = [] }: Master): string[] => {
  const attributes = [
    `BANDWIDTH=${peak + (sound?.peak ?? 0)}`,
    `AVERAGE-BANDWIDTH=${average + (sound?.average ?? 0)}`,
    `CODECS="${[codec, ...(sound || hasSoundInside ? [AAC] : [])].join(',')}"`,
    `RESOLUTION=${width}x${height}`,
    `FRAME-RATE=${fps.toFixed(3)}`,
    'VIDEO-RANGE=SDR',
    'CLOSED-CAPTIONS=NONE',
    ...(sound ? ['AUDIO="sound"'] : []),
    ...(subtitles.length > 0 ? ['SUBTITLES="captions"'] : []),
  ]
  return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri]
}

const keysLine = ({ width, height, codec, keys }: Variant): string[] =>
  keys ? [`#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${keys.peak},CODECS="${codec}",RESOLUTION=${width}x${height},VIDEO-RANGE=SDR,URI="${keys.uri}"`] : []

/** The master playlist, the rung a player should begin with first. */
export const masterPlaylist = (master: Master): string => {
  const media = [...(master.sound ? [soundLine(master.sound)] : []), ...(master.subtitles ?? []).map(subtitlesLine)]
  const streams = master.variants.flatMap((variant) => variantLines(variant, master))
  return ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...media, ...streams, ...master.variants.flatMap(keysLine), ''].join('\n')
}

/** One whole WebVTT file as a subtitle playlist, for players that know captions by the master playlist only. */
export const subtitlePlaylist = (uri: string, seconds: number): string =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(seconds))}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXTINF:${seconds.toFixed(3)},`,
    uri,
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')

/** The byte ranges of an I-frame playlist with how long each picture stands (RFC 8216 §4.3.2.2). */
export const parseKeys = (text: string): { bytes: number; seconds: number }[] => {
  const lines = text.split(/\r?\n/)
  return lines.flatMap((line, index) => {
    const seconds = /^#EXTINF:([\d.]+)/.exec(line)?.[1]
    const bytes = /^#EXT-X-BYTERANGE:(\d+)@\d+/.exec(lines[index + 1] ?? '')?.[1]
    return seconds === undefined || bytes === undefined ? [] : [{ seconds: Number(seconds), bytes: Number(bytes) }]
  })
}
