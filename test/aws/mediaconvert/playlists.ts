import type { CmafGroupSettings, Output, OutputGroup } from '@aws-sdk/client-mediaconvert'
import { keyRange } from '#homes/machine/ffmpeg/boxes.ts'
import { baseOf, type Encoded, SHEETS } from './encode.ts'

type Files = Encoded['files']

/** How its outputs’ I-frame playlists are called is not written down; readers are to take the name from the group's own playlist. */
const KEYS = '_I-Frame'

const keysList = (files: Files, name: string): string | undefined => {
  const text = files.get(`${name}.m3u8`)?.toString() ?? ''
  const found = [...text.matchAll(/#EXTINF:([\d.]+),\s+(\S+)/g)].flatMap(([, seconds = '', uri = '']) => {
    const range = keyRange(files.get(uri) ?? Buffer.alloc(0))
    return range ? [`#EXTINF:${seconds},`, `#EXT-X-BYTERANGE:${range.bytes}@${range.offset}`, uri] : []
  })
  const head = text.split('\n').filter((line) => /^#EXT(M3U|-X-(VERSION|TARGETDURATION|MEDIA-SEQUENCE|PLAYLIST-TYPE|MAP))/.test(line))
  return found.length > 0 ? [...head, '#EXT-X-I-FRAMES-ONLY', ...found, '#EXT-X-ENDLIST', ''].join('\n') : undefined
}

const listed = (files: Files, { Destination = '' }: CmafGroupSettings, output: Output): string[] => {
  const name = `${baseOf(Destination)}${output.NameModifier}`
  const video = output.VideoDescription
  if (!video) return [`#EXT-X-MEDIA:TYPE=AUDIO,URI="${name}.m3u8",GROUP-ID="program_audio_0",DEFAULT=YES,AUTOSELECT=YES,NAME="Alternate Audio",CHANNELS="2"`]
  const size = `RESOLUTION=${video.Width}x${video.Height}`
  const keys = output.ContainerSettings?.CmfcSettings?.IFrameOnlyManifest === 'INCLUDE' ? keysList(files, name) : undefined
  if (keys !== undefined) files.set(`${name}${KEYS}.m3u8`, Buffer.from(keys))
  return [
    `#EXT-X-STREAM-INF:BANDWIDTH=400000,${size},AUDIO="program_audio_0"`,
    `${name}.m3u8`,
    ...(keys === undefined ? [] : [`#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=40000,${size},URI="${name}${KEYS}.m3u8"`]),
  ]
}

const sheetLines = (files: Files, { Destination = '', ImageBasedTrickPlaySettings: tiles }: CmafGroupSettings): string[] => {
  if (!tiles) return []
  const name = `${baseOf(Destination)}${SHEETS}`
  const images = [...files.keys()].filter((file) => file.startsWith(`${name}_`) && file.endsWith('.jpg')).sort()
  const whole = (tiles.ThumbnailInterval ?? 2) * (tiles.TileWidth ?? 1) * (tiles.TileHeight ?? 1)
  const head = ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${whole}`, '#EXT-X-MEDIA-SEQUENCE:1', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-IMAGES-ONLY']
  files.set(`${name}.m3u8`, Buffer.from([...head, ...images.flatMap((image) => [`#EXTINF:${whole},`, image]), '#EXT-X-ENDLIST', ''].join('\n')))
  return [`#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=9000,RESOLUTION=${tiles.ThumbnailWidth}x${tiles.ThumbnailHeight},CODECS="jpeg",URI="${name}.m3u8"`]
}

/** Adds the playlists that MediaConvert writes beside those of the streams: I-frames, thumbnails, and the group's own. */
export const addPlaylists = (files: Files, { OutputGroupSettings: of, Outputs = [] }: OutputGroup): void => {
  const cmaf = of?.CmafGroupSettings
  if (cmaf?.WriteHlsManifest !== 'ENABLED') return
  const lines = [...Outputs.flatMap((output) => listed(files, cmaf, output)), ...sheetLines(files, cmaf)]
  files.set(`${baseOf(cmaf.Destination ?? '')}.m3u8`, Buffer.from(['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, ''].join('\n')))
}
