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

/** RFC 6381 name of the H.264 stream an initialisation section describes: profile, constraints and level from `avcC` (ISO 14496-15 §5.3.3). */
export const avcCodec = (init: Uint8Array): string => {
  const at = indexOf(init, 'avcC')
  if (at < 0) throw new Error('The initialisation section describes no H.264.')
  const hex = [...init.subarray(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `avc1.${hex.join('')}`
}

/** Bits a second of each segment, and over the whole. */
export const bitrates = (segments: { bytes: number; seconds: number }[]): { peak: number; average: number } => {
  const total = segments.reduce((sum, { bytes, seconds }) => ({ bytes: sum.bytes + bytes, seconds: sum.seconds + seconds }), { bytes: 0, seconds: 0 })
  const peak = Math.max(...segments.map(({ bytes, seconds }) => (bytes * 8) / Math.max(seconds, 0.1)))
  return { peak: Math.ceil(peak), average: Math.ceil((total.bytes * 8) / Math.max(total.seconds, 0.1)) }
}

export type Variant = { uri: string; width: number; height: number; fps: number; codec: string; peak: number; average: number }
export type Sound = { uri: string; channels: number; peak: number; average: number }

/** AAC-LC (ISO 14496-3 audio object type 2). */
const AAC = 'mp4a.40.2'

/** The master playlist, the rung a player should begin with first. */
export const masterPlaylist = (variants: Variant[], sound: Sound | undefined): string => {
  const media = sound
    ? [`#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${sound.channels}",URI="${sound.uri}"`]
    : []
  const streams = variants.flatMap(({ uri, width, height, fps, codec, peak, average }) => {
    const attributes = [
      `BANDWIDTH=${peak + (sound?.peak ?? 0)}`,
      `AVERAGE-BANDWIDTH=${average + (sound?.average ?? 0)}`,
      `CODECS="${[codec, ...(sound ? [AAC] : [])].join(',')}"`,
      `RESOLUTION=${width}x${height}`,
      `FRAME-RATE=${fps.toFixed(3)}`,
      'VIDEO-RANGE=SDR',
      'CLOSED-CAPTIONS=NONE',
      ...(sound ? ['AUDIO="sound"'] : []),
    ]
    return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri]
  })
  return ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...media, ...streams, ''].join('\n')
}
