import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type * as Av from 'node-av/lib'
import { type CopyTask, INPUT_OPTIONS, type Life, SourceError } from './task.ts'

type Library = typeof Av
type Constants = typeof import('node-av/constants')
export type Ffmpeg = { lib: Library; constants: Constants; lastWords: () => string }

export const NO_TIME = -(2n ** 63n)

/** Loads FFmpeg into this process: a worker's, never the server's. */
export const loadFfmpeg = async (): Promise<Ffmpeg> => {
  const [lib, constants] = await Promise.all([import('node-av/lib'), import('node-av/constants')])
  const words: string[] = []
  lib.Log.setCallback(
    (_, line) => {
      words.push(line.trim())
      if (words.length > 8) words.shift()
    },
    { maxLevel: constants.AV_LOG_ERROR },
  )
  return { lib, constants, lastWords: () => words.join(' · ').slice(0, 600) }
}

export const openInput = ({ lib }: Ffmpeg, path: string): Av.FormatContext => {
  const input = new lib.FormatContext()
  const options = lib.Dictionary.fromObject({ ...INPUT_OPTIONS, fflags: '+genpts' })
  lib.FFmpegError.throwIfError(input.openInputSync(path, null, options), 'Opening the source')
  lib.FFmpegError.throwIfError(input.findStreamInfoSync(null), 'Reading the streams')
  return input
}

type Pair = { from: Av.Stream; to: Av.Stream }

const openCopy = ({ lib, constants }: Ffmpeg, input: Av.FormatContext, task: CopyTask): { output: Av.FormatContext; streams: Map<number, Pair> } => {
  const output = new lib.FormatContext()
  lib.FFmpegError.throwIfError(output.allocOutputContext2(null, task.format, task.to), 'Making the copy')
  const streams = new Map(
    task.streams.map((index) => {
      const from = input.streams[index]
      if (!from) throw new SourceError('undecodable', 'The stream is not there.')
      const to = output.newStream(null)
      from.codecpar.copy(to.codecpar)
      to.codecpar.codecTag = 0
      to.timeBase = from.timeBase
      to.avgFrameRate = from.avgFrameRate
      return [index, { from, to }] as const
    }),
  )
  mkdirSync(dirname(task.to), { recursive: true })
  if (!output.oformat?.hasFlags(constants.AVFMT_NOFILE)) lib.FFmpegError.throwIfError(output.openOutputSync(), 'Opening the copy')
  lib.FFmpegError.throwIfError(output.writeHeaderSync(lib.Dictionary.fromObject(task.options)), 'Writing the header')
  return { output, streams }
}

/** Copies packets as they are, with an index written at the end. */
export const copyStreams = (ffmpeg: Ffmpeg, task: CopyTask, life: Life): void => {
  const { lib } = ffmpeg
  const input = openInput(ffmpeg, task.from)
  const { output, streams } = openCopy(ffmpeg, input, task)
  for (const other of input.streams) if (!streams.has(other.index)) other.discard = ffmpeg.constants.AVDISCARD_ALL
  const packet = new lib.Packet()
  packet.alloc()
  while (input.readFrameSync(packet) >= 0) {
    const pair = streams.get(packet.streamIndex)
    if (pair && packet.pts !== NO_TIME) {
      life.reached(Number(packet.pts) * pair.from.timeBase.toDouble())
      packet.streamIndex = pair.to.index
      packet.rescaleTs(pair.from.timeBase, pair.to.timeBase)
      lib.FFmpegError.throwIfError(output.interleavedWriteFrameSync(packet), 'Copying a packet')
    }
    packet.unref()
  }
  lib.FFmpegError.throwIfError(output.writeTrailerSync(), 'Finishing the copy')
  if (output.pb) output.closeOutputSync()
}
