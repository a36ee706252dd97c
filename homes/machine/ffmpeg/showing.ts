import { perSecond } from '#core/recipes/ladder.ts'
import type { Watchable } from '#ports/transcoder.ts'
import type { Grown } from './growth.ts'
import type { Made, Piece } from './pieces.ts'
import type { Plan } from './plan.ts'
import { mediaPlaylist } from './playlists.ts'

/** Shows the first of a video that can be watched, and more of it as it is made. */
export type Showing = {
  tell(watchable: Watchable): Promise<void>
  /** A piece under way has more segments. */
  grown(grown: Grown): Promise<void>
  /** A piece is made. */
  made(piece: Piece): Promise<void>
  /** After a restart: shows what was made before it. */
  resume(): Promise<void>
}

type Given = {
  plan: Plan
  pieces: readonly Piece[]
  finished: ReadonlyMap<string, Made>
  tell(watchable: Watchable): Promise<void>
  write(track: string, playlist: string): Promise<void>
  /** What could not be shown now is shown with what is made next. */
  onError(error: unknown): void
}

/** The segments of a track from its first on, as far as they are made without a gap. */
const prefixOf = (finished: ReadonlyMap<string, Made>, track: string): number[] => {
  const parts = [...finished.values()].flatMap((made) => made.tracks[track] ?? []).toSorted((a, b) => a.first - b.first)
  const seconds: number[] = []
  for (const part of parts) {
    if (part.first !== seconds.length) break
    seconds.push(...part.seconds)
  }
  return seconds
}

/** Tells each state once: while more is being made, and when all of it is there. */
const once = (tell: Given['tell']): Given['tell'] => {
  const told = new Set<boolean>()
  return async (watchable) => {
    if (told.has(watchable.isWhole)) return
    await tell(watchable)
    told.add(watchable.isWhole)
  }
}

const copyShowing = ({ plan, finished, tell, write }: Given): Showing => {
  const { width, height, fps } = plan.facts.picture
  const rendition = { name: 'source', codec: 'h264' as const, width, height, fps: perSecond(fps), playlist: 'preview/index.m3u8' }
  // A segment ends at the first key frame after its time is up.
  const least = Math.ceil(plan.segmentSeconds + plan.facts.picture.longestGapSeconds)
  const show = async (seconds: readonly number[], isWhole: boolean): Promise<void> => {
    await write('preview', mediaPlaylist(seconds, { isWhole, least }))
    await tell({ kind: 'copy', isWhole, rendition, hasSoundInside: plan.facts.sound !== undefined })
  }
  const showMade = async (): Promise<void> => {
    const seconds = finished.get('preview')?.tracks['preview']?.seconds
    if (seconds) await show(seconds, true)
  }
  return {
    tell,
    grown: ({ track, seconds }) => (track === 'preview' ? show(seconds, false) : Promise.resolve()),
    made: async ({ kind }) => {
      if (kind === 'preview') await showMade()
    },
    resume: showMade,
  }
}

const openingShowing = ({ plan, pieces, finished, tell, write }: Given): Showing => {
  const lowest = plan.rungs.at(-1)
  if (!lowest) throw new Error('A plan has at least one rung.')
  const { name, codec, width, height } = lowest
  const rendition = { name, codec, width, height, fps: perSecond(plan.fps), playlist: `${name}/index.m3u8` }
  const live = new Map<string, number[]>()
  const written = new Map<string, number>()
  const hasSound = (): boolean =>
    pieces.some(({ kind }) => kind === 'audio') && !(finished.has('audio') && finished.get('audio')?.tracks['audio'] === undefined)

  const longer = (track: string): readonly number[] => {
    const [made, growing] = [prefixOf(finished, track), live.get(track) ?? []]
    return made.length >= growing.length ? made : growing
  }
  const show = async (): Promise<void> => {
    const tracks = [name, ...(hasSound() ? ['audio'] : [])]
    if (tracks.some((track) => longer(track).length === 0)) return
    for (const track of tracks) {
      const seconds = longer(track)
      if ((written.get(track) ?? 0) >= seconds.length) continue
      await write(track, mediaPlaylist(seconds, { isWhole: false, least: Math.round(plan.segmentSeconds) }))
      written.set(track, seconds.length)
    }
    await tell({
      kind: 'opening',
      isWhole: false,
      rendition,
      hasSoundInside: false,
      ...(hasSound() ? { audio: { playlist: 'audio/index.m3u8', channels: 2 } } : {}),
    })
  }
  return {
    tell,
    async grown({ track, seconds }) {
      live.set(track, seconds)
      await show()
    },
    made: show,
    resume: show,
  }
}

const nothing: Showing = { tell: async () => {}, grown: async () => {}, made: async () => {}, resume: async () => {} }

/** One list is written at a time: a shorter one must not come after a longer. */
const oneAtATime = (showing: Showing, onError: Given['onError']): Showing => {
  let last: Promise<void> = Promise.resolve()
  const after = (act: () => Promise<void>): Promise<void> => {
    last = last.then(act).catch(onError)
    return last
  }
  return {
    ...showing,
    grown: (grown) => after(() => showing.grown(grown)),
    made: (piece) => after(() => showing.made(piece)),
    resume: () => after(showing.resume),
  }
}

export const showing = (asked: Given): Showing => {
  const given = { ...asked, tell: once(asked.tell) }
  if (given.pieces.some(({ kind }) => kind === 'preview')) return oneAtATime(copyShowing(given), given.onError)
  return given.pieces.some(({ grows }) => grows) ? oneAtATime(openingShowing(given), given.onError) : nothing
}
