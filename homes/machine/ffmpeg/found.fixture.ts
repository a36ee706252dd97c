import { execFileSync } from 'node:child_process'

/** An `ffmpeg` of 5.0 or later on this machine, or why there is none to try. */
export const findFfmpeg = (): { path: string } | { skip: string } => {
  const path = process.env['FFMPEG_PATH'] ?? 'ffmpeg'
  try {
    const version = Number(/ffmpeg version n?(\d+)/.exec(execFileSync(path, ['-version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString())?.[1])
    return version >= 5 ? { path } : { skip: `${path} is older than 5.0` }
  } catch {
    return { skip: 'there is no ffmpeg on this machine: set FFMPEG_PATH to try one' }
  }
}
