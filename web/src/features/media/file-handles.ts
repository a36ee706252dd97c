import { VIDEO_EXTENSIONS } from './video-file.ts'

/**
 * Files that the browser can open again by itself. So far only Chromium hands out such handles, for what is dropped and for
 * what its own picker chose; elsewhere, and for what came through a file input, there are none, and people choose again.
 */
export type FileHandles = {
  /** Keeps what there is to open a file with again, under the lesson it goes to. */
  keep(lesson: string, file: File): Promise<void>
  drop(lesson: string): Promise<void>
  /** Lessons for which something has been kept. */
  lessons(): Promise<string[]>
  /** To be called from a click: the browser may ask whether it may. Undefined when it may not, or the file is gone. */
  reopen(lesson: string): Promise<File | undefined>
}

/** https://wicg.github.io/file-system-access/: not in TypeScript's library, since one browser has it. */
type Asking = { mode: 'read' }
type Handle = FileSystemFileHandle & {
  queryPermission?(asking: Asking): Promise<PermissionState>
  requestPermission?(asking: Asking): Promise<PermissionState>
}
type DroppedItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> }
type PickerOptions = { multiple: boolean; types: { accept: Record<string, string[]> }[] }
type PickingWindow = Window & { showOpenFilePicker?(options: PickerOptions): Promise<FileSystemFileHandle[]> }

const handles = new WeakMap<File, FileSystemFileHandle>()

/** The files of a drop, with what they can be opened again with. The event's list is empty after it, so this must be called at once. */
export const droppedFiles = async ({ items }: DataTransfer): Promise<File[]> => {
  const dropped = [...items].filter(({ kind }) => kind === 'file')
  const opening = dropped.map((item: DroppedItem) => ({ file: item.getAsFile(), handle: item.getAsFileSystemHandle?.() }))
  const files: File[] = []
  for (const { file, handle: asked } of opening) {
    if (!file) continue
    files.push(file)
    // No handle is only the loss of a convenience.
    const handle = await asked?.catch(() => null)
    if (handle instanceof FileSystemFileHandle) handles.set(file, handle)
  }
  return files
}

const pickingWindow: PickingWindow = window

/** Whether the browser has a picker whose files it can open again. */
export const hasPicker = (): boolean => pickingWindow.showOpenFilePicker !== undefined

/** Lets people choose videos; none when they think better of it. */
export const pickVideos = async (isMultiple: boolean): Promise<File[]> => {
  try {
    const picked = (await pickingWindow.showOpenFilePicker?.({ multiple: isMultiple, types: [{ accept: { 'video/*': VIDEO_EXTENSIONS } }] })) ?? []
    return await Promise.all(
      picked.map(async (handle) => {
        const file = await handle.getFile()
        handles.set(file, handle)
        return file
      }),
    )
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return []
    throw error
  }
}

const DATABASE = 'lectern'
const STORE = 'files'

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('The browser’s database failed.')))
  })

type OpenStore = (mode: IDBTransactionMode) => Promise<IDBObjectStore>

const openDatabase = (): OpenStore => {
  let database: Promise<IDBDatabase> | undefined
  const open = (): Promise<IDBDatabase> => {
    const opening = indexedDB.open(DATABASE, 1)
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE))
    return answered(opening)
  }
  return async (mode) => {
    database ??= open()
    return (await database).transaction(STORE, mode).objectStore(STORE)
  }
}

/** A browser that keeps nothing (a private window, a full disk) costs the convenience, not the upload. */
const ifItCan = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DOMException) return otherwise
    throw error
  }
}

const isOpen = async (handle: Handle): Promise<boolean> => {
  const asking: Asking = { mode: 'read' }
  if (!handle.queryPermission || (await handle.queryPermission(asking)) === 'granted') return true
  return (await handle.requestPermission?.(asking)) === 'granted'
}

/** Handles kept in the browser's own database, which is the only place that can hold them over a restart. */
export const keptHandles = (): FileHandles => {
  const store = openDatabase()
  return {
    keep: (lesson, file) =>
      ifItCan(async () => {
        const handle = handles.get(file)
        if (handle) await answered((await store('readwrite')).put(handle, lesson))
        // One of another file may lie there still.
        else await answered((await store('readwrite')).delete(lesson))
      }, undefined),
    drop: (lesson) => ifItCan(async () => answered((await store('readwrite')).delete(lesson)), undefined),
    lessons: () => ifItCan(async () => (await answered((await store('readonly')).getAllKeys())).map(String), []),
    reopen: (lesson) =>
      ifItCan(async () => {
        const handle: unknown = await answered((await store('readonly')).get(lesson))
        return handle instanceof FileSystemFileHandle && (await isOpen(handle)) ? await handle.getFile() : undefined
      }, undefined),
  }
}
