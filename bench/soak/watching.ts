import { BEAT_SECONDS, type Playback } from '#contract/watching.ts'
import type { Random } from '#test/simulation/random.ts'
import type { Browser } from './asking.ts'
import type { Pausing } from './pausing.ts'

/** Seconds of picture a player has ahead before it plays on at the film's own speed. */
const AHEAD_SECONDS = 24
const SHORTEST_SECONDS = 40
const LONGEST_SECONDS = 300
/** Signs of a lock renewed well before it ends, as the player does. */
const RENEWAL = 0.5

export type Viewer = { browser: Browser; random: Random; pausing: Pausing; name: string }

type Track = { segments: { url: string; seconds: number }[] }

const isAddress = (line: string): boolean => line !== '' && !line.startsWith('#')

/** What an HLS media playlist lists (RFC 8216 §4.3.2.1). */
export const segmentsOf = (playlist: string, base: string): Track['segments'] => {
  const lines = playlist.split('\n').map((line) => line.trim())
  return lines.flatMap((line, place) => {
    const seconds = /^#EXTINF:([\d.]+)/.exec(line)?.[1]
    const url = seconds === undefined ? undefined : lines.slice(place + 1).find(isAddress)
    return url === undefined ? [] : [{ url: new URL(url, base).pathname, seconds: Number(seconds) }]
  })
}

/** Of a master playlist (§4.3.4): the pictures, best first or not, and the sound apart from them. */
export const tracksOf = (master: string, base: string): { pictures: string[]; sound: string | undefined } => {
  const lines = master.split('\n').map((line) => line.trim())
  const at = (url: string): string => new URL(url, base).pathname
  const pictures = lines.flatMap((line, place) => {
    const url = line.startsWith('#EXT-X-STREAM-INF:') ? lines[place + 1] : undefined
    return url === undefined ? [] : [at(url)]
  })
  const sound = lines.find((line) => line.startsWith('#EXT-X-MEDIA:') && line.includes('TYPE=AUDIO'))
  const url = sound === undefined ? undefined : /URI="([^"]+)"/.exec(sound)?.[1]
  return { pictures: [...new Set(pictures)], sound: url === undefined ? undefined : at(url) }
}

const HERE = 'http://school'
const cookieOf = (lines: readonly string[]): string => lines.map((line) => line.split(';', 1)[0]).join('; ')

type Opened = { playback: Playback; cookie: string }

const open = async ({ browser, name }: Viewer, lesson: string, stream?: string): Promise<Opened> => {
  const body = { browser: name, device: 'Firefox on Windows', ...(stream !== undefined && { stream }) }
  const { text, cookies } = await browser.ask({
    kind: stream === undefined ? 'playback opened' : 'playback renewed',
    method: 'POST',
    path: `/api/lessons/${lesson}/playback`,
    body,
  })
  // The endpoint's own output.
  return { playback: JSON.parse(text) as Playback, cookie: cookieOf(cookies) }
}

/** The playlists and first bytes a player asks for before it shows anything. */
const loaded = async ({ browser, random }: Viewer, { playback, cookie }: Opened): Promise<Track[]> => {
  const path = new URL(playback.masterUrl, HERE).pathname
  const master = (await browser.ask({ kind: 'playlist', path, cookie })).text
  const { pictures, sound } = tracksOf(master, HERE + path)
  const chosen = [random.pick(pictures), ...(sound === undefined ? [] : [sound])]
  return Promise.all(
    chosen.map(async (one) => {
      const { text } = await browser.ask({ kind: 'playlist', path: one, cookie })
      const map = /#EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1]
      if (map !== undefined) await browser.bytes({ kind: 'segment', path: new URL(map, HERE + one).pathname, cookie })
      return { segments: segmentsOf(text, HERE + one) }
    }),
  )
}

type Shown = { position: number; watched: { fromSeconds: number; toSeconds: number }[]; isLeaving?: boolean }

const tell = ({ browser }: Viewer, { playback }: Opened, { position, watched, isLeaving }: Shown): Promise<unknown> =>
  browser.ask({
    ...{ kind: 'beat', method: 'POST', path: `/api/streams/${playback.stream}/beats` },
    body: { positionSeconds: position, watched, ...(isLeaving && { isLeaving }) },
  })

/** Fetches what comes next of each track until so many seconds are ahead, from the beginning again after the end. */
const fetching = ({ browser }: Viewer, tracks: readonly Track[]) => {
  const heads = tracks.map((track) => ({ track, next: 0, seconds: 0 }))
  return (until: number, cookie: string): Promise<unknown> =>
    Promise.all(
      heads.map(async (head) => {
        while (head.seconds < until) {
          const one = head.track.segments[head.next % head.track.segments.length]
          if (!one) throw new Error('a playlist lists nothing')
          await browser.bytes({ kind: 'segment', path: one.url, cookie })
          head.next += 1
          head.seconds += one.seconds
        }
      }),
    )
}

/** A lecture is watched for a while, and seen again from its beginning once it has ended. */
export const watch = async (viewer: Viewer, lesson: string, durationSeconds: number): Promise<void> => {
  const { random, pausing } = viewer
  let opened = await open(viewer, lesson)
  const fetch = fetching(viewer, await loaded(viewer, opened))
  const seconds = random.between(SHORTEST_SECONDS, LONGEST_SECONDS)
  const [began, since] = [performance.now(), { told: 0, opened: 0 }]
  const shown = (): number => (performance.now() - began) / 1000
  const stretch = (now: number): Shown => {
    const from = since.told % durationSeconds
    return {
      position: Math.min(durationSeconds, from + now - since.told),
      watched: [{ fromSeconds: from, toSeconds: Math.min(durationSeconds, from + now - since.told) }],
    }
  }
  for (let now = 0; now < seconds && !pausing.isOver(); now = shown()) {
    await fetch(Math.min(seconds, now + AHEAD_SECONDS), opened.cookie)
    if (now - since.told >= BEAT_SECONDS) {
      await tell(viewer, opened, stretch(now))
      since.told = now
    }
    if (now - since.opened >= opened.playback.ttlSeconds * RENEWAL) {
      opened = await open(viewer, lesson, opened.playback.stream)
      since.opened = now
    }
    await pausing.seconds(2)
  }
  await tell(viewer, opened, { ...stretch(shown()), isLeaving: true })
}
