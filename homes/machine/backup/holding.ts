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

/** As often an object may be replaced at the very moment it is looked at. */
const MOST_TRIES = 5

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
    for (const { key, etag } of gone) {
      // An upload has gone on: it is begun anew, as after any other pause that is too long.
      if (etag === null) wanted.forgetUploads(key)
      else
        for (let now = wanted.follow(key, live), tries = 1; now && !(await hold(now.blob)); now = wanted.follow(key, live), tries += 1)
          if (tries === MOST_TRIES) throw new Error(`${key} is replaced too often to be held.`)
    }
  } finally {
    live.close()
  }
}
