import { UploadFailure } from './persistence.ts'
import type { Parted } from './upload-world.ts'

/** Where a part lies in its file. */
export const bounds = (upload: Parted, number: number): { start: number; end: number } => {
  const start = (number - 1) * upload.partBytes
  return { start, end: Math.min(start + upload.partBytes, upload.sizeBytes) }
}

/** A file that was moved, changed or unplugged looks like a broken connection; reading a byte tells them apart. */
export const stillReadable = async (file: File, start: number): Promise<void> => {
  try {
    await file.slice(start, start + 1).arrayBuffer()
  } catch (error) {
    throw new UploadFailure('unreadable', '', { cause: error })
  }
}
