import { type FileHandle, open } from 'node:fs/promises'
import { SourceError } from './task.ts'

export type Container = 'mov' | 'matroska' | 'other'

const startsWith = (head: Buffer, hex: string): boolean => head.subarray(0, hex.length / 2).toString('hex') === hex

/** Which container the first bytes are of; undefined when none a video or a sound could be in. */
export const containerOf = (head: Buffer): Container | undefined => {
  const word = head.toString('latin1', 4, 8)
  if (['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp'].includes(word)) return 'mov'
  if (startsWith(head, '1a45dfa3')) return 'matroska'
  const isRiff = head.toString('latin1', 0, 4) === 'RIFF' && ['AVI ', 'WAVE'].includes(head.toString('latin1', 8, 12))
  const isTransportStream = (head[0] === 0x47 && head[188] === 0x47) || (head[4] === 0x47 && head[196] === 0x47)
  const isMpegSound = head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0
  const isKnown = ['000001ba', '464c56', '3026b2758e66cf11', '4f676753', '494433', '664c6143', '060e2b34'].some((magic) => startsWith(head, magic))
  return isRiff || isTransportStream || isMpegSound || isKnown ? 'other' : undefined
}

/** A file that has so many boxes before its index was made to be read for ever. */
const MOST_BOXES = 10_000
/** Twelve hours need a tenth of this; FFmpeg holds all of it in memory. */
const MOST_INDEX_BYTES = 256 * 1024 ** 2

type Span = { from: number; to: number }

/** Where the `moov` box of an MP4 lies; undefined when the file ends before one, as an upload cut short does. */
const findIndex = async (file: FileHandle, fileBytes: number): Promise<Span | undefined> => {
  const head = Buffer.alloc(16)
  let isPicture = false
  let at = 0
  for (let boxes = 0; at + 8 <= fileBytes; boxes += 1) {
    if (boxes === MOST_BOXES) throw new SourceError('not-a-video', `There are ${MOST_BOXES} boxes before the index.`)
    const { bytesRead } = await file.read(head, 0, 16, at)
    const small = head.readUInt32BE(0)
    const isLarge = small === 1 && bytesRead === 16
    const size = isLarge ? Number(head.readBigUInt64BE(8)) : small === 0 ? fileBytes - at : small
    const type = head.toString('latin1', 4, 8)
    if (type === 'moov') return { from: at, to: Math.min(fileBytes, at + size) }
    isPicture ||= type === 'meta'
    if (size < (isLarge ? 16 : 8)) break
    at += size
  }
  // A photograph (HEIF, ISO/IEC 23008-12) has a `meta` box where a film has its index.
  if (isPicture) throw new SourceError('not-a-video', 'The file is a photograph.')
  return undefined
}

const WINDOW_BYTES = 1024 ** 2
/** Matroska describes its tracks before the first media. */
const MATROSKA_HEAD_BYTES = 256 * 1024
const OVERLAP_BYTES = 16

/** Whether a pattern of at most 16 bytes is found, looked for piece by piece: what a file says of its size costs no memory. */
const isWithin = async (file: FileHandle, { from, to }: Span, pattern: RegExp): Promise<boolean> => {
  const bytes = Buffer.alloc(WINDOW_BYTES)
  for (let at = from; at < to; at += WINDOW_BYTES - OVERLAP_BYTES) {
    const { bytesRead } = await file.read(bytes, 0, Math.min(WINDOW_BYTES, to - at), at)
    if (pattern.test(bytes.toString('latin1', 0, bytesRead))) return true
    if (bytesRead < OVERLAP_BYTES) return false
  }
  return false
}

/** Common Encryption, ISO/IEC 14496-12 §8.12: the true codec is named in a `frma` inside a `sinf`. */
const PROTECTED_MOV = /sinf[\s\S]{4}frma/
/** RFC 9559 §5.1.4.1.31: a `ContentEncAlgo` that is not 0 inside a `ContentEncryption`. */
const PROTECTED_MATROSKA = /\x50\x35[\s\S]{1,8}\x47\xe1\x81[^\0]/

const judgeIndex = async (file: FileHandle, fileBytes: number): Promise<void> => {
  const index = await findIndex(file, fileBytes)
  if (!index || index.to - index.from < 16) throw new SourceError('incomplete', 'The index of the file (moov) is missing.')
  if (index.to - index.from > MOST_INDEX_BYTES) throw new SourceError('too-heavy', `The index of the file has ${index.to - index.from} bytes.`)
  if (await isWithin(file, index, PROTECTED_MOV)) throw new SourceError('encrypted', 'The file is protected (sinf).')
}

/**
 * Looks at a file before FFmpeg does.
 * @throws SourceError when it is no video, has lost its index, or is protected.
 */
export const judgeBytes = async (path: string): Promise<Container> => {
  const file = await open(path)
  try {
    const head = Buffer.alloc(200)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    const container = bytesRead < 12 ? undefined : containerOf(head)
    if (!container) throw new SourceError('not-a-video', 'The file begins like no video container.')
    const { size } = await file.stat()
    if (container === 'mov') await judgeIndex(file, size)
    const isProtected = container === 'matroska' && (await isWithin(file, { from: 0, to: Math.min(size, MATROSKA_HEAD_BYTES) }, PROTECTED_MATROSKA))
    if (isProtected) throw new SourceError('encrypted', 'The file is protected (ContentEncryption).')
    return container
  } finally {
    await file.close()
  }
}
