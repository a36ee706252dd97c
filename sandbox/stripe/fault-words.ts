import type { ApiFault, WebhookFault } from './faults.ts'

export const API_WORDS: Record<ApiFault, string> = {
  none: 'Answers as it should',
  down: 'Down: connections break',
  slow: 'Slow: answers after the seconds below',
  hang: 'Half-open: takes the connection and never answers',
  '500': 'Failing: every call is answered 500',
  kept: '500, kept: calls fail, and those with an idempotency key are answered so again later',
  '429': 'Too many calls: every call is answered 429',
  lost: 'Lost answers: does the work, then breaks the connection',
  malformed: 'Malformed: does the work, and answers half of the JSON',
  amounts: 'Wrong amounts: every amount in an answer is one too high',
}
export const WEBHOOK_WORDS: Record<WebhookFault, string> = {
  none: 'Sent at once, in order',
  duplicate: 'Duplicate: each sent several times at once',
  reorder: 'Reordered: last things first',
  drop: 'Dropped: kept here, never sent',
  delay: 'Delayed by the seconds below',
}
