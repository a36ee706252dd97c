import type { SourceFault } from '#ports/transcoder.ts'
import { aliasTo, covered, elsewhere, ftyp, patched, renamed } from './awkward-boxes.fixture.ts'
import { aac, card, claiming, coded, film, h264, joined, plain, scratched, tone } from './awkward-film.fixture.ts'

const ENCRYPTION = { encryption_scheme: 'cenc-aes-ctr', encryption_key: '00112233445566778899aabbccddeeff', encryption_kid: '00112233445566778899aabbccddeeff' }

/** A box that says it is larger than any disk. */
const endless = (type: string, size: bigint): Buffer => {
  const head = Buffer.alloc(16)
  head.writeUInt32BE(1)
  head.write(type, 4, 'latin1')
  head.writeBigUInt64BE(size, 8)
  return head
}

/** One in so many of its JPEG pictures is overwritten. */
export const spoiled = async (every: number): Promise<Buffer> => {
  const copy = Buffer.from(await film({ graph: card({ seconds: 4, pixels: 'yuvj420p' }), streams: [coded('mjpeg')], format: 'mov' }))
  const begins = Buffer.from('ffd8ff', 'hex')
  let frame = 0
  for (let at = copy.indexOf(begins); at >= 0; at = copy.indexOf(begins, at + 1)) {
    frame += 1
    if (frame % every === 0) copy.fill(0, at, at + 900)
  }
  return copy
}

const soundOnly = (format: string, encoder: string, frame = 1024) => film({ graph: tone({ frame }), streams: [coded(encoder, {}, 'a0')], format })

/** `faultByCli`: where an `ffmpeg` of the machine stops sooner. */
type Refused = { make: () => Promise<Buffer>; fault: SourceFault; faultByCli?: SourceFault }

/** Files that begin as a film does and cannot be used, each with its fault. */
export const REFUSED: Record<string, Refused> = {
  'whose index was lost': { make: async () => (await film({ graph: card(), streams: [h264()] })).subarray(0, -2000), fault: 'incomplete' },
  'of noise behind its first box': { make: async () => Buffer.concat([ftyp, Buffer.alloc(4096, 'noise')]), fault: 'incomplete' },
  'cut off after its index': { make: async () => (await plain()).subarray(0, 20_000), fault: 'incomplete' },
  'cut off in Matroska': {
    make: async () => (await film({ graph: card({ seconds: 4 }), streams: [h264()], format: 'matroska' })).subarray(0, 30_000),
    fault: 'incomplete',
  },
  'that says it lasts a minute': { make: () => claiming(60), fault: 'incomplete' },
  'with a box larger than any disk before its index': {
    make: async () => Buffer.concat([ftyp, endless('mdat', 2n ** 63n - 1n), await plain()]),
    fault: 'incomplete',
  },
  'with a box of no size before its index': { make: async () => Buffer.concat([ftyp, endless('free', 3n), await plain()]), fault: 'incomplete' },
  'with an index and no media': { make: async () => (await plain()).subarray(0, (await plain()).indexOf('mdat') - 4), fault: 'incomplete' },
  'protected as streaming services do': {
    make: () => film({ graph: card(), streams: [h264()], options: ENCRYPTION }),
    fault: 'encrypted',
  },
  'protected and in fragments': {
    make: () => film({ graph: card(), streams: [h264()], options: { ...ENCRYPTION, movflags: '+frag_keyframe+empty_moov' } }),
    fault: 'encrypted',
  },
  'of 16000 by 9000': {
    make: () => film({ graph: 'color=black:s=16000x9000:r=1:d=1,format=gray[v0]', streams: [coded('png')], format: 'mov' }),
    fault: 'too-large-a-picture',
  },
  'that wide pixels make too large': {
    make: () => film({ graph: card({ size: '3840x32', seconds: 0.2, filters: 'setsar=9/1' }), streams: [h264()] }),
    fault: 'too-large-a-picture',
  },
  'with seventy tracks': {
    make: () => {
      const labels = Array.from({ length: 70 }, (_, index) => `a${index}`)
      const graph = `sine=d=0.2:r=8000,asetnsamples=n=160:p=0,asplit=70${labels.map((label) => `[${label}]`).join('')}`
      return film({ graph: `${card({ seconds: 0.2 })};${graph}`, streams: [h264(), ...labels.map((label) => coded('pcm_s16le', {}, label))], format: 'mov' })
    },
    fault: 'too-many-streams',
  },
  'of two frames ten hours apart': {
    make: () => film({ graph: card({ fps: '1', filters: 'setpts=N*36000/TB' }), streams: [h264({ bf: '0' })], options: { video_track_timescale: '90' } }),
    fault: 'broken-times',
  },
  'of a frame every half hour, for thirteen hours': {
    make: () =>
      film({ graph: card({ fps: '1', seconds: 27, filters: 'setpts=N*1800/TB' }), streams: [h264({ bf: '0' })], options: { video_track_timescale: '90' } }),
    fault: 'too-long',
  },
  'of two broadcasts joined without converting': {
    make: () => joined({ graph: card({ seconds: 3 }), streams: [h264()] }, { graph: card({ seconds: 4 }), streams: [h264()] }),
    fault: 'broken-times',
  },
  'with pictures of a codec nobody has': { make: async () => renamed(renamed(await plain(), 'avc1', 'zz-4'), 'avcC', 'zzzC'), fault: 'undecodable' },
  'with pictures of no size': {
    make: async () =>
      patched(await film({ graph: card({ seconds: 0.2, pixels: 'yuv420p' }), streams: [coded('rawvideo')], format: 'mov' }), 'stsd', (bytes, at) =>
        bytes.fill(0, at + 8 + 8 + 24, at + 8 + 8 + 28),
      ),
    fault: 'undecodable',
    // ffprobe ends with an error where a decoder cannot be opened.
    faultByCli: 'not-a-video',
  },
  'of a single row of pixels': {
    make: () => film({ graph: card({ seconds: 0.2, filters: 'scale=160:1', pixels: 'rgb24' }), streams: [coded('png')], format: 'mov' }),
    fault: 'undecodable',
  },
  'with every second picture spoiled': { make: () => spoiled(2), fault: 'undecodable' },
  'with pictures scratched all over': { make: () => scratched({ graph: card({ seconds: 8 }), streams: [h264({ g: '5' })] }, 3000), fault: 'undecodable' },
  'of sound alone, in MP4': { make: () => film({ graph: tone(), streams: [aac()] }), fault: 'no-picture' },
  'of sound alone, in MP3': { make: () => soundOnly('mp3', 'libmp3lame', 1152), fault: 'no-picture' },
  'of sound alone, in WAV': { make: () => film({ graph: tone({ samples: 's16' }), streams: [coded('pcm_s16le')], format: 'wav' }), fault: 'no-picture' },
  'of sound alone, with a cover': { make: async () => covered(await film({ graph: tone(), streams: [aac()] })), fault: 'no-picture' },
  'whose media lies in another file, says its index': {
    make: async () => elsewhere(await film({ graph: card(), streams: [h264()] }), aliasTo('/etc/hosts')),
    fault: 'incomplete',
  },
}
