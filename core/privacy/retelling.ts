import { type Leaving, mentions, replacing } from '#core/personal.ts'
import type { Remembered } from '#ports/events.ts'

/** The same event with a pseudonym in the place of whoever leaves; undefined where it says nothing of them. */
export const retold = ({ event, failures }: Remembered, leaving: Leaving): Remembered | undefined => {
  // Where a film's file lies stays as it is: whoever is still to remove it would not find it otherwise.
  const { source, ...payload } = event.payload
  if (!mentions({ pk: '', sk: '', version: 0, body: { payload, failures } }, leaving)) return undefined
  const anew = replacing(leaving, {})
  return {
    event: { ...event, payload: { ...anew(payload), ...(source !== undefined && { source }) } },
    failures: failures.map(({ listener, reason }) => ({ listener, reason: String(anew({ reason })['reason']) })),
  }
}
