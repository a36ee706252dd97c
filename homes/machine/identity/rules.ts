import type { DatabaseSync } from 'node:sqlite'
import type { SignInRules } from '#ports/sign-in.ts'

export type Rules = ReturnType<typeof rules>

/** What the school asks of those who sign in. */
export const rules = (database: DatabaseSync) => {
  const get = database.prepare("SELECT value FROM rules WHERE name = 'sign-in'")
  const put = database.prepare("INSERT OR REPLACE INTO rules (name, value) VALUES ('sign-in', ?)")
  return {
    now(): SignInRules {
      // Written below.
      const row = get.get() as { value: string } | undefined
      return { staffNeedSecondFactor: false, ...(row && JSON.parse(row.value)) }
    },
    set: (wanted: SignInRules): void => void put.run(JSON.stringify(wanted)),
  }
}
