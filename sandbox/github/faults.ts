export const API_FAULTS = ['none', 'down', 'slow', '500', 'lost', 'limited', 'exhausted', 'truncated', 'read-only', 'no-statuses'] as const
export const WEBHOOK_FAULTS = ['none', 'off', 'duplicate', 'reorder', 'late', 'bad-signature'] as const
export type ApiFault = (typeof API_FAULTS)[number]
export type WebhookFault = (typeof WEBHOOK_FAULTS)[number]

export type Faults = {
  api: ApiFault
  webhooks: WebhookFault
  /** For how many calls the API's fault lasts; null until it is changed. */
  count: number | null
  /** How many calls are still answered as they should be before it begins. */
  after: number
  /** How long `slow` and `late` wait, and `limited` asks to. */
  seconds: number
  /** How often `duplicate` sends each. */
  times: number
}
export const NO_FAULTS: Faults = { api: 'none', webhooks: 'none', count: null, after: 0, seconds: 15, times: 3 }

export const API_WORDS: Record<ApiFault, string> = {
  none: 'Answers as it should',
  down: 'Down: connections break',
  slow: 'Slow: answers after the seconds below',
  '500': 'Failing: every call is answered 500',
  lost: 'Lost answers: does the work, then breaks the connection',
  limited: 'Too fast: 403 with a “retry-after” of the seconds below',
  exhausted: 'Used up: 403, no calls are left for an hour',
  truncated: 'Too large: trees are answered cut off, as those of huge repositories are',
  'read-only': 'A token that may read only',
  'no-statuses': 'A token that may not write commit statuses',
}
export const WEBHOOK_WORDS: Record<WebhookFault, string> = {
  none: 'Sent at once, in order',
  off: 'Off: kept here, never sent',
  duplicate: 'Duplicate: each sent several times',
  reorder: 'Reordered: last things first',
  late: 'Late by the seconds below',
  'bad-signature': 'Signed with another secret',
}

const whole = (value: unknown, before: number, most: number): number => {
  const number = value === undefined || value === '' ? before : Number(value)
  return Number.isInteger(number) && number >= 0 ? Math.min(most, number) : before
}

/** What is no such setting changes nothing. */
export const readFaults = (asked: Record<string, unknown>, before: Faults): Faults => ({
  api: API_FAULTS.find((name) => name === asked['api']) ?? before.api,
  webhooks: WEBHOOK_FAULTS.find((name) => name === asked['webhooks']) ?? before.webhooks,
  // Left empty it lasts; so it does where another fault is chosen without a word of it.
  count: asked['count'] === undefined || asked['count'] === '' || asked['count'] === null ? null : Math.max(1, whole(asked['count'], 1, 10_000)),
  after: whole(asked['after'], 0, 10_000),
  seconds: whole(asked['seconds'], before.seconds, 86_400),
  times: Math.max(1, whole(asked['times'], before.times, 20)),
})

const APART_MS = 1000

/** When each of the webhooks made together is to be sent, once for every time it is. Of two made apart the first is held back. */
export const dueTimes = ({ webhooks, seconds, times }: Faults, count: number, { now, tally }: { now: number; tally(): number }): number[][] => {
  const all = Array.from({ length: count }, (_, place) => place)
  if (webhooks === 'off') return all.map(() => [])
  if (webhooks === 'late') return all.map(() => [now + seconds * 1000])
  if (webhooks === 'duplicate') return all.map(() => Array.from({ length: times }, () => now))
  if (webhooks === 'reorder') {
    const held = count === 1 && tally() % 2 === 1 ? 2 * APART_MS : 0
    return all.map((place) => [now + held + (count - 1 - place) * APART_MS])
  }
  return all.map(() => [now])
}
