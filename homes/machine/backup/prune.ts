import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openKept } from './blobs.ts'
import { filesBelow } from './files.ts'
import { LEASE_FILE, lease } from './lease.ts'
import { BLOBS_FILE, filePath, snapshotPath, snapshotsIn } from './manifest.ts'

const digestsOf = (backups: string, id: string): string[] => {
  const kept = openKept(filePath(snapshotPath(backups, id), BLOBS_FILE), 'read')
  try {
    return [...kept.all()].map(({ sha256 }) => sha256)
  } finally {
    kept.close()
  }
}

/** Keeps the newest so many backups of a folder, and the bytes that they name; answers how many went. */
export const pruneBackups = async (backups: string, keep: number): Promise<number> => {
  const held = await lease(join(backups, LEASE_FILE), `Another backup is being written to ${backups}.`)
  try {
    const all = await snapshotsIn(backups)
    const [old, stay] = [all.slice(0, Math.max(0, all.length - keep)), all.slice(-keep)]
    if (old.length === 0) return 0
    const named = new Set(stay.flatMap((id) => digestsOf(backups, id)))
    for (const id of old) await rm(snapshotPath(backups, id), { recursive: true })
    const folder = join(backups, 'blobs')
    for (const path of await filesBelow(folder, () => true))
      if (
        !named.has(
          path
            .split('/')
            .at(-1)
            ?.replace(/\.age$/, '') ?? '',
        )
      )
        await rm(join(folder, path))
    return old.length
  } finally {
    held.close()
  }
}
