import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '#ports/clock.ts'
import type { EventsHome } from '#ports/events.laws.ts'
import { events } from './events.ts'
import { silentLog } from './log.ts'
import { openSchoolFile, type SchoolFile } from './school-file.ts'
import { tables } from './tables.ts'

export const scratchFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'lectern-'))

/** A clock that stands still until it is moved. */
export const aClock = (start = '2026-11-22T10:00:00Z'): Clock & { pass(milliseconds: number): void } => {
  let now = Date.parse(start)
  return {
    now: () => new Date(now),
    pass: (milliseconds) => {
      now += milliseconds
    },
  }
}

/** Tables and their outbox in a folder of their own. */
export const aStore = async (): Promise<EventsHome & { file: SchoolFile; path: string }> => {
  const folder = await scratchFolder()
  const clock = aClock()
  const open = (): EventsHome & { file: SchoolFile; path: string } => {
    const path = join(folder, 'school.sqlite')
    const file = openSchoolFile(path)
    const outbox = events({ file, clock, log: silentLog })
    return {
      ...{ file, path },
      tables: tables({ file, outbox }),
      events: outbox,
      pass: clock.pass,
      // Nothing is flushed or finished first: the file is what a crash leaves.
      reopen: async () => open(),
      async close() {
        await outbox.stop()
        await file.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  }
  return open()
}
