import type { LessonKind } from '#contract/lesson-kinds.ts'

/** The picture of each kind of lesson, everywhere it is listed; its name is the text `kinds.<kind>`. */
export const KIND_ICONS: Record<LessonKind, string> = {
  video: 'i-lucide-circle-play',
  article: 'i-lucide-file-text',
  quiz: 'i-lucide-list-checks',
  assignment: 'i-lucide-pencil-line',
  download: 'i-lucide-download',
  live: 'i-lucide-radio',
}
