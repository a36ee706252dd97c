import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Objects } from '#ports/objects.ts'
import { loadFfmpeg, openInput } from './embedded-input.ts'

/** What decoding a track showed: when each frame is shown, in seconds, and how long one lasts. */
export type Decoded = { times: number[]; frameSeconds: number; errors: number }

/** As a program: decodes the one stream of a file and sends what it saw to its parent. */
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

if (import.meta.main) {
  const seen = await decode(process.argv[2] ?? '')
  // The library is not taken apart: that crashes it.
  process.send?.(seen, () => process.exit(0))
}

/** Decodes a track of the store as a player would: its init segment and all media segments in their order. */
export const decodeTrack = async (objects: Objects, prefix: string, folder: string): Promise<Decoded> => {
  const keys = (await objects.list(prefix)).items.map(({ key }) => key).filter((key) => key.endsWith('.m4s'))
  const parts = await Promise.all([`${prefix}init.mp4`, ...keys].map(async (key) => (await objects.get(key))?.bytes ?? new Uint8Array()))
  const path = join(folder, `track-${prefix.replaceAll('/', '-')}.mp4`)
  await writeFile(path, Buffer.concat(parts))
  const child = fork(new URL(import.meta.url), [path], { execArgv: [] })
  // What the program above sends.
  const [seen] = (await once(child, 'message')) as [Decoded]
  return seen
}
