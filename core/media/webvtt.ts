import { timestamp } from '#contract/cues.ts'

const document = (cues: { start: number; end: number; text: string }[]): string =>
  ['WEBVTT', ...cues.map(({ start, end, text }) => `${timestamp(start)} --> ${timestamp(end)}\n${text}`)].join('\n\n').concat('\n')

export type Storyboard = { sheets: string[]; everySeconds: number; tileWidth: number; tileHeight: number; tiles: number }

const COLUMNS = 10
const TILES_A_SHEET = 100

/** Which piece of which sheet shows which seconds, as players' previews read it (`sheet.jpg#xywh=…`). */
export const storyboardVtt = ({ sheets, everySeconds, tileWidth, tileHeight, tiles }: Storyboard, durationSeconds: number): string =>
  document(
    Array.from({ length: tiles }, (_, tile) => {
      const place = tile % TILES_A_SHEET
      const x = (place % COLUMNS) * tileWidth
      const y = Math.floor(place / COLUMNS) * tileHeight
      const start = tile * everySeconds
      const sheet = sheets[Math.floor(tile / TILES_A_SHEET)] ?? ''
      return { start, end: Math.min(start + everySeconds, durationSeconds), text: `${sheet}#xywh=${x},${y},${tileWidth},${tileHeight}` }
    }).filter(({ start, end }) => end > start),
  )

export const chaptersVtt = (chapters: { startSeconds: number; title: string }[], durationSeconds: number): string =>
  document(
    chapters
      .map(({ startSeconds, title }, index) => ({
        start: startSeconds,
        end: chapters[index + 1]?.startSeconds ?? durationSeconds,
        text: title.replace(/-->|[\r\n]+/g, ' '),
      }))
      .filter(({ start, end }) => end > start),
  )
