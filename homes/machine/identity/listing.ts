import type { DatabaseSync } from 'node:sqlite'
import type { Identity, Person, Role } from '#ports/identity.ts'
import type { Page } from '#ports/tables.ts'
import { wordsIn, wordsOf } from '../../people-words.ts'

/** `password` is empty where somebody has none: they sign in by another provider. */
export type Account = Person & { password: string }

export type Row = {
  id: string
  email: string
  name: string
  password: string
  roles: string
  is_verified: number
  is_disabled: number
  sessions_since: string | null
}

const PAGE = 100

export const account = (row: Row): Account => ({
  id: row.id,
  email: row.email,
  name: row.name,
  password: row.password,
  // Written by this file only, from Role[].
  roles: JSON.parse(row.roles) as Role[],
  isVerified: row.is_verified === 1,
  isDisabled: row.is_disabled === 1,
  ...(row.sessions_since !== null && { sessionsSince: row.sessions_since }),
})

export const person = ({ password: _, ...rest }: Account): Person => rest

type Options = NonNullable<Parameters<Identity['list']>[0]>

/** Once after an update to a school of many people there are as many to write; after that, whoever came or was renamed since somebody last looked. */
const wordsWriting = (database: DatabaseSync): (() => void) => {
  const wordless = database.prepare('SELECT id, name, email FROM accounts WHERE words IS NULL LIMIT 1000')
  const write = database.prepare('UPDATE accounts SET words = ? WHERE id = ? AND name = ? AND email = ?')
  return () => {
    for (;;) {
      // A row of a STRICT table has the columns its schema names.
      const rows = wordless.all() as Pick<Row, 'id' | 'name' | 'email'>[]
      if (rows.length === 0) return
      database.exec('BEGIN IMMEDIATE')
      for (const row of rows) write.run(` ${wordsOf(row).join(' ')}`, row.id, row.name, row.email)
      database.exec('COMMIT')
    }
  }
}

/** A pattern of LIKE that finds what begins a word. */
const beginning = (word: string): string => `% ${word.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`

/** Everybody in the order of their ids, or those who are looked for. */
export const listing = (database: DatabaseSync): ((options: Options) => Page<Person>) => {
  const writeWords = wordsWriting(database)
  return ({ page = '', search, role }) => {
    const words = wordsIn(search ?? '')
    if (words.length > 0) writeWords()
    const conditions = ['id > ?', ...words.map(() => "words LIKE ? ESCAPE '\\'"), ...(role === undefined ? [] : [`roles <> '["learner"]'`, 'roles LIKE ?'])]
    const values = [page, ...words.map(beginning), ...(role === undefined ? [] : [`%"${role}"%`])]
    // The conditions are this file's own; what is typed is bound.
    const rows = database.prepare(`SELECT * FROM accounts WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ${PAGE + 1}`).all(...values) as Row[]
    const items = rows.slice(0, PAGE).map((row) => person(account(row)))
    const last = items.at(-1)
    return rows.length > PAGE && last ? { items, next: last.id } : { items }
  }
}
