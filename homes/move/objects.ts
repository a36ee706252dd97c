import { createHash } from 'node:crypto'
import type { ObjectEntry, ObjectMeta, PutOptions } from '#ports/objects.ts'
import type { Side } from './side.ts'
import { MoveTrouble } from './trouble.ts'

/** Also the least that S3 takes as a part, with something to spare. */
const PIECE_BYTES = 8 * 1024 ** 2

async function* pieces(objects: Side['objects'], key: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += PIECE_BYTES) {
    const piece = await objects.range(key, at, Math.min(at + PIECE_BYTES, size) - 1)
    if (!piece || piece.length !== Math.min(PIECE_BYTES, size - at)) throw new MoveTrouble(`${key} changed while it was read. Is its school still open?`)
    yield piece
  }
}

const digestOf = async (objects: Side['objects'], key: string, size: number): Promise<string> => {
  const hash = createHash('sha256')
  for await (const piece of pieces(objects, key, size)) hash.update(piece)
  return hash.digest('hex')
}

const optionsOf = ({ type, cacheControl, fileName }: ObjectMeta): PutOptions => ({
  ...{ type },
  ...(cacheControl !== undefined && { cacheControl }),
  ...(fileName !== undefined && { fileName }),
})

/** `seen` is told of bytes as they pass. */
type Way = { from: Side['objects']; to: Side; rename(key: string): string; seen(bytes: number): void }

/** Carries one object, and reads it back: it is there when its digest is the same. */
const carryObject = async ({ from, to, rename, seen }: Way, { key }: ObjectEntry): Promise<number> => {
  const meta = await from.head(key)
  if (!meta) throw new MoveTrouble(`${key} has gone while it was carried. Is its school still open?`)
  const hash = createHash('sha256')
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces(from, key, meta.size)) {
      hash.update(piece)
      yield piece
      seen(piece.length)
    }
  }
  const there = rename(key)
  await to.take(there, counted(), optionsOf(meta))
  const [sent, kept] = [hash.digest('hex'), await to.objects.head(there)]
  const isSame =
    kept?.size === meta.size && JSON.stringify(optionsOf(kept)) === JSON.stringify(optionsOf(meta)) && (await digestOf(to.objects, there, meta.size)) === sent
  if (!isSame) throw new MoveTrouble(`${key} did not arrive as it was.`)
  return meta.size
}

/** Small ones go together, so that nobody waits for each one's way there and back; of large ones the disk and the line are full. */
const BATCH_OBJECTS = 8
const BATCH_BYTES = 64 * 1024 ** 2

export const batches = (entries: readonly ObjectEntry[]): ObjectEntry[][] => {
  const made: ObjectEntry[][] = []
  let room = 0
  for (const entry of entries) {
    const last = made.at(-1)
    if (last && last.length < BATCH_OBJECTS && entry.size <= room) last.push(entry)
    else {
      made.push([entry])
      room = BATCH_BYTES
    }
    room -= entry.size
  }
  return made
}

/** Carries these at once; bytes. What fails is told of when the others have ended, so that nobody closes the store under them. */
export const carryObjects = async (way: Way, entries: readonly ObjectEntry[]): Promise<number> => {
  const outcomes = await Promise.allSettled(entries.map((entry) => carryObject(way, entry)))
  return outcomes.reduce((sum, outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return sum + outcome.value
  }, 0)
}

export type Holding = { count: number; bytes: number }

/** How many objects a home has; `see` is told of each. */
export const holdingOf = async (objects: Side['objects'], see: (entry: ObjectEntry) => void = () => {}): Promise<Holding> => {
  const holding = { count: 0, bytes: 0 }
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const found = await objects.list('', page)
    for (const entry of found.items) {
      holding.count += 1
      holding.bytes += entry.size
      see(entry)
    }
    page = found.next
  }
  return holding
}
