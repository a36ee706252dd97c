import type { Recipe } from '#ports/transcoder.ts'

/** The ladder most lectures are well served by: 4 s segments, x264 at constant quality under a cap; the sound once. */
export const STANDARD: Recipe = {
  name: 'standard',
  segmentSeconds: 4,
  audioKbps: 128,
  rungs: [
    { name: '1080p', shortSide: 1080, crf: 21, maxrateKbps: 3500 },
    { name: '720p', shortSide: 720, crf: 22, maxrateKbps: 1800 },
    { name: '480p', shortSide: 480, crf: 23, maxrateKbps: 900 },
    { name: '270p', shortSide: 270, crf: 24, maxrateKbps: 350 },
  ],
}
