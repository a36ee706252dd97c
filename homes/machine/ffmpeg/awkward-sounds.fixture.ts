import { covered, renamed } from './awkward-boxes.fixture.ts'
import { aac, card, coded, film, h264, joined, sounding, tone, type Usable } from './awkward-film.fixture.ts'

const audible = { seconds: 2, size: '160×90', notes: 'small', sound: true as const }
const SIX = '5.1'

const withSound = (graph: string, stream: ReturnType<typeof aac>, format = 'mp4') => film({ graph: `${card()};${graph}`, streams: [h264(), stream], format })

/** AAC of another rate and kind than it says (`AudioSpecificConfig`, ISO/IEC 14496-3 §1.6.2.1, in a descriptor of tag 5). */
const misdescribed = (film: Buffer): Buffer => {
  const copy = Buffer.from(film)
  copy.writeUInt16BE(0x1588, copy.indexOf(Buffer.from('0580808005', 'hex')) + 5)
  return copy
}

/** Films with something about their sounds, and what becomes of them. */
export const SOUNDS: Record<string, Usable> = {
  'with sound all around': {
    make: () => withSound(tone({ channels: SIX }), aac()),
    ready: { ...audible, notes: 'small surround' },
  },
  'with sound of twelve channels nobody has named': {
    make: () =>
      withSound(
        tone({ channels: '12c', samples: 's16', filters: 'pan=12c|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0|c8=c0|c9=c0|c10=c0|c11=c0' }),
        coded('pcm_s16le'),
        'matroska',
      ),
    ready: { ...audible, notes: 'small surround' },
  },
  'with one channel of telephone sound': { make: () => withSound(tone({ rate: 8000 }), aac()), ready: audible },
  'with studio sound': { make: () => withSound(tone({ rate: 96_000, samples: 's32' }), coded('pcm_s24le'), 'mov'), ready: audible },
  'with sound that begins late': { make: () => withSound(tone({ seconds: 1, filters: 'asetpts=PTS+1/TB' }), aac()), ready: audible },
  'with sound that ends early': { make: () => withSound(tone({ seconds: 0.5 }), aac()), ready: audible },
  'with a second sound': {
    make: () => film({ graph: `${card()};${tone()};${tone({ label: 'a1' })}`, streams: [h264(), aac(), aac('a1')] }),
    ready: { ...audible, notes: 'small more-sounds' },
  },
  'with sound that changes its rate in the middle': {
    make: () =>
      joined(
        { graph: `${card({ seconds: 1 })};${tone({ seconds: 1 })}`, streams: [h264(), aac()] },
        {
          graph: `${card({ seconds: 1, filters: 'setpts=PTS+1/TB' })};${tone({ seconds: 1, rate: 32_000, filters: 'asetpts=PTS+1/TB' })}`,
          streams: [h264(), aac()],
        },
      ),
    ready: { ...audible, notes: 'small no-index' },
    // An ffmpeg of the machine drops its filters' state when the sound changes; the sound is left out, and that is said.
    readyByCli: { seconds: 2, size: '160×90', notes: 'small no-index lost-sound' },
  },
  'with sound that goes from all around to stereo': {
    make: () =>
      joined(
        { graph: `${card({ seconds: 1 })};${tone({ seconds: 1, channels: SIX })}`, streams: [h264(), aac()] },
        {
          graph: `${card({ seconds: 1, filters: 'setpts=PTS+1/TB' })};${tone({ seconds: 1, channels: 'stereo', filters: 'asetpts=PTS+1/TB' })}`,
          streams: [h264(), aac()],
        },
      ),
    ready: { ...audible, notes: 'small no-index surround' },
    readyByCli: { seconds: 2, size: '160×90', notes: 'small no-index lost-sound' },
  },
  'with sound in a codec nobody has': {
    make: async () => renamed(renamed(await withSound(tone(), aac()), 'mp4a', 'zz-4'), 'esds', 'zzds'),
    ready: { seconds: 2, size: '160×90', notes: 'small lost-sound' },
  },
  'with sound as a disc has it': {
    make: () =>
      film({
        graph: `${card()};${tone({ channels: 'stereo', samples: 's16', frame: 240 })}`,
        streams: [h264(), coded('pcm_bluray')],
        format: 'mpegts',
        options: { mpegts_m2ts_mode: '1' },
      }),
    ready: { ...audible, notes: 'small no-index' },
  },
  'with a cover': { make: async () => covered(await withSound(tone(), aac())), ready: { ...audible, notes: 'small cover' } },
  'with sound that is only noise to its decoder': {
    make: async () => misdescribed(await sounding()),
    ready: { seconds: 2, size: '160×90', notes: 'small lost-sound' },
  },
}
