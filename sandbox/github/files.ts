import * as node from 'node:fs/promises'

/** Renamed into place: whoever reads beside us, a `git` for one, never finds half an object, and neither does a process that was killed. */
const writeFile = async (path: string, data: string | Uint8Array, options?: { mode?: number } | string): Promise<void> => {
  const half = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`
  await node.writeFile(half, data, typeof options === 'object' ? options : {})
  await node.rename(half, path)
}

/** What isomorphic-git works on. */
export const files = { promises: { ...node, writeFile } }
