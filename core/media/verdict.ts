import type { Verdict } from '#contract/media.ts'
import type { SourceFacts, SourceFault, Transcoded } from '#ports/transcoder.ts'

type Note = Verdict['notes'][number]

/** Why a file cannot be used: what a teacher reads, and whether the same file may fare better on another try. */
export const REASONS: Record<SourceFault, { reason: string; canRetry: boolean }> = {
  'not-a-video': { reason: 'This file is not a video we can read. Export it again as MP4 (H.264) and upload that.', canRetry: false },
  'no-picture': { reason: 'This file has sound but no picture. Upload a file with video in it.', canRetry: false },
  incomplete: { reason: 'The end of this file is missing, as if a copy or an export had been cut off. Export it again and upload that.', canRetry: false },
  encrypted: { reason: 'This file is copy-protected, so it cannot be converted. Upload one without protection.', canRetry: false },
  'too-long': { reason: 'This video is longer than 12 hours. Cut it into lessons.', canRetry: false },
  'broken-times': {
    reason: 'The clock of this video jumps, as when recordings are joined without being converted. Export it again as one video and upload that.',
    canRetry: false,
  },
  'too-large-a-picture': { reason: 'The picture of this video is larger than 8K. Export it at 4K or less.', canRetry: false },
  'too-many-streams': { reason: 'This file holds more than 64 tracks. Export it with one picture and one sound.', canRetry: false },
  undecodable: { reason: 'Too much of this file is damaged, or it is in a format nobody here can decode. Export it again as MP4 (H.264).', canRetry: false },
  'too-heavy': { reason: 'Converting this file takes more memory, time or disk than any video should. Export it again as MP4 (H.264).', canRetry: false },
  internal: { reason: 'Something went wrong on our side while converting this video. You can try again; the school’s owner has been told.', canRetry: true },
}

export const refusedVerdict = (fault: SourceFault): Verdict => ({ kind: 'refused', notes: [{ code: fault, text: REASONS[fault].reason }] })

const round = (fps: number): string => String(Math.round(fps * 100) / 100)

const pictureNotes = ({ picture, needsCopy }: SourceFacts): (Note | false)[] => {
  const { num, den } = picture.fps
  const isOtherRate = Math.abs(picture.measuredFps - num / den) > 0.02 * (num / den)
  return [
    picture.rotation !== 0 && { code: 'rotated', text: 'It was filmed with the camera turned; it is turned upright.' },
    !picture.isSquare && { code: 'stretched', text: `Its pixels are not square; it is shown at ${picture.width}×${picture.height}.` },
    picture.hdr && { code: 'hdr', text: 'It is HDR; its brightness and colours are brought to what every screen shows.' },
    picture.isInterlaced && { code: 'interlaced', text: 'It is interlaced; its half pictures are joined into whole ones.' },
    !picture.isSteady && { code: 'variable-rate', text: `Its frames come at uneven times; it is shown at a steady ${round(num / den)} frames a second.` },
    picture.isSteady &&
      isOtherRate && { code: 'other-rate', text: `It has ${round(picture.measuredFps)} frames a second; it is shown at ${round(num / den)}.` },
    (picture.width % 2 === 1 || picture.height % 2 === 1) && { code: 'odd-size', text: 'Its width or height is an odd number; one row of pixels is left out.' },
    Math.min(picture.width, picture.height) < 360 && {
      code: 'small',
      text: `It is small (${picture.width}×${picture.height}) and will look soft on a large screen.`,
    },
    needsCopy && { code: 'no-index', text: 'It has no index; it is copied into a file that has one first.' },
  ]
}

const soundNotes = ({ sound, besides }: SourceFacts): (Note | false)[] => [
  besides.lostSound !== undefined && { code: 'lost-sound', text: `Its sound (${besides.lostSound}) cannot be decoded here and is left out.` },
  sound === undefined && besides.lostSound === undefined && { code: 'silent', text: 'It has no sound.' },
  sound !== undefined && sound.channels > 2 && { code: 'surround', text: `Its sound has ${sound.channels} channels; they are mixed to stereo.` },
  besides.sounds > 0 && { code: 'more-sounds', text: `It has ${besides.sounds + 1} sound tracks; the main one is used.` },
]

const otherNotes = ({ durationSeconds, besides }: SourceFacts): (Note | false)[] => [
  besides.pictures > 0 && { code: 'more-pictures', text: `It has ${besides.pictures + 1} picture tracks; the main one is used.` },
  besides.hasCover && { code: 'cover', text: 'It carries a cover picture, which is left out.' },
  besides.subtitles > 0 && { code: 'subtitles', text: 'It carries subtitles, which are left out. Add captions as WebVTT or SRT.' },
  besides.claimedSeconds !== undefined && {
    code: 'other-length',
    text: `It says it is ${Math.round(besides.claimedSeconds)} s long; it is ${Math.round(durationSeconds)} s.`,
  },
]

/** What a usable source means for its teacher: nothing to say, or what is done about it. */
export const verdictOf = (facts: SourceFacts): Verdict => {
  const notes = [...pictureNotes(facts), ...soundNotes(facts), ...otherNotes(facts)].filter((note) => note !== false)
  return { kind: notes.length === 0 ? 'fine' : 'adapted', notes }
}

const damageNote = ({ damage }: Pick<Transcoded, 'damage'>): Note | false => {
  const percent = damage ? (100 * damage.errors) / Math.max(1, damage.frames) : 0
  return percent >= 1 && { code: 'damaged', text: `About ${Math.round(percent)} % of its frames are damaged. Watch it before you publish it.` }
}

/** Notes that are no longer true of a sound that was left out. */
const OF_SOUND = new Set(['surround', 'more-sounds', 'lost-sound'])

/** A verdict with what was only found out while the video was being made. */
export const verdictAfter = (before: Verdict, { damage, lostSound }: Pick<Transcoded, 'damage' | 'lostSound'>): Verdict => {
  const found = [
    lostSound === true && { code: 'lost-sound', text: 'Its sound cannot be decoded and is left out.' },
    damageNote({ ...(damage ? { damage } : {}) }),
  ].filter((note) => note !== false)
  const kept = before.notes.filter(({ code }) => code !== 'damaged' && !(lostSound === true && OF_SOUND.has(code)))
  const notes = [...kept, ...found]
  return { kind: notes.length === 0 ? 'fine' : 'adapted', notes }
}
