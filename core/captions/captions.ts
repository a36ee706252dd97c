import type { captions as contract } from '#contract/captions.ts'
import type { Feature } from '#core/handlers.ts'
import { inheriting } from './inherit.ts'
import { showing } from './showing.ts'
import { tracks } from './tracks.ts'
import { listening, transcribe } from './transcribe.ts'

export const captions: Feature<typeof contract> = {
  handlers: { ...tracks, transcribe },
  hearings: [...inheriting, ...showing, ...listening],
  timers: [],
}
