import type { DatabaseSync } from 'node:sqlite'
import { transaction } from '../database.ts'

/** Forgets somebody, and every row of the file that is theirs, whichever table keeps it. */
export const forgetting = (database: DatabaseSync): ((id: string, email: string | undefined) => void) => {
  // By the columns tables have, so that one that comes later is not forgotten here; a letter that waits is JSON, and theirs that goes to them.
  const having = database.prepare(
    "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = ? AND m.name <> 'accounts'",
  )
  const tablesWith = (column: string): string[] => having.all(column).map(({ name }) => String(name))
  const ofAccount = tablesWith('account').map((table) => database.prepare(`DELETE FROM ${table} WHERE account = ?`))
  const ofAddress = [
    ...tablesWith('email').map((table) => database.prepare(`DELETE FROM ${table} WHERE email = ?`)),
    database.prepare("DELETE FROM letters WHERE json_extract(letter, '$.to') = ?"),
  ]
  // What knows somebody by their sessions, which are about to go, or in the middle of a text.
  const besides = ['DELETE FROM sessions WHERE uid IN (SELECT uid FROM oidc WHERE account = ?)', 'DELETE FROM steps WHERE instr(step, ?) > 0'].map((sql) =>
    database.prepare(sql),
  )
  const gone = database.prepare('DELETE FROM accounts WHERE id = ?')
  return (id, email) =>
    transaction(database, () => {
      for (const erased of [...besides, ...ofAccount]) erased.run(id)
      if (email !== undefined) for (const erased of ofAddress) erased.run(email)
      gone.run(id)
    })
}
