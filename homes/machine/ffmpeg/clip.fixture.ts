import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Task, TaskOutput } from './task.ts'
import { work } from './work.ts'

export type ClipOptions = {
  seconds?: number
  width?: number
  height?: number
  fps?: string
  picture?: boolean
  sound?: boolean
  format?: 'mp4' | 'mpegts' | 'matroska'
  soundSeconds?: number
  pixelFormat?: string
}

/** A short real film for tests, made by the embedded FFmpeg in a worker: a moving test card and a tone. */
export const aClip = async (options: ClipOptions = {}): Promise<Buffer> => {
  const { seconds = 4, width = 320, height = 180, fps = '25', picture = true, sound = true, format = 'mp4', pixelFormat = 'yuv420p' } = options
  const folder = await mkdtemp(join(tmpdir(), 'lectern-clip-'))
  const streams: TaskOutput['streams'] = [
    ...(picture ? [{ label: 'v0', encoder: 'libx264', options: { preset: 'ultrafast', g: '48', bf: '2', crf: '28' } }] : []),
    ...(sound ? [{ label: 'a0', encoder: 'aac', options: { b: '64k' } }] : []),
  ]
  const sources = [
    ...(picture ? [`testsrc2=s=${width}x${height}:r=${fps}:d=${seconds},format=${pixelFormat}[v0]`] : []),
    ...(sound ? [`sine=f=440:r=48000:d=${options.soundSeconds ?? seconds},aformat=sample_fmts=fltp,asetnsamples=n=1024:p=0[a0]`] : []),
  ]
  const task: Task = {
    graph: sources.join(';'),
    outputs: [{ path: 'clip', format, options: format === 'mp4' ? { movflags: '+faststart' } : {}, streams }],
    folders: [],
  }
  try {
    const outcome = await work({ kind: 'run', task }, { folder, limits: { seconds: 120 } })
    if (outcome.kind !== 'done') throw new Error(`The clip could not be made: ${JSON.stringify(outcome)}`)
    return await readFile(join(folder, 'clip'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
