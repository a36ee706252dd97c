import { randomBytes } from 'node:crypto'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const SEGMENT_BYTES = 2_000_000
/** A few segments in turn, so that no cache of the processor holds all there is; named as an encoder does, so that an edge that counts what is loaded of films counts them. */
export const SEGMENTS: readonly string[] = Array.from({ length: 8 }, (_, index) => `${String(index).padStart(5, '0')}.m4s`)
export const PLAYLIST = 'index.m3u8'
export const MASTER = 'master.m3u8'
export const HEALTH = 'health.json'
export const ME = 'me.json'

/** Of an hour in segments of four seconds. */
const playlist = (): string => {
  const entries = Array.from({ length: 900 }, (_, index) => `#EXTINF:4.000,\n${String(index).padStart(5, '0')}.m4s\n`)
  const head = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI="init.mp4"\n'
  return `${head}${entries.join('')}#EXT-X-ENDLIST\n`
}

const master = (): string => {
  const variant = (height: number): string =>
    `#EXT-X-STREAM-INF:BANDWIDTH=${height * 5000},AVERAGE-BANDWIDTH=${height * 3000},RESOLUTION=${Math.round((height * 16) / 9)}x${height},FRAME-RATE=30.000,CODECS="avc1.640028,mp4a.40.2",AUDIO="audio"\n${height}p/index.m3u8\n`
  const sound = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio/index.m3u8"\n'
  return `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n${sound}${[1080, 720, 480, 270].map(variant).join('')}`
}

export const writeFiles = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, PLAYLIST), playlist())
  await writeFile(join(folder, MASTER), master())
  for (const name of SEGMENTS) await writeFile(join(folder, name), randomBytes(SEGMENT_BYTES))
}

export const sizeOf = async (folder: string, name: string): Promise<number> => (await stat(join(folder, name))).size
