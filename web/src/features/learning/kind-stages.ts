import { type Component, defineAsyncComponent } from 'vue'
import type { LessonKind } from '#contract/lesson-kinds.ts'

/** What a kind of lesson shows its learners below its own text; each takes `lesson` (a `LessonView`). Loaded when such a lesson is opened. */
export const KIND_STAGES: Partial<Record<LessonKind, { first?: Component; last?: Component }>> = {
  assignment: { last: defineAsyncComponent(() => import('../assignments/WorkStage.vue')) },
  live: { first: defineAsyncComponent(() => import('../live/SessionStage.vue')) },
  download: { first: defineAsyncComponent(() => import('../files/DownloadStage.vue')) },
}
