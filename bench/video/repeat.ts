import { loadFfmpeg, NO_TIME, openInput } from '#homes/machine/ffmpeg/embedded-input.ts'

/** A process that copies a film's packets behind one another. Its one argument is this as JSON; the film is whole seconds long. */
type Asked = { from: string; to: string; times: number; seconds: number; format: string }

// Its parent wrote it from a like object.
const asked = JSON.parse(process.argv[2] ?? '') as Asked
const ffmpeg = await loadFfmpeg()
const { lib } = ffmpeg
const check = lib.FFmpegError.throwIfError
const output = new lib.FormatContext()
check(output.allocOutputContext2(null, asked.format, asked.to), 'Making the copy')
for (const from of openInput(ffmpeg, asked.from).streams) {
  const to = output.newStream(null)
  from.codecpar.copy(to.codecpar)
  to.codecpar.codecTag = 0
  to.timeBase = from.timeBase
  to.avgFrameRate = from.avgFrameRate
}
check(output.openOutputSync(), 'Opening the copy')
check(output.writeHeaderSync(null), 'Writing the header')

const packet = new lib.Packet()
packet.alloc()
for (let time = 0; time < asked.times; time += 1) {
  const input = openInput(ffmpeg, asked.from)
  while (input.readFrameSync(packet) >= 0) {
    const from = input.streams[packet.streamIndex]
    const to = output.streams[packet.streamIndex]
    const shift = from ? BigInt(Math.round((time * asked.seconds) / from.timeBase.toDouble())) : 0n
    const at = packet.pts * BigInt(Math.round(1e9 * (from?.timeBase.toDouble() ?? 0)))
    // What an encoder puts before the beginning and after the end would lie under the neighbours.
    if (from && to && packet.pts !== NO_TIME && at >= 0n && at < BigInt(asked.seconds) * 1_000_000_000n) {
      packet.pts += shift
      if (packet.dts !== NO_TIME) packet.dts += shift
      packet.rescaleTs(from.timeBase, to.timeBase)
      check(output.interleavedWriteFrameSync(packet), 'Copying a packet')
    }
    packet.unref()
  }
}
check(output.writeTrailerSync(), 'Finishing the copy')
output.closeOutputSync()
// FFmpeg's objects are not taken apart: doing so as the process ends crashes it.
process.exit(0)
