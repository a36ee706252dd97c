import * as z from 'zod/mini'
import type { Spoken } from '#ports/transcription.ts'

const time = z.number().check(z.minimum(0), z.maximum(86_400))
const Segments = z.object({ segments: z.array(z.object({ start: time, end: time, text: z.string() })) })

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Segments of a `verbose_json` answer; `none` when it is JSON without any, undefined when it is something else. */
export const fromVerboseJson = (body: string): Spoken[] | 'none' | undefined => {
  const json = parsed(body)
  if (typeof json !== 'object' || json === null) return undefined
  if (!('segments' in json) || json.segments === null) return 'none'
  const read = Segments.safeParse(json)
  return read.success ? read.data.segments.map(({ start, end, text }) => ({ startSeconds: start, endSeconds: end, text })) : undefined
}

const TIME = /^(?:(\d+):)?(\d{2}):(\d{2}\.\d{3})[ \t]+-->[ \t]+(?:(\d+):)?(\d{2}):(\d{2}\.\d{3})/

/** Cues of a `vtt` answer, as these services write it: a time, then lines until an empty one. */
export const fromVtt = (body: string): Spoken[] | undefined => {
  if (!/^\ufeff?WEBVTT/.test(body)) return undefined
  return body.split(/\r?\n(?:\r?\n)+/).flatMap((block) => {
    const lines = block.split(/\r?\n/)
    const place = lines.findIndex((line) => TIME.test(line))
    const [, ...parts] = TIME.exec(lines[place] ?? '') ?? []
    if (parts.length === 0) return []
    const [hours = '0', minutes = '0', seconds = '0', endHours = '0', endMinutes = '0', endSeconds = '0'] = parts
    const at = (h: string, m: string, s: string): number => Number(h) * 3600 + Number(m) * 60 + Number(s)
    const text = lines
      .slice(place + 1)
      .join(' ')
      .trim()
    return [{ startSeconds: at(hours, minutes, seconds), endSeconds: at(endHours, endMinutes, endSeconds), text }]
  })
}
