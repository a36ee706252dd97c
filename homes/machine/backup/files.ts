import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

export type Copied = { bytes: number; sha256: string; md5: string }

const hashed = (bytes: number | undefined, heard: (chunk: Buffer) => void) => {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  let count = 0
  const through = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      count += chunk.length
      sha256.update(chunk)
      md5.update(chunk)
      heard(chunk)
      yield chunk
    }
    if (bytes !== undefined && count < bytes) throw new ShortFile(count)
  }
  return { through, copied: (): Copied => ({ bytes: count, sha256: sha256.digest('hex'), md5: md5.digest('hex') }) }
}

/** A file holds fewer bytes than are said of it. */
export class ShortFile extends Error {
  constructor(count: number) {
    super(`It ends after ${count} bytes.`)
  }
}

const end = (bytes: number | undefined) => (bytes === undefined ? {} : { end: bytes - 1 })

/** Copies a file, or its first bytes, and tells what they were; on the disk when it answers. */
export const copyFile = async (from: string, to: string, bytes?: number, heard: (chunk: Buffer) => void = () => undefined): Promise<Copied> => {
  await mkdir(dirname(to), { recursive: true })
  const { through, copied } = hashed(bytes, heard)
  if (bytes === 0) await (await open(to, 'wx')).close()
  else await pipeline(createReadStream(from, end(bytes)), through, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }))
  return copied()
}

/** What a file's bytes are, without a copy. */
export const readThrough = async (from: string, heard: (chunk: Buffer) => void = () => undefined): Promise<Copied> => {
  const { through, copied } = hashed(undefined, heard)
  for await (const _ of through(createReadStream(from)));
  return copied()
}

/** Files below a folder, by their paths in it with slashes; whole folders that are not wanted are not looked into. */
export const filesBelow = async (folder: string, isWanted: (path: string) => boolean, at = folder): Promise<string[]> => {
  const entries = await readdir(at, { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = relative(folder, join(at, entry.name)).split(sep).join('/')
      if (!isWanted(path)) return []
      if (entry.isDirectory()) return filesBelow(folder, isWanted, join(at, entry.name))
      return entry.isFile() ? [path] : []
    }),
  )
  return found.flat().toSorted()
}
