import { type Component, defineAsyncComponent } from 'vue'
import type { LessonKind } from '#contract/lesson-kinds.ts'

/**
 * What a kind of lesson adds to its desk; each takes `lesson` (a `LessonDraft`) as its one property and saves by endpoints of its own.
 * `lead` stands before the title, `main` after the text, `aside` at the side below the settings of all.
 */
type KindDesk = { lead?: Component; main?: Component; aside?: Component }

/** Loaded when a lesson of that kind is opened. */
export const KIND_DESKS: Record<LessonKind, KindDesk> = {
  video: {
    lead: defineAsyncComponent(() => import('./VideoLessonDesk.vue')),
    aside: defineAsyncComponent(() => import('./LessonCaptions.vue')),
  },
  article: {},
  quiz: {},
  assignment: { main: defineAsyncComponent(() => import('../../assignments/AssignmentDesk.vue')) },
  download: {},
  live: { main: defineAsyncComponent(() => import('../../live/SessionDesk.vue')) },
}
