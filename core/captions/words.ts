import { CAPTION_LIMITS, type CaptionFault, type CaptionFaultKind } from '#contract/cues.ts'

const WORDS: Record<CaptionFaultKind, string> = {
  'not-captions': 'This is neither a WebVTT file, whose first line is WEBVTT, nor a SubRip file with times such as 00:00:01,000 --> 00:00:04,000.',
  'no-cues': 'There is no caption in this file.',
  'too-large': `Captions hold at most ${CAPTION_LIMITS.characters} characters.`,
  'too-many-cues': `Captions hold at most ${CAPTION_LIMITS.cues} cues.`,
  'no-time': 'A time such as 00:00:01.000 --> 00:00:04.000 is missing above this text.',
  'bad-time': 'This time cannot be read. Write it like 00:00:01.000 --> 00:00:04.000.',
  'ends-before-it-starts': 'This caption ends before it begins.',
  'too-late': 'This caption is later than any video is long.',
  'cue-too-long': `This caption has more than ${CAPTION_LIMITS.cueCharacters} characters.`,
}

/** A fault in a file, in words a teacher can act on. */
export const faultWords = ({ kind, line }: CaptionFault): string => `Line ${line}: ${WORDS[kind]}`

/** The same of a cue that was edited, by its place. */
export const cueWords = (kind: CaptionFaultKind, place: number): string => `Caption ${place}: ${WORDS[kind]}`
