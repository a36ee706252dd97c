import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Item, Page } from '#ports/tables.ts'
import type { Side } from '../move/side.ts'
import type { MachineObjects } from './objects.ts'
import { item, type Row } from './tables.ts'

const PAGE_ITEMS = 500

/** Each item of the tables, by its key, a page at a time. */
export const everyItem = (database: DatabaseSync): Side['every'] => {
  const first = database.prepare('SELECT * FROM items ORDER BY pk, sk LIMIT ?')
  const after = database.prepare('SELECT * FROM items WHERE (pk, sk) > (?, ?) ORDER BY pk, sk LIMIT ?')
  return async (page): Promise<Page<Item>> => {
    // Ours: `[pk, sk]`, as written below.
    const position = page === undefined ? undefined : (JSON.parse(page) as [string, string])
    // A row of `items` has the columns its schema names.
    const rows = (position ? after.all(...position, PAGE_ITEMS + 1) : first.all(PAGE_ITEMS + 1)) as Row[]
    const items = rows.slice(0, PAGE_ITEMS).map(item)
    const last = items.at(-1)
    return rows.length > PAGE_ITEMS && last ? { items, next: JSON.stringify([last.pk, last.sk]) } : { items }
  }
}

/** Takes a stream as an object; `folder` is on the disk of the store. */
export const takingFile = ({ objects, folder }: { objects: MachineObjects; folder: string }): Side['take'] => {
  let count = 0
  return async (key, body, options) => {
    count += 1
    // Counted from one again, so that what a crash left is written over.
    const file = join(folder, `carried-${count}`)
    try {
      await pipeline(Readable.from(body), createWriteStream(file))
      await objects.adopt(key, file, options)
    } finally {
      await rm(file, { force: true })
    }
  }
}
