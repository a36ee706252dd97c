import { execFileSync, spawn } from 'node:child_process'
import { cpuSoFar, isCounting, type Usage, watchMemory } from '../usage.ts'

/** The yardstick's program: an `ffmpeg` of 5.0 or later on this machine, or why there is none. */
export type Ffmpeg = { path: string; version: string; filters: string }

export const findFfmpeg = (): Ffmpeg | { skip: string } => {
  const path = process.env['FFMPEG_PATH'] || 'ffmpeg'
  const ask = (argument: string): string => execFileSync(path, ['-hide_banner', argument], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
  try {
    const version = /ffmpeg version n?(\S+)/.exec(ask('-version'))?.[1] ?? '0'
    if (Number.parseInt(version, 10) < 5) return { skip: `${path} is ${version}, older than 5.0` }
    return { path, version, filters: ask('-filters') }
  } catch {
    return { skip: 'there is no ffmpeg on this machine: put one on the PATH, or name it in FFMPEG_PATH' }
  }
}

const ended = (path: string, args: readonly string[], folder: string): { pid: number | undefined; said: Promise<string> } => {
  const child = spawn(path, ['-hide_banner', '-nostdin', '-y', ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.on('data', (bytes: Buffer) => {
    words = (words + bytes.toString()).slice(-4000)
  })
  const said = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve(words) : reject(new Error(`ffmpeg ended with ${code}. ${words}`))))
  })
  return { pid: child.pid, said }
}

/** Runs a command and answers with what it says at the end. */
export const tell = (ffmpeg: Ffmpeg, args: readonly string[], folder: string): Promise<string> => ended(ffmpeg.path, args, folder).said

/** Runs commands one after another, as one contestant. */
export const measured = async (ffmpeg: Ffmpeg, commands: readonly (readonly string[])[], folder: string): Promise<Usage> => {
  const before = cpuSoFar().children
  const began = performance.now()
  let peakMb = 0
  for (const command of commands) {
    const { pid, said } = ended(ffmpeg.path, ['-v', 'error', ...command], folder)
    const memory = pid === undefined ? undefined : watchMemory(pid)
    const outcome = await Promise.allSettled([said])
    peakMb = Math.max(peakMb, (await memory?.stop()) ?? 0)
    if (outcome[0].status === 'rejected') throw outcome[0].reason
  }
  const wallSeconds = (performance.now() - began) / 1000
  return isCounting ? { wallSeconds, cpuSeconds: cpuSoFar().children - before, peakMb } : { wallSeconds }
}
