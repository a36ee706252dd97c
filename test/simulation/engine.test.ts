import { type EventsHome, eventsLaws } from '#ports/events.laws.ts'
import { type TablesHome, tablesLaws } from '#ports/tables.laws.ts'
import { emptyOutbox, memoryEvents, outboxNow } from './memory-events.ts'
import { emptyRows, memoryTables, tablesNow } from './memory-tables.ts'
import { seeded } from './random.ts'

/** The simulation's engine as a home: what is simulated is what the ports promise. */
const aMemory = async (disk = { rows: emptyRows(), outbox: emptyOutbox(), now: Date.parse('2026-11-22T10:00:00Z') }): Promise<TablesHome & EventsHome> => {
  const clock = { now: () => new Date(disk.now) }
  const outbox = outboxNow({ rows: disk.outbox, clock, random: seeded(1), owes: () => {} })
  const events = memoryEvents(outbox)
  const append: typeof outbox.append = (happened) => {
    outbox.append(happened)
    events.wake()
  }
  return {
    tables: memoryTables(tablesNow(disk.rows, append)),
    events,
    pass: (milliseconds) => {
      disk.now += milliseconds
    },
    reopen: () => aMemory(disk),
    close: () => events.stop(),
  }
}

tablesLaws('simulation', aMemory)
eventsLaws('simulation', aMemory)
