import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { objectsBelow } from '#core/objects.ts'
import type { Objects } from '#ports/objects.ts'
import type { School } from '#test/school.ts'

/** A row of a table or an object of a store, and all the text of it. */
export type Kept = { where: string; texts: string[] }

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Every text of a value and every name in it, JSON within text taken apart too: so that nothing hides behind an escape. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') {
    const within = parsed(value)
    return typeof within === 'object' && within !== null ? textsIn(within) : [value]
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([name, each]) => [name, ...textsIn(each)])
}

const rowsOf = (database: DatabaseSync, of: string): Kept[] => {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  return tables.flatMap(({ name }) =>
    database
      .prepare(`SELECT * FROM ${String(name)}`)
      .all()
      .map((row) => ({ where: `${of} ${String(name)} ${Object.values(row).slice(0, 2).join(' ')}`, texts: textsIn({ ...row }) })),
  )
}

const databasesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.sqlite')).toSorted()

type Store = Pick<Objects, 'list' | 'get'>

export const keysOf = (store: Store): Promise<string[]> => Array.fromAsync(objectsBelow({ objects: store }, ''), ({ key }) => key)

const objectsOf = async (store: Store, of: string): Promise<Kept[]> => {
  const kept: Kept[] = []
  for (const key of await keysOf(store)) {
    const object = await store.get(key)
    const text = Buffer.from(object?.bytes ?? []).toString()
    kept.push({ where: `${of} ${key}`, texts: [key, object?.fileName ?? '', text, ...textsIn(text)] })
  }
  return kept
}

/** All there is: each row of each table of each database, and each object of both stores. */
export const everythingIn = async ({ database, folder, world }: Pick<School, 'database' | 'folder' | 'world'>): Promise<Kept[]> => {
  const kept = [...rowsOf(database, 'school'), ...(await objectsOf(world.objects, 'object')), ...(await objectsOf(world.drafts, 'draft'))]
  for (const path of await databasesBelow(folder)) {
    const other = new DatabaseSync(join(folder, path), { readOnly: true })
    kept.push(...rowsOf(other, path))
    other.close()
  }
  return kept
}
