import type { talk as contract } from '#contract/talk.ts'
import type { Feature } from '#core/handlers.ts'
import { mark, report } from './marking.ts'
import { edit, remove } from './mending.ts'
import { block, moderate } from './moderating.ts'
import { begin, reply } from './posting.ts'
import { reading } from './reading.ts'
import { tellings } from './telling.ts'

export const talk: Feature<typeof contract> = {
  handlers: { ...reading, begin, reply, edit, remove, mark, report, moderate, block },
  hearings: tellings,
  timers: [],
}
