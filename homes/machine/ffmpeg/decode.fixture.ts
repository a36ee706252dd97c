import { fork } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Objects } from '#ports/objects.ts'
import { loadFfmpeg, openInput } from './embedded-input.ts'

/** What decoding a track showed: when each frame is shown, in seconds, and how long one lasts. */
export type Decoded = { times: number[]; frameSeconds: number; errors: number }

type Answer = { path: string } & ({ seen: Decoded } | { broke: string })

/** The library is not taken apart, for that crashes it: what was opened is kept from the collector. */
const kept: unknown[] = []

/** Decodes the one stream of a file. */
const decode = async (path: string): Promise<Decoded> => {
  const ffmpeg = await loadFfmpeg()
  const { lib } = ffmpeg
  const input = openInput(ffmpeg, path)
  const stream = input.streams[0]
  const codec = stream && lib.Codec.findDecoder(stream.codecpar.codecId)
  if (!stream || !codec) throw new Error('There is nothing to decode.')
  const decoder = new lib.CodecContext()
  decoder.allocContext3(codec)
  decoder.parametersToContext(stream.codecpar)
  decoder.pktTimebase = stream.timeBase
  lib.FFmpegError.throwIfError(decoder.open2Sync(codec, null))
  const [packet, frame] = [new lib.Packet(), new lib.Frame()]
  packet.alloc()
  frame.alloc()
  kept.push(input, stream, decoder, packet, frame)
  const tick = stream.timeBase.toDouble()
  const seen: Decoded = { times: [], frameSeconds: 0, errors: 0 }
  const drain = (): void => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      seen.times.push(Number(frame.bestEffortTimestamp) * tick)
      seen.frameSeconds = frame.isAudio() ? frame.nbSamples / frame.sampleRate : Number(frame.duration) * tick
      frame.unref()
    }
  }
  while (input.readFrameSync(packet) >= 0) {
    if (decoder.sendPacketSync(packet) < 0) seen.errors += 1
    packet.unref()
    drain()
  }
  decoder.sendPacketSync(null)
  drain()
  return seen
}

// As a program: decodes the files it is told of and answers what it saw.
if (import.meta.main) {
  process.on('message', async (path: string) => {
    const answer = await decode(path).then(
      (seen): Answer => ({ path, seen }),
      (error: unknown): Answer => ({ path, broke: error instanceof Error ? error.message : String(error) }),
    )
    process.send?.(answer)
  })
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
}

/** A process that decodes for all tests of a file: to start one costs more than any of these tracks. */
const openDecoder = () => {
  const waiting = new Map<string, PromiseWithResolvers<Decoded>>()
  const child = fork(new URL(import.meta.url), [], { execArgv: [] })
  // While it is asked nothing, it keeps nobody from ending.
  const keepAwake = (isAsked: boolean): void => {
    for (const one of [child, child.channel]) isAsked ? one?.ref() : one?.unref()
  }
  child.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.path)
    waiting.delete(answer.path)
    keepAwake(waiting.size > 0)
    if ('broke' in answer) asked?.reject(new Error(answer.broke))
    else asked?.resolve(answer.seen)
  })
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`The decoder ended by itself (${signal ?? code}).`))
  })
  return (path: string): Promise<Decoded> => {
    const asked = Promise.withResolvers<Decoded>()
    waiting.set(path, asked)
    keepAwake(true)
    child.send(path)
    return asked.promise
  }
}

const decoders: ReturnType<typeof openDecoder>[] = []
const decodeFile = (path: string): Promise<Decoded> => {
  const decoder = decoders[0] ?? openDecoder()
  decoders[0] = decoder
  return decoder(path)
}

/** Decodes a track of the store as a player would: its init segment and all media segments in their order. */
export const decodeTrack = async (objects: Objects, prefix: string, folder: string): Promise<Decoded> => {
  const keys = (await objects.list(prefix)).items.map(({ key }) => key).filter((key) => key.endsWith('.m4s'))
  const parts = await Promise.all([`${prefix}init.mp4`, ...keys].map(async (key) => (await objects.get(key))?.bytes ?? new Uint8Array()))
  const path = join(folder, `track-${prefix.replaceAll('/', '-')}.mp4`)
  await writeFile(path, Buffer.concat(parts))
  return decodeFile(path)
}
