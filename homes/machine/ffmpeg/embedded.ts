import { mkdir } from 'node:fs/promises'
import type * as Av from 'node-av/lib'
import { copyStreams, type Ffmpeg, loadFfmpeg, NO_TIME, openInput } from './embedded-input.ts'
import { inspectWith } from './embedded-inspect.ts'
import { asItBegan } from './embedded-sound.ts'
import { type Executor, type Life, MAX_PIXELS, SourceError, type Task, type TaskOutput, type TaskReport } from './task.ts'

/** FFmpeg from the npm package node-av. Its synchronous calls cost a third less CPU than its asynchronous ones, and block. */
export const embedded = async (): Promise<Executor> => {
  const ffmpeg = await loadFfmpeg()
  return {
    inspect: (path, life) => withWords(ffmpeg, () => inspectWith(ffmpeg, path, life)),
    async run(task, life) {
      for (const folder of task.folders) await mkdir(folder, { recursive: true })
      return withWords(ffmpeg, async () => (task.input ? runFromFile(ffmpeg, task, life) : runFromNothing(ffmpeg, task, life)))
    },
    copy: (task, life) => withWords(ffmpeg, async () => copyStreams(ffmpeg, task, life)),
  }
}

/** Adds to what is thrown what FFmpeg said of it. */
const withWords = async <T>(ffmpeg: Ffmpeg, act: () => Promise<T>): Promise<T> => {
  try {
    return await act()
  } catch (error) {
    // What FFmpeg logged arrives with the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    if (error instanceof Error) error.message = `${error.message} ${ffmpeg.lastWords()}`.trim()
    throw error
  }
}

const openDecoder = ({ lib }: Ffmpeg, stream: Av.Stream, keyFramesOnly: boolean): Av.CodecContext => {
  const codec = lib.Codec.findDecoder(stream.codecpar.codecId)
  if (!codec) throw new SourceError('undecodable', 'There is no decoder for this stream.')
  const decoder = new lib.CodecContext()
  decoder.allocContext3(codec)
  decoder.parametersToContext(stream.codecpar)
  decoder.pktTimebase = stream.timeBase
  const options = lib.Dictionary.fromObject({ threads: '1', max_pixels: String(MAX_PIXELS), ...(keyFramesOnly ? { skip_frame: 'nokey' } : {}) })
  lib.FFmpegError.throwIfError(decoder.open2Sync(codec, options), 'Opening the decoder')
  return decoder
}

type Sink = { label: string; filter: Av.FilterContext; encoder: Av.CodecContext; stream: Av.Stream; output: Av.FormatContext; isOver: boolean }
type Running = {
  source: Av.FilterContext | undefined
  sinks: Sink[]
  outputs: Av.FormatContext[]
  frame: Av.Frame
  packet: Av.Packet
  onFrame: (seconds: number) => void
}

/** Ends of the graph are written into it by name, so that one parse makes all of it. */
const openGraph = ({ lib }: Ffmpeg, task: Task, source: string): Av.FilterGraph => {
  const graph = new lib.FilterGraph()
  graph.alloc()
  graph.nbThreads = 1
  const labels = task.outputs.flatMap((output) => output.streams.map((stream) => stream.label))
  const isSound = (label: string): boolean => label.startsWith('a')
  const sinks = labels.map((label) => `[${label}]${isSound(label) ? 'abuffersink' : 'buffersink'}@${label}`)
  lib.FFmpegError.throwIfError(graph.parsePtr([...(source ? [source] : []), task.graph, ...sinks].join(';')), 'Reading the filter graph')
  lib.FFmpegError.throwIfError(graph.configSync(), 'Joining the filter graph')
  return graph
}

const filterNamed = (graph: Av.FilterGraph, end: string): Av.FilterContext => {
  const found = graph.filters?.find((filter) => filter.name?.endsWith(`@${end}`))
  if (!found) throw new Error(`The filter graph has no end ${end}.`)
  return found
}

const openEncoder = (
  { lib, constants }: Ffmpeg,
  filter: Av.FilterContext,
  wanted: TaskOutput['streams'][number],
  hasGlobalHeader: boolean,
): Av.CodecContext => {
  // The plan names encoders as FFmpeg does; a wrong name is caught below.
  const codec = lib.Codec.findEncoderByName(wanted.encoder as Parameters<typeof lib.Codec.findEncoderByName>[0])
  if (!codec) throw new Error(`FFmpeg has no encoder ${wanted.encoder}.`)
  const encoder = new lib.CodecContext()
  encoder.allocContext3(codec)
  encoder.timeBase = filter.buffersinkGetTimeBase()
  if (codec.type === constants.AVMEDIA_TYPE_VIDEO) {
    encoder.width = filter.buffersinkGetWidth()
    encoder.height = filter.buffersinkGetHeight()
    // A video sink's format is a pixel format, a sound sink's a sample format.
    encoder.pixelFormat = filter.buffersinkGetFormat() as Av.CodecContext['pixelFormat']
    encoder.framerate = filter.buffersinkGetFrameRate()
    encoder.sampleAspectRatio = filter.buffersinkGetSampleAspectRatio()
    encoder.colorRange = filter.buffersinkGetColorRange()
    encoder.colorSpace = filter.buffersinkGetColorspace()
  } else {
    encoder.sampleFormat = filter.buffersinkGetFormat() as Av.CodecContext['sampleFormat']
    encoder.sampleRate = filter.buffersinkGetSampleRate()
    encoder.channelLayout = filter.buffersinkGetChannelLayout()
  }
  if (hasGlobalHeader) encoder.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER)
  lib.FFmpegError.throwIfError(encoder.open2Sync(codec, lib.Dictionary.fromObject({ threads: '1', ...wanted.options })), `Opening ${wanted.encoder}`)
  return encoder
}

const openOutput = (ffmpeg: Ffmpeg, graph: Av.FilterGraph, wanted: TaskOutput): { output: Av.FormatContext; sinks: Sink[] } => {
  const { lib, constants } = ffmpeg
  const output = new lib.FormatContext()
  lib.FFmpegError.throwIfError(output.allocOutputContext2(null, wanted.format, wanted.path), 'Making the output')
  const hasGlobalHeader = output.oformat?.hasFlags(constants.AVFMT_GLOBALHEADER) ?? false
  const sinks = wanted.streams.map((one): Sink => {
    const filter = filterNamed(graph, one.label)
    const encoder = openEncoder(ffmpeg, filter, one, hasGlobalHeader)
    const stream = output.newStream(null)
    stream.codecpar.fromContext(encoder)
    stream.timeBase = encoder.timeBase
    stream.avgFrameRate = encoder.framerate
    return { label: one.label, filter, encoder, stream, output, isOver: false }
  })
  if (!output.oformat?.hasFlags(constants.AVFMT_NOFILE)) lib.FFmpegError.throwIfError(output.openOutputSync(), 'Opening the output')
  lib.FFmpegError.throwIfError(output.writeHeaderSync(lib.Dictionary.fromObject(wanted.options)), 'Writing the header')
  return { output, sinks }
}

const begin = (ffmpeg: Ffmpeg, task: Task, source: string, onFrame: (seconds: number) => void): Running => {
  const graph = openGraph(ffmpeg, task, source)
  const opened = task.outputs.map((wanted) => openOutput(ffmpeg, graph, wanted))
  const frame = new ffmpeg.lib.Frame()
  frame.alloc()
  const packet = new ffmpeg.lib.Packet()
  packet.alloc()
  return {
    source: source ? filterNamed(graph, 'in') : undefined,
    sinks: opened.flatMap((one) => one.sinks),
    outputs: opened.map((one) => one.output),
    frame,
    packet,
    onFrame,
  }
}

const write = ({ lib }: Ffmpeg, { packet }: Running, sink: Sink): void => {
  while (sink.encoder.receivePacketSync(packet) >= 0) {
    packet.streamIndex = sink.stream.index
    packet.rescaleTs(sink.encoder.timeBase, sink.stream.timeBase)
    lib.FFmpegError.throwIfError(sink.output.interleavedWriteFrameSync(packet), 'Writing a packet')
    packet.unref()
  }
}

/** Takes one frame from an end of the graph through its encoder. */
const pull = (ffmpeg: Ffmpeg, running: Running, sink: Sink): 'frame' | 'hungry' | 'over' => {
  const { lib, constants } = ffmpeg
  const code = sink.filter.buffersinkGetFrameSync(running.frame)
  if (code === lib.FFmpegError.AVERROR(lib.PosixError.EAGAIN)) return 'hungry'
  if (code === constants.AVERROR_EOF) {
    sink.isOver = true
    sink.encoder.sendFrameSync(null)
    write(ffmpeg, running, sink)
    return 'over'
  }
  lib.FFmpegError.throwIfError(code, 'Filtering')
  // Each encoder decides for itself which frames are key frames, not the source.
  running.frame.pictType = constants.AV_PICTURE_TYPE_NONE
  lib.FFmpegError.throwIfError(sink.encoder.sendFrameSync(running.frame), 'Encoding')
  running.onFrame(Number(running.frame.pts) * sink.encoder.timeBase.toDouble())
  running.frame.unref()
  write(ffmpeg, running, sink)
  return 'frame'
}

const drain = (ffmpeg: Ffmpeg, running: Running): void => {
  for (const sink of running.sinks) while (!sink.isOver && pull(ffmpeg, running, sink) === 'frame');
}

const finish = ({ lib }: Ffmpeg, running: Running): void => {
  for (const output of running.outputs) {
    lib.FFmpegError.throwIfError(output.writeTrailerSync(), 'Finishing the output')
    if (output.pb) output.closeOutputSync()
  }
}

const describeSource = (frame: Av.Frame, stream: Av.Stream, decoder: Av.CodecContext): string => {
  const { num, den } = stream.timeBase
  const label = `[0:${stream.index}]`
  if (frame.isAudio()) {
    const layout = frame.channelLayout
    const channels = layout.mask > 0n ? `channel_layout=0x${layout.mask.toString(16)}` : `channels=${layout.nbChannels}`
    return `abuffer@in=time_base=${num}/${den}:sample_rate=${frame.sampleRate}:sample_fmt=${frame.format}:${channels}${label}`
  }
  const { num: across, den: down } = frame.sampleAspectRatio
  const rate = stream.avgFrameRate.num > 0 ? `:frame_rate=${stream.avgFrameRate.num}/${stream.avgFrameRate.den}` : ''
  const colours = `:colorspace=${decoder.colorSpace}:range=${decoder.colorRange}`
  return `buffer@in=video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:time_base=${num}/${den}:sar=${across}/${Math.max(1, down)}${rate}${colours}${label}`
}

const runFromFile = (ffmpeg: Ffmpeg, task: Task, life: Life): TaskReport => {
  const { lib, constants } = ffmpeg
  if (!task.input) throw new Error('The task reads no file.')
  const input = openInput(ffmpeg, task.input.path)
  const stream = input.streams[task.input.stream]
  if (!stream) throw new SourceError('undecodable', 'The stream is not there.')
  for (const other of input.streams) if (other.index !== stream.index) other.discard = constants.AVDISCARD_ALL
  if (task.input.seekSeconds !== undefined) seek(ffmpeg, input, task.input.seekSeconds)
  const decoder = openDecoder(ffmpeg, stream, task.input.keyFramesOnly ?? false)
  const packet = new lib.Packet()
  packet.alloc()
  const frame = new lib.Frame()
  frame.alloc()
  const report: TaskReport = { decodedFrames: 0, decodeErrors: 0 }
  const likeTheFirst = asItBegan(ffmpeg)
  let running: Running | undefined

  const decode = (): void => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      // A frame that was mended is still a frame; it is counted once.
      if (frame.decodeErrorFlags !== 0 || frame.hasFlags(constants.AV_FRAME_FLAG_CORRUPT)) report.decodeErrors += 1
      else report.decodedFrames += 1
      if (frame.bestEffortTimestamp !== NO_TIME) frame.pts = frame.bestEffortTimestamp
      running ??= begin(ffmpeg, task, describeSource(frame, stream, decoder), life.reached)
      // What the graph no longer wants (it has trimmed its end) is an error here, and none to us.
      running.source?.buffersrcAddFrameSync(likeTheFirst(frame), constants.AV_BUFFERSRC_FLAG_PUSH)
      frame.unref()
      drain(ffmpeg, running)
    }
  }
  const isOver = (): boolean => running?.sinks.every((sink) => sink.isOver) ?? false
  while (!isOver()) {
    if (input.readFrameSync(packet) < 0) break
    life.beat()
    if (packet.streamIndex === stream.index && decoder.sendPacketSync(packet) < 0) report.decodeErrors += 1
    packet.unref()
    decode()
  }
  if (!isOver()) {
    decoder.sendPacketSync(null)
    decode()
    running?.source?.buffersrcAddFrameSync(null, constants.AV_BUFFERSRC_FLAG_PUSH)
  }
  if (!running) throw new SourceError('undecodable', 'No frame could be decoded.')
  drain(ffmpeg, running)
  finish(ffmpeg, running)
  return report
}

const seek = ({ lib, constants }: Ffmpeg, input: Av.FormatContext, seconds: number): void => {
  const start = input.startTime === NO_TIME ? 0n : input.startTime
  const code = input.seekFrameSync(-1, BigInt(Math.round(seconds * 1e6)) + start, constants.AVSEEK_FLAG_BACKWARD)
  lib.FFmpegError.throwIfError(code, 'Seeking')
}

/** A graph of sources: the end that lags is pulled next, so that the muxer need not hold much back. */
const runFromNothing = (ffmpeg: Ffmpeg, task: Task, life: Life): TaskReport => {
  const reached = new Map<Sink, number>()
  const running = begin(ffmpeg, task, '', life.reached)
  for (;;) {
    const open = running.sinks.filter((sink) => !sink.isOver)
    const next = open.reduce<Sink | undefined>((a, b) => (a && (reached.get(a) ?? 0) <= (reached.get(b) ?? 0) ? a : b), undefined)
    if (!next) break
    running.onFrame = (seconds) => {
      reached.set(next, seconds)
      life.reached(seconds)
    }
    pull(ffmpeg, running, next)
  }
  finish(ffmpeg, running)
  return { decodedFrames: 0, decodeErrors: 0 }
}
