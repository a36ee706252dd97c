import { link, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../error-code.ts'
import type { MadeFile, Piece } from './pieces.ts'
import { readInit, typeOf } from './pieces.ts'
import { listedSeconds, segmentName } from './playlists.ts'

/** The segments of a piece that is still being made. */
export type Grown = { track: string; seconds: number[] }

type Growing = {
  piece: Piece
  /** Puts a file into the store under its name; moves it there. */
  adopt(file: MadeFile): Promise<void>
  /** More of it can be watched. */
  onGrown(grown: Grown): Promise<void>
  onError(error: unknown): void
}

const listed = async (folder: string, track: string): Promise<number[]> => {
  try {
    return listedSeconds(await readFile(join(folder, track, 'index.m3u8'), 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/**
 * Shows the segments of a growing piece while its worker makes them: each is linked, so that the worker's folder keeps its
 * own name of it for the check at the end, and put into the store. Calls while one is under way are one more.
 */
export const growth = ({ piece, adopt, onGrown, onError }: Growing) => {
  const [track = ''] = piece.tracks
  let shown = 0
  let current = ''
  let running: Promise<void> | undefined
  let isOver = false

  const put = async (name: string, path: string): Promise<void> => {
    const shownPath = `${path}.shown`
    // There still, when the store could not take it the last time.
    await rm(shownPath, { force: true })
    await link(path, shownPath)
    await adopt({ name: `${track}/${name}`, path: shownPath, type: typeOf(track) })
  }
  const look = async (folder: string): Promise<void> => {
    // Another try begins in another folder.
    if (folder !== current) [shown, current] = [0, folder]
    const seconds = await listed(folder, track)
    if (isOver || seconds.length <= shown) return
    if (shown === 0) await put('init.mp4', (await readInit(join(folder, track))).path)
    for (; shown < seconds.length; shown += 1) await put(segmentName(shown), join(folder, track, segmentName(shown)))
    await onGrown({ track, seconds })
  }
  return {
    look(folder: string): void {
      running ??= look(folder)
        .catch((error: unknown) => {
          // The worker's folder goes when it has ended.
          if (!hasCode(error, 'ENOENT')) onError(error)
        })
        .finally(() => {
          running = undefined
        })
    },
    /** Whether a finished file is in the store already. */
    hasShown: (folder: string, name: string): boolean => {
      if (folder !== current || shown === 0) return false
      const index = Number(/(\d+)\.m4s$/.exec(name)?.[1] ?? 0)
      return name.startsWith(`${track}/`) && (name.endsWith('/init.mp4') || index < shown)
    },
    async end(): Promise<void> {
      isOver = true
      await running
    },
  }
}
