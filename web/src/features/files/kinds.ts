import type { LessonFile } from '#contract/files.ts'

const ICONS = {
  text: 'i-lucide-file-text',
  sheet: 'i-lucide-file-spreadsheet',
  slides: 'i-lucide-presentation',
  archive: 'i-lucide-file-archive',
  picture: 'i-lucide-file-image',
  sound: 'i-lucide-file-music',
  film: 'i-lucide-file-video-camera',
  code: 'i-lucide-file-code',
  font: 'i-lucide-file-type',
  other: 'i-lucide-file',
} as const
type Kind = keyof typeof ICONS

const ENDINGS: Record<Exclude<Kind, 'other'>, string> = {
  text: 'pdf txt md rtf doc docx odt pages epub',
  sheet: 'xls xlsx ods numbers csv tsv',
  slides: 'ppt pptx odp key',
  archive: 'zip 7z rar gz tgz tar xz',
  picture: 'png jpg jpeg gif webp avif heic tif tiff svg psd ai fig sketch',
  sound: 'mp3 wav flac ogg m4a aac aif aiff mid',
  film: 'mp4 mov mkv webm avi m4v',
  code: 'html css js ts json xml yaml yml py rb go rs java c cpp h cs php sh sql ipynb vue',
  font: 'otf ttf woff woff2',
}
const KINDS = new Map(Object.entries(ENDINGS).flatMap(([kind, endings]) => endings.split(' ').map((ending) => [ending, kind as Exclude<Kind, 'other'>])))
const BEGINNINGS: [string, Kind][] = [
  ['image/', 'picture'],
  ['audio/', 'sound'],
  ['video/', 'film'],
  ['font/', 'font'],
  ['text/', 'text'],
]

const endingOf = (name: string): string => /[^.]\.([\p{L}\p{N}]{1,10})$/u.exec(name)?.[1] ?? ''

/** What its name says it is, or else its type. */
export const iconOf = ({ name, type }: Pick<LessonFile, 'name' | 'type'>): string =>
  ICONS[KINDS.get(endingOf(name).toLowerCase()) ?? BEGINNINGS.find(([beginning]) => type.startsWith(beginning))?.[1] ?? 'other']

/** `PDF`, as people speak of it; empty where the name has no ending. */
export const endingText = (name: string): string => endingOf(name).toUpperCase()

/** A new name with the old one's ending, where only that was forgotten: without it a computer does not know how to open the file. */
export const withEnding = (name: string, before: string): string => {
  const ending = endingOf(before)
  return ending !== '' && endingOf(name) === '' ? `${name}.${ending}` : name
}
