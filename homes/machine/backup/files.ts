import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Through, UNCOVERED } from './cover.ts'

export type Copied = { bytes: number; sha256: string; md5: string }

type Heard = (chunk: Uint8Array) => void

const hashed = (bytes: number | undefined, heard: Heard) => {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  let count = 0
  const through = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
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

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** For the owner alone. */
const OWN = 0o600

/**
 * `bytes`: only the first so many. What is told is of what lies between `take`, by which it is read, and `put`, by which it is written. `mode`: whom the
 * copy is for, less what the process keeps from others (umask).
 */
type How = { bytes?: number | undefined; heard?: Heard; take?: Through; put?: Through; mode?: number }

/** Copies a file, or its first bytes, and tells what they were; on the disk when it answers. */
export const copyFile = async (
  from: string,
  to: string,
  { bytes, heard = () => undefined, take = UNCOVERED.take, put = UNCOVERED.put, mode = OWN }: How = {},
): Promise<Copied> => {
  await mkdir(dirname(to), { recursive: true })
  const { through, copied } = hashed(bytes, heard)
  const source = bytes === 0 ? nothing() : take(createReadStream(from, end(bytes)))
  await pipeline(source, through, put, createWriteStream(to, { flags: 'wx', mode, flush: true }))
  return copied()
}

/** What a file's bytes are, without a copy. */
export const readThrough = async (from: string, { heard = () => undefined, take = UNCOVERED.take }: Pick<How, 'heard' | 'take'> = {}): Promise<Copied> => {
  const { through, copied } = hashed(undefined, heard)
  for await (const _ of through(take(createReadStream(from))));
  return copied()
}

export const textThrough = async (from: string, take: Through): Promise<string> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of take(createReadStream(from))) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** Writes a small file. */
export const writeThrough = async (to: string, text: string, put: Through): Promise<void> => {
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  await pipeline(put(source()), createWriteStream(to, { flags: 'wx', mode: OWN, flush: true }))
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
