import type { DatabaseSync } from 'node:sqlite'

/** Does several things in one transaction, or none of them. */
export const togetherIn =
  (database: DatabaseSync) =>
  <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      database.exec('COMMIT')
      return result
    } catch (cause) {
      database.exec('ROLLBACK')
      throw cause
    }
  }
