import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Codec, ProbeResult, Track } from '@aws-sdk/client-mediaconvert'
import type { SourceFacts } from '#ports/transcoder.ts'
import { EncodeFault, probeFile } from './encode.ts'

/** MediaConvert's names of what FFmpeg calls otherwise. */
const CODECS: Record<string, Codec> = { h264: 'AVC', hevc: 'HEVC', aac: 'AAC', vp9: 'VP9', av1: 'AV1', opus: 'OPUS', mpeg2video: 'MPEG2', mjpeg: 'MJPEG' }

const trackOf = ({ picture, durationSeconds }: SourceFacts): Track => {
  const isTurned = picture.rotation === 90 || picture.rotation === 270
  return {
    ...{ Index: picture.stream + 1, TrackType: 'video', Codec: CODECS[picture.codec] ?? 'UNKNOWN', Duration: durationSeconds },
    VideoProperties: {
      ...{ Width: isTurned ? picture.height : picture.width, Height: isTurned ? picture.width : picture.height },
      FrameRate: { Numerator: Math.round(picture.measuredFps * 1000), Denominator: 1000 },
      ...(picture.rotation !== 0 && { Rotation: picture.rotation }),
      ...(picture.hdr && { TransferCharacteristics: 'SMPTE_2084' }),
      BitDepth: picture.bitDepth,
      CodecMetadata: { ScanType: picture.isInterlaced ? 'Interlaced' : 'Progressive', ChromaSubsampling: picture.isSubsampled ? '4:2:0' : '4:4:4' },
    },
  }
}

const resultOf = (facts: SourceFacts): ProbeResult => ({
  Container: {
    ...{ Format: facts.container === 'matroska' ? 'matroska' : 'mp4', Duration: facts.durationSeconds },
    Tracks: [
      trackOf(facts),
      ...(facts.sound
        ? [
            {
              Index: facts.sound.stream + 1,
              TrackType: 'audio',
              Codec: CODECS[facts.sound.codec] ?? 'UNKNOWN',
              AudioProperties: { Channels: facts.sound.channels },
            } as const,
          ]
        : []),
    ],
  },
})

/** What MediaConvert's probe tells of a file: nothing of one it does not know, and of one without a picture that it has none. */
export const probeBytes = async (bytes: Uint8Array): Promise<ProbeResult> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-mediaconvert-'))
  try {
    const source = join(folder, 'source')
    await writeFile(source, bytes)
    return resultOf(await probeFile(folder, source))
  } catch (error) {
    if (!(error instanceof EncodeFault)) throw error
    if (error.fault !== 'no-picture') return { Container: {} }
    return { Container: { Format: 'mp4', Duration: 2, Tracks: [{ Index: 1, TrackType: 'audio', Codec: 'AAC', AudioProperties: { Channels: 1 } }] } }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
