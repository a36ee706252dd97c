import { addressTo, box, elsewhere, patched } from './awkward-boxes.fixture.ts'
import { aac, card, claiming, coded, film, h264, joined, tone, type Usable } from './awkward-film.fixture.ts'

const audible = { seconds: 2, size: '160×90', notes: 'small', sound: true as const }
const quiet = { seconds: 2, size: '160×90', notes: 'small silent' }
const both = `${card()};${tone()}`
const with960 = `${card()};${tone({ frame: 960 })}`
const with1152 = `${card()};${tone({ frame: 1152 })}`

/** The name of the program that made it becomes the name of the file that follows (`NextFilename`, RFC 9559 §5.1.2.7). */
const continued = (film: Buffer): Buffer => {
  const copy = Buffer.from(film)
  const at = copy.indexOf(Buffer.from('4d80', 'hex'))
  const size = (copy[at + 2] ?? 0x80) & 0x7f
  copy.writeUIntBE(0x3e83bb, at, 3)
  copy[at + 3] = 0x80 | (size - 1)
  copy.write('/etc/hosts'.padEnd(size - 1, '\0'), at + 4, 'latin1')
  return copy
}

/** 70 MB of nothing between the index's first box and the rest. */
const fattened = (film: Buffer): Buffer => {
  const at = film.indexOf('moov', 0, 'latin1') - 4
  const size = film.readUInt32BE(at)
  const more = Array.from({ length: 70 }, () => box('free', Buffer.alloc(1024 ** 2)))
  const copy = Buffer.concat([film.subarray(0, at + size), ...more, film.subarray(at + size)])
  copy.writeUInt32BE(size + more.reduce((sum, { length }) => sum + length, 0), at)
  return copy
}

/** Films with something about what they come in, and what becomes of them. */
export const CONTAINERS: Record<string, Usable> = {
  'as a browser records it, without length or index': {
    make: () =>
      film({
        graph: with960,
        streams: [coded('libvpx-vp9', { deadline: 'realtime', 'cpu-used': '8', b: '100k' }), coded('libopus', {}, 'a0')],
        format: 'webm',
        options: { live: '1' },
      }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'in fragments': { make: () => film({ graph: both, streams: [h264(), aac()], options: { movflags: '+frag_keyframe+empty_moov' } }), ready: audible },
  'in AVI with frames out of order': {
    make: () => film({ graph: with1152, streams: [coded('mpeg4', { bf: '2', b: '200k' }), coded('libmp3lame', {}, 'a0')], format: 'avi' }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'in AVI with a wrong index': {
    make: async () =>
      patched(await film({ graph: with1152, streams: [coded('mpeg4', { b: '200k' }), coded('libmp3lame', {}, 'a0')], format: 'avi' }), 'idx1', (bytes, at) =>
        bytes.fill(0x7f, at + 4),
      ),
    ready: { ...audible, notes: 'small no-index' },
  },
  'in Flash video': {
    make: () => film({ graph: with1152, streams: [coded('flv', { b: '200k' }), coded('libmp3lame', {}, 'a0')], format: 'flv' }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'in Windows Media': {
    make: () => film({ graph: `${card()};${tone({ frame: 2048 })}`, streams: [coded('wmv2', { b: '200k' }), coded('wmav2', {}, 'a0')], format: 'asf' }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'in MXF': {
    make: () => film({ graph: `${card()};${tone({ samples: 's16' })}`, streams: [coded('mpeg2video', { b: '400k' }), coded('pcm_s16le')], format: 'mxf' }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'as a DVD has it': {
    make: () => film({ graph: `${card()};${tone({ frame: 1536 })}`, streams: [coded('mpeg2video', { b: '400k' }), coded('ac3', {}, 'a0')], format: 'vob' }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'in Ogg': {
    make: () => film({ graph: `${card()};${tone({ frame: 64 })}`, streams: [coded('libtheora', { b: '200k' }), coded('libvorbis', {}, 'a0')], format: 'ogg' }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'of broadcast that starts an hour in': {
    make: () => joined({ graph: `${card({ filters: 'setpts=PTS+3600/TB' })};${tone({ filters: 'asetpts=PTS+3600/TB' })}`, streams: [h264(), aac()] }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'of broadcast cut in the middle of a packet': {
    make: async () => (await film({ graph: both, streams: [h264(), aac()], format: 'mpegts' })).subarray(0, -300),
    ready: { ...audible, notes: 'small no-index' },
  },
  'of broadcast that begins between two key frames': {
    make: async () => {
      const whole = await film({ graph: card({ seconds: 4 }), streams: [h264({ bf: '2' })], format: 'mpegts' })
      return whole.subarray(188 * Math.floor(whole.length / 188 / 3))
    },
    ready: { ...quiet, seconds: 2.7, notes: 'small no-index silent' },
  },
  'that starts before zero': {
    make: () =>
      film({
        graph: `${card({ filters: 'setpts=PTS-0.5/TB' })};${tone({ filters: 'asetpts=PTS-0.5/TB' })}`,
        streams: [h264(), aac()],
        format: 'matroska',
        options: { avoid_negative_ts: 'disabled' },
      }),
    ready: audible,
  },
  'that says it lasts forty hours': {
    make: () => claiming(144_000),
    ready: { ...audible, notes: 'small other-length' },
  },
  'whose index holds 70 MB of nothing': { make: async () => fattened(await film({ graph: card(), streams: [h264()] })), ready: quiet },
  'whose media lies at an address, says its index': {
    make: async () => elsewhere(await film({ graph: card(), streams: [h264()] }), addressTo('http://127.0.0.1:9/film')),
    ready: quiet,
  },
  'that goes on in another file, it says': { make: async () => continued(await film({ graph: card(), streams: [h264()], format: 'matroska' })), ready: quiet },
}
