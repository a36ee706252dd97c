import { turned } from './awkward-boxes.fixture.ts'
import { aac, card, coded, film, h264, joined, plain, scratched, sounding, tone, type Usable } from './awkward-film.fixture.ts'
import { spoiled } from './awkward-refused.fixture.ts'

const hdr = (transfer: string) =>
  film({
    graph: card({ filters: `setparams=color_primaries=bt2020:color_trc=${transfer}:colorspace=bt2020nc`, pixels: 'yuv420p10le' }),
    streams: [coded('libx265', { preset: 'ultrafast', 'x265-params': `log-level=none:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc` })],
  })

const quiet = { seconds: 2, size: '160×90', notes: 'small silent' }

/** Films with something about their pictures, and what becomes of them. */
export const PICTURES: Record<string, Usable> = {
  'held upright': { make: async () => turned(await plain(), 0, 1, -1, 0), ready: { ...quiet, size: '90×160', notes: 'rotated small silent' } },
  'held upside down': { make: async () => turned(await plain(), -1, 0, 0, -1), ready: { ...quiet, notes: 'rotated small silent' } },
  'mirrored from left to right': { make: async () => turned(await plain(), -1, 0, 0, 1), ready: quiet },
  'mirrored from top to bottom': { make: async () => turned(await plain(), 1, 0, 0, -1), ready: { ...quiet, notes: 'rotated small silent' } },
  'turned by 45 degrees, which no camera is': { make: async () => turned(await plain(), 0.7, 0.7, -0.7, 0.7), ready: quiet },
  'turned by a matrix of zeros': { make: async () => turned(await plain(), 0, 0, 0, 0), ready: quiet },
  'with wide pixels': {
    make: () => film({ graph: card({ filters: 'setsar=64/45' }), streams: [h264()] }),
    ready: { ...quiet, size: '228×90', notes: 'stretched small silent' },
  },
  'with pixels a thousand times as high as wide': { make: () => film({ graph: card({ filters: 'setsar=1/1000' }), streams: [h264()] }), ready: quiet },
  interlaced: {
    make: () =>
      film({
        graph: card({ size: '160x96', fps: '50', filters: 'tinterlace=interleave_top,setfield=tff' }),
        streams: [coded('mpeg2video', { flags: '+ildct+ilme', b: '400k' })],
        format: 'mpegts',
      }),
    ready: { ...quiet, size: '150×90', notes: 'interlaced small no-index silent' },
  },
  'in HDR10': { make: () => hdr('smpte2084'), ready: { ...quiet, notes: 'hdr small silent' } },
  'in HLG': { make: () => hdr('arib-std-b67'), ready: { ...quiet, notes: 'hdr small silent' } },
  'in ProRes, 4:2:2 with ten bits': {
    make: () => film({ graph: card({ seconds: 1, pixels: 'yuv422p10le' }), streams: [coded('prores_ks', { profile: '0' })], format: 'mov' }),
    ready: { ...quiet, seconds: 1 },
  },
  'in 4:4:4 over the full range': { make: () => film({ graph: card({ pixels: 'yuvj444p' }), streams: [h264()] }), ready: quiet },
  'of motion JPEG': {
    make: () => film({ graph: card({ seconds: 1, pixels: 'yuvj422p' }), streams: [coded('mjpeg')], format: 'avi' }),
    ready: { ...quiet, seconds: 1, notes: 'small no-index silent' },
  },
  'with see-through pixels': {
    make: () => film({ graph: card({ seconds: 1, pixels: 'rgba' }), streams: [coded('png')], format: 'mov' }),
    ready: { ...quiet, seconds: 1 },
  },
  'of sixteen-bit greys': {
    make: () => film({ graph: card({ seconds: 1, pixels: 'gray16le' }), streams: [coded('ffv1')], format: 'matroska' }),
    ready: { ...quiet, seconds: 1 },
  },
  'of an odd size': {
    make: () => film({ graph: card({ size: '163x91', pixels: 'yuv444p' }), streams: [h264()] }),
    ready: { ...quiet, size: '162×90', notes: 'odd-size small silent' },
  },
  'of two by two pixels': { make: () => film({ graph: card({ size: '2x2' }), streams: [h264()] }), ready: { ...quiet, size: '2×2' } },
  'as high as a tower': {
    make: () => film({ graph: card({ size: '16x1600', seconds: 1 }), streams: [h264()] }),
    ready: { ...quiet, seconds: 1, size: '16×1600' },
  },
  'as wide as a horizon': {
    make: () => film({ graph: card({ size: '2400x16', seconds: 1 }), streams: [h264()] }),
    ready: { ...quiet, seconds: 1, size: '2400×16' },
  },
  'with frames at uneven times': {
    make: () => film({ graph: card({ seconds: 1.2, filters: "settb=1/1000,setpts='pow(N\\,1.3)*25'" }), streams: [h264({ bf: '0' })] }),
    ready: { ...quiet, notes: 'variable-rate small silent' },
  },
  'of a hundred thousand frames a second': {
    make: () =>
      film({ graph: card({ size: '32x18', fps: '100000', seconds: 0.1 }), streams: [h264({ crf: '51' })], options: { video_track_timescale: '100000' } }),
    ready: { ...quiet, seconds: 0.1, size: '32×18', notes: 'other-rate small silent' },
  },
  'of one frame in three seconds': {
    make: () => film({ graph: card({ fps: '1/3', seconds: 9 }), streams: [h264({ g: '1' })] }),
    ready: { ...quiet, seconds: 9, notes: 'other-rate small silent' },
  },
  'of a single frame': {
    make: () => film({ graph: card({ seconds: 0.04 }), streams: [h264()] }),
    ready: { ...quiet, seconds: 0.04 },
  },
  'that grows in the middle': {
    make: () =>
      joined(
        { graph: card({ seconds: 1 }), streams: [h264()] },
        { graph: card({ size: '200x120', seconds: 1, filters: 'setpts=PTS+1/TB' }), streams: [h264()] },
      ),
    ready: { ...quiet, notes: 'small no-index silent' },
  },
  'that changes its pixels in the middle': {
    make: () =>
      joined(
        { graph: card({ seconds: 1 }), streams: [h264()] },
        { graph: card({ seconds: 1, pixels: 'yuv444p', filters: 'setpts=PTS+1/TB' }), streams: [h264()] },
      ),
    ready: { ...quiet, notes: 'small no-index silent' },
  },
  'with another picture beside the first': {
    make: () =>
      film({ graph: `${card({ size: '64x36', seconds: 1 })};${card({ seconds: 1, label: 'v1' })}`, streams: [h264(), h264({}, 'v1')], format: 'matroska' }),
    ready: { ...quiet, seconds: 1, notes: 'small silent more-pictures' },
  },
  'that ends before its sound': {
    make: () => film({ graph: `${card({ seconds: 1 })};${tone({ seconds: 3 })}`, streams: [h264(), aac()] }),
    ready: { ...quiet, seconds: 3, notes: 'small', sound: true },
  },
  'that begins after its sound': {
    make: () => film({ graph: `${card({ seconds: 1, filters: 'setpts=PTS+2/TB' })};${tone({ seconds: 3 })}`, streams: [h264(), aac()] }),
    ready: { ...quiet, seconds: 3, notes: 'small', sound: true },
  },
  'that says another level of H.264 than it has': {
    make: async () => {
      const bytes = Buffer.from(await sounding())
      bytes[bytes.indexOf('avcC') + 7] = 9
      return bytes
    },
    ready: { ...quiet, notes: 'small', sound: true },
  },
  'with some of its frames damaged': { make: () => spoiled(25), ready: { ...quiet, seconds: 4, notes: 'small silent damaged' } },
  'with pictures scratched in places': {
    make: () => scratched({ graph: card({ seconds: 8 }), streams: [h264({ g: '5' })] }, 20_000),
    ready: { ...quiet, seconds: 8, notes: 'small silent damaged' },
  },
}
