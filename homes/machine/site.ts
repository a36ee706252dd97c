import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { typeOf } from '../web.ts'
import { hasCode } from './error-code.ts'

export type SiteFile = { type: string; etag: string; bytes: Uint8Array }

/** Plain names only, none that begins with a dot: no path made of them can leave the folder. */
const PATH = /^(\/[A-Za-z0-9_@-][A-Za-z0-9._@-]*)+$/

/** The built web app: a few megabytes that everyone asks for, so it is held in memory and read again when a file changes. */
export const siteFiles = (root: string): ((path: string) => Promise<SiteFile | undefined>) => {
  const held = new Map<string, { stamp: string; file: SiteFile }>()
  return async (path) => {
    if (!PATH.test(path)) return undefined
    try {
      const file = join(root, path)
      const found = await stat(file)
      if (!found.isFile()) return undefined
      const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`
      const known = held.get(path)
      if (known?.stamp === stamp) return known.file
      const bytes = await readFile(file)
      const etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
      const fresh = { type: typeOf(path), etag, bytes }
      held.set(path, { stamp, file: fresh })
      return fresh
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error
      held.delete(path)
      return undefined
    }
  }
}
