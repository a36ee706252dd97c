/** What is known of the segments of one track, from its first one on: how long each is, and where its first picture lies. */
export type TrackSegments = { seconds: number[]; keys: ([offset: number, bytes: number] | undefined)[] }

export const segmentName = (index: number): string => `${String(index).padStart(5, '0')}.m4s`

const head = (target: number, kind: 'EVENT' | 'VOD', more: string[] = []): string[] => [
  ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${target}`, '#EXT-X-MEDIA-SEQUENCE:0', `#EXT-X-PLAYLIST-TYPE:${kind}`],
  ...['#EXT-X-INDEPENDENT-SEGMENTS', ...more, '#EXT-X-MAP:URI="init.mp4"'],
]

/** No segment, rounded, is longer (RFC 8216 §4.3.3.1). `least` keeps it the same while a list grows. */
const targetOf = (seconds: readonly number[], least: number): number => Math.max(1, least, ...seconds.map((one) => Math.round(one)))

/** A media playlist of RFC 8216 with the true length of every segment; without an end while more will follow. */
export const mediaPlaylist = (seconds: readonly number[], { isWhole, least = 1 }: { isWhole: boolean; least?: number }): string =>
  [
    ...head(targetOf(seconds, least), isWhole ? 'VOD' : 'EVENT'),
    ...seconds.flatMap((one, index) => [`#EXTINF:${one.toFixed(6)},`, segmentName(index)]),
    ...(isWhole ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')

/** An I-frame playlist (RFC 8216 §4.3.3.6); undefined when a segment's first picture is not known. */
export const keysPlaylist = ({ seconds, keys }: TrackSegments): string | undefined => {
  const ranges = keys.filter((key) => key !== undefined)
  if (ranges.length === 0 || ranges.length !== seconds.length) return undefined
  const lines = ranges.flatMap(([offset, bytes], index) => [
    `#EXTINF:${(seconds[index] ?? 0).toFixed(6)},`,
    `#EXT-X-BYTERANGE:${bytes}@${offset}`,
    segmentName(index),
  ])
  return [...head(targetOf(seconds, 1), 'VOD', ['#EXT-X-I-FRAMES-ONLY']), ...lines, '#EXT-X-ENDLIST', ''].join('\n')
}

/** The lengths FFmpeg's own growing list names so far. */
export const listedSeconds = (text: string): number[] => [...text.matchAll(/^#EXTINF:([\d.]+)/gm)].map((found) => Number(found[1]))
