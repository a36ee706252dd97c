import { aClip } from '#homes/machine/ffmpeg/clip.fixture.ts'
import { transcoderLaws } from '#ports/transcoder.laws.ts'
import { aLaboratory } from './mediaconvert/laboratory.fixture.ts'

const lawClips = async () => ({
  landscape: await aClip({ width: 640, height: 360, seconds: 4 }),
  silent: await aClip({ sound: false, seconds: 2 }),
  soundOnly: await aClip({ picture: false, seconds: 2 }),
  landscapeSeconds: 4,
})

transcoderLaws('aws, MediaConvert', lawClips, () => aLaboratory(), {
  differences: {
    'something can be watched before the end is told, and its playlist names what is there':
      'MediaConvert tells of no output before its job is complete, and orders no outputs: videos appear when they are whole.',
    'what does not change is stored as such, for every cache to keep':
      'MediaConvert writes its objects without Cache-Control; what lies under media/ is given one by the edge (core/delivery/behaviours.ts).',
  },
})
