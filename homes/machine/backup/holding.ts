import { link, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hasCode } from '../error-code.ts'
import type { Wanted, WantedRows } from './blobs.ts'

/** A second name for a file, which stays when the store removes the first. False where it has been removed already. */
const linked = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return true
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

type Settling = { live: DatabaseSync; hold(blob: string): Promise<boolean> }

/**
 * Holds what the store names by now in the place of a blob that has gone. One that it still names has been lost by the disk: it stays
 * without a link, and copying tells of it.
 */
const settle = async (wanted: WantedRows, { key, blob, etag }: Wanted, { live, hold }: Settling): Promise<void> => {
  if (etag === null) {
    // An upload has gone on: it is begun anew, as after any other pause that is too long.
    if (!wanted.isOnItsWay(blob, live)) wanted.forgetUploads(key)
    return
  }
  let before = blob
  for (let now = wanted.follow(key, live); now && now.blob !== before && !(await hold(now.blob)); now = wanted.follow(key, live)) before = now.blob
}

/**
 * Holds every blob that a copy of the store's database names, by a link of ours, so that the school may go on removing. What was
 * replaced or removed between the copy and the link is replaced or removed in the copy too.
 */
export const holdBlobs = async (wanted: WantedRows, { store, held, told }: { store: string; held: string; told: (done: number) => void }): Promise<void> => {
  await mkdir(held, { recursive: true })
  const hold = (blob: string): Promise<boolean> => linked(join(store, 'blobs', blob), join(held, blob))
  const gone: Wanted[] = []
  let done = 0
  for (const each of wanted.all()) {
    if (!(await hold(each.blob))) gone.push(each)
    done += 1
    told(done)
  }
  const live = new DatabaseSync(join(store, 'objects.sqlite'), { readOnly: true })
  try {
    for (const each of gone) await settle(wanted, each, { live, hold })
  } finally {
    live.close()
  }
}
