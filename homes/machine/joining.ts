import { type Blobs, newBlob } from './blobs.ts'
import type { JoinRow, PartRow, UploadRows } from './upload-rows.ts'

/** So much is copied between two syncs, and copied again at most when the power goes. */
const STEP_BYTES = 64 * 1024 * 1024

export type Joining = {
  /** Runs `work` while nothing else appends to or replaces in this upload; first come, first served. */
  alone<T>(upload: string, work: () => Promise<T>): Promise<T>
  /** Appends in the background whatever lies right behind the joined file. */
  goOn(upload: string): void
  /** Appends the parts up to `count` and cuts off what lies beyond the record. To be called `alone`. */
  complete(upload: string, count: number): Promise<JoinRow>
  /** Gives a part that is here already another content. To be called `alone`. */
  replace(upload: string, part: PartRow): Promise<void>
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>
}

/** Parts that can be appended next: contiguous, and no more bytes than one step. */
const nextParts = (behind: readonly PartRow[], { parts }: JoinRow, count: number): PartRow[] => {
  const next: PartRow[] = []
  let bytes = 0
  for (const part of behind) {
    const isNext = part.number === parts + next.length + 1 && part.number <= count
    if (!isNext || (next.length > 0 && bytes + part.size > STEP_BYTES)) break
    next.push(part)
    bytes += part.size
  }
  return next
}

/** One thing at a time for each upload. */
const turns = () => {
  const last = new Map<string, Promise<unknown>>()
  return {
    alone: <T>(upload: string, work: () => Promise<T>): Promise<T> => {
      const mine = (last.get(upload) ?? Promise.resolve()).then(work)
      const ended = mine
        .catch(() => undefined)
        .finally(() => {
          if (last.get(upload) === ended) last.delete(upload)
        })
      last.set(upload, ended)
      return mine
    },
    async over(): Promise<void> {
      while (last.size > 0) await Promise.all(last.values())
    },
  }
}

/**
 * Joins the parts of an upload while they arrive, so that its finish has only the last of them to append. Bytes are appended
 * and synced, then recorded, and only then do the parts' own files go: the record is the truth, and a crash in between leaves
 * a file that is cut back to it when it is next opened.
 */
export const joining = ({ rows, blobs }: { rows: UploadRows; blobs: Blobs }): Joining => {
  const { alone, over } = turns()
  let isStopped = false

  const fileOf = async (upload: string): Promise<JoinRow> => {
    const known = rows.joined(upload)
    if (known) return known
    const begun = { blob: newBlob(), parts: 0, bytes: 0 }
    // Named before it is made, so that no file is ever without a row.
    await rows.reach(upload, begun)
    return begun
  }
  const step = async (upload: string, count: number): Promise<boolean> => {
    const reached = rows.joined(upload) ?? { blob: '', parts: 0, bytes: 0 }
    const next = nextParts(rows.partsBehind(upload, reached.parts), reached, count)
    if (next.length === 0) return false
    const file = await fileOf(upload)
    await blobs.append(file.blob, file.bytes, next)
    await blobs.remove(await rows.grow(upload, file, next))
    return true
  }
  const goOn = (upload: string): void => {
    if (isStopped) return
    const background = alone(upload, async () => !isStopped && (await step(upload, Number.POSITIVE_INFINITY)))
    // What goes wrong here (a full disk) goes wrong again when the upload is finished, and is told there.
    background.then(
      (hasMore) => hasMore && goOn(upload),
      () => undefined,
    )
  }
  return {
    alone,
    goOn,
    async complete(upload, count) {
      await blobs.remove(await rows.cut(upload, count))
      while (await step(upload, count));
      const file = await fileOf(upload)
      await blobs.append(file.blob, file.bytes, [])
      return file
    },
    async replace(upload, part) {
      const file = rows.joined(upload)
      const freed: PartRow[] = []
      let at = 0
      for (const each of file && part.number <= file.parts ? rows.parts(upload).slice(0, file.parts) : []) {
        // Those behind it would begin elsewhere if the sizes differ, and a part overwritten in place would be neither one nor the other after a crash.
        if (file && each.number > part.number) freed.push({ ...each, blob: await blobs.copy(file.blob, at, each.size) })
        at += each.size
      }
      await blobs.remove(await rows.replace(upload, part, freed))
    },
    async stop() {
      isStopped = true
      await over()
    },
  }
}
