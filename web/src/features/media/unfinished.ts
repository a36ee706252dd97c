import * as z from 'zod/mini'

/** An upload this browser began and has not finished; enough to know its file again. */
const Unfinished = z.object({
  upload: z.string(),
  lesson: z.string(),
  fileName: z.string(),
  sizeBytes: z.number(),
  lastModified: z.number(),
  arrivedBytes: z.number(),
})
export type Unfinished = z.infer<typeof Unfinished>

const Shelf = z.record(z.string(), Unfinished)
const KEY = 'lectern.uploads'

type Storage_ = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const parsed = (text: string | null): Record<string, Unfinished> => {
  if (text === null) return {}
  try {
    return Shelf.parse(JSON.parse(text))
  } catch {
    // Written by an older version or by hand: it is only a convenience, the server knows what has arrived.
    return {}
  }
}

/** Remembers unfinished uploads over a reload, one a lesson. */
export const unfinishedUploads = (storage: Storage_) => {
  const all = (): Record<string, Unfinished> => parsed(storage.getItem(KEY))
  return {
    all: (): Unfinished[] => Object.values(all()),
    keep(unfinished: Unfinished): void {
      try {
        storage.setItem(KEY, JSON.stringify({ ...all(), [unfinished.lesson]: unfinished }))
      } catch (error) {
        // Full or forbidden storage costs the reminder after a reload, not the upload.
        if (!(error instanceof DOMException)) throw error
      }
    },
    drop(lesson: string): void {
      const { [lesson]: _, ...rest } = all()
      if (Object.keys(rest).length === 0) storage.removeItem(KEY)
      else storage.setItem(KEY, JSON.stringify(rest))
    },
  }
}

/** The very file an upload was begun with: parts of two versions of a file must not be joined. */
export const isSameFile = (unfinished: Unfinished, file: Pick<File, 'name' | 'size' | 'lastModified'>): boolean =>
  unfinished.fileName === file.name && unfinished.sizeBytes === file.size && unfinished.lastModified === file.lastModified
