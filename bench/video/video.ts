import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from '../rows.ts'
import { costs } from './cost.ts'
import { findFfmpeg } from './ffmpeg.ts'
import { firstWatchable } from './first.ts'
import { killed } from './kill.ts'
import { standardRungs } from './ours.ts'
import { profile } from './profile.ts'
import { parity } from './quality.ts'
import { FPS, lecture } from './source.ts'

/** Our transcoder beside ffmpeg commands that make the same ladder of the same film. */
export const video: Bench = async (options) => {
  options.say('making the films (kept for the next time)')
  const film = { path: await lecture(options.seconds), fps: FPS }
  const ffmpeg = findFfmpeg()
  const encoders = availableParallelism()
  // Beside the films, on the same disk: the source is linked, not copied.
  const scratch = await mkdtemp(join(tmpdir(), 'lectern-bench', 'run-'))
  const homeOf = async (name: string): Promise<string> => {
    await mkdir(join(scratch, name))
    return join(scratch, name)
  }
  try {
    const { entries, ladders } = await costs({ film, scratch, encoders, options }, ffmpeg)
    const quality = await parity(ladders, film, ffmpeg)
    const kill = await killed({ home: await homeOf('killed'), source: film.path, rungs: standardRungs, encoders }, options)
    const first = await firstWatchable(homeOf, encoders, options)
    const parts = options.isProfiled ? await profile(await homeOf('profile'), film.path, options) : []
    return [...entries, ...quality, ...kill, ...first, ...parts]
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
