import type * as Av from 'node-av/lib'
import type { Ffmpeg } from './embedded-input.ts'

type Shape = { sampleRate: number; format: Av.Frame['format']; channelLayout: Av.ChannelLayout }

const shapeOf = ({ sampleRate, format, channelLayout }: Av.Frame): Shape => ({ sampleRate, format, channelLayout })

const nameOf = ({ sampleRate, format, channelLayout: { nbChannels, mask } }: Shape): string => `${sampleRate} ${format} ${nbChannels} ${mask}`

/**
 * Brings decoded sound to the rate and channels it began with. A broadcast goes from stereo to all around and back between
 * programmes, and a filter graph drops what is not like its first frame. A frame it gives is its own until the next call.
 */
export const asItBegan = ({ lib }: Ffmpeg): ((frame: Av.Frame) => Av.Frame) => {
  const given = new lib.Frame()
  given.alloc()
  let first: Shape | undefined
  let from = ''
  let resampler = new lib.SoftwareResampleContext()
  return (frame) => {
    if (!frame.isAudio()) return frame
    const shape = shapeOf(frame)
    first ??= shape
    if (nameOf(shape) === nameOf(first)) return frame
    if (nameOf(shape) !== from) {
      resampler.free()
      resampler = new lib.SoftwareResampleContext()
      resampler.alloc()
      from = nameOf(shape)
    }
    given.unref()
    given.sampleRate = first.sampleRate
    given.format = first.format
    given.channelLayout = first.channelLayout
    lib.FFmpegError.throwIfError(resampler.convertFrame(given, frame), 'Bringing the sound to how it began')
    given.pts = frame.pts
    return given
  }
}
