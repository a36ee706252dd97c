import { type Hearing, hearing } from '#core/events.ts'
import { PASSED, passOn } from './passing.ts'
import { send, tellOff } from './sending.ts'

export const SENDING = 'operations.send-webhook'

/** Slow receivers hold up one another, and nobody else. */
const AT_ONCE = 8

/** Told among the operations' own, whose queue on AWS is there already. */
export const webhookHearings: readonly Hearing[] = [
  ...PASSED.map(({ name, hears }): Hearing => ({ name, hears, hear: passOn })),
  { ...hearing(SENDING, 'webhook.due', send), atOnce: AT_ONCE },
  hearing('operations.alert-webhook', 'webhook.switched-off', tellOff),
]
