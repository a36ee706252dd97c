import type { assignments as contract } from '#contract/assignments.ts'
import type { Feature } from '#core/handlers.ts'
import { download, finishFile, removeFile, signFile, startFile, sweepFiles } from './files.ts'
import { grade, handing, queue } from './grading.ts'
import { handIn, keep, open } from './handing.ts'
import { tellings } from './telling.ts'
import { write } from './write.ts'

export const assignments: Feature<typeof contract> = {
  handlers: { open, keep, handIn, startFile, signFile, finishFile, removeFile, download, write, queue, handing, grade },
  hearings: tellings,
  timers: [sweepFiles],
}
