import type { NoticeKind } from '#contract/notifications.ts'

export const KIND_ICONS: Record<NoticeKind, string> = {
  reply: 'i-lucide-message-circle-reply',
  mention: 'i-lucide-at-sign',
  announcement: 'i-lucide-megaphone',
  course: 'i-lucide-book-open',
  assignment: 'i-lucide-clipboard-check',
  certificate: 'i-lucide-award',
  question: 'i-lucide-circle-help',
  review: 'i-lucide-star',
  report: 'i-lucide-flag',
  video: 'i-lucide-clapperboard',
  series: 'i-lucide-calendar-clock',
  moderation: 'i-lucide-shield',
  account: 'i-lucide-user',
}
