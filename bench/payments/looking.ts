import { DatabaseSync } from 'node:sqlite'

export type Looking = {
  /** When which learner was let in, as it was seen from here, by this machine's own clock in nanoseconds. */
  since: Map<string, bigint>
  /** Whether somebody is still owed a delivery. */
  owes(): boolean
  close(): void
}

/** Whoever looks sees a thing that much later at most, and it counts as having been later. */
const EVERY_MS = 20

/** Reads the school's database while the school writes it: what has happened in there, and what is still to do. */
export const lookInto = (path: string): Looking => {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  const happened = database.prepare("SELECT rowid, payload FROM outbox WHERE rowid > ? AND name = 'enrolment.started' ORDER BY rowid")
  // One row is enough: to count them all takes longer the more there are, beside those who are measured.
  const owed = database.prepare('SELECT 1 FROM deliveries WHERE is_dead = 0 LIMIT 1')
  const since = new Map<string, bigint>()
  let last = 0
  const look = (): void => {
    // Each row has what its statement selects.
    for (const { rowid, payload } of happened.all(last) as { rowid: number; payload: string }[]) {
      last = rowid
      // The event's own payload.
      since.set((JSON.parse(payload) as { learner: string }).learner, process.hrtime.bigint())
    }
  }
  const timer = setInterval(look, EVERY_MS)
  return {
    since,
    owes: () => owed.get() !== undefined,
    close() {
      clearInterval(timer)
      database.close()
    },
  }
}
