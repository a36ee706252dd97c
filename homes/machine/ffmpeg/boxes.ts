import { readFile } from 'node:fs/promises'

/** A box of ISO/IEC 14496-12: its four letters and where its body lies in the buffer. */
type Box = { type: string; start: number; end: number }

const boxesIn = (bytes: Buffer, from: number, to: number): Box[] => {
  const found: Box[] = []
  for (let at = from; at + 8 <= to; ) {
    const small = bytes.readUInt32BE(at)
    const header = small === 1 ? 16 : 8
    if (at + header > to) break
    const size = small === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : small === 0 ? to - at : small
    if (size < header) break
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), start: at + header, end: Math.min(to, at + size) })
    at += size
  }
  return found
}

const inside = (bytes: Buffer, path: string[], from = 0, to = bytes.length): Box[] =>
  path.reduce<Box[]>(
    (within, type) => within.flatMap((box) => boxesIn(bytes, box.start, box.end).filter((one) => one.type === type)),
    [{ type: '', start: from, end: to }],
  )

/** Ticks a second of the one track of an init segment (`mdhd`). */
export const timescaleOf = (init: Buffer): number | undefined => {
  const header = inside(init, ['moov', 'trak', 'mdia', 'mdhd'])[0]
  if (!header) return undefined
  return init.readUInt32BE(header.start + (init[header.start] === 1 ? 20 : 12))
}

/** What a media segment holds: when it begins, how long it lasts (both in ticks) and how many samples that is. */
export type SegmentTimes = { begins: number; lasts: number; samples: number }

const OFFSETS_BEFORE_DURATION = [
  [0x1, 8],
  [0x2, 4],
] as const

/** `tfhd`: the duration a sample has when its `trun` does not say. */
const defaultDuration = (bytes: Buffer, header: Box): number => {
  const flags = bytes.readUInt32BE(header.start) & 0xffffff
  const skipped = OFFSETS_BEFORE_DURATION.reduce((sum, [flag, size]) => sum + (flags & flag ? size : 0), 0)
  return flags & 0x8 ? bytes.readUInt32BE(header.start + 8 + skipped) : 0
}

const runTimes = (bytes: Buffer, run: Box, fallback: number): { lasts: number; samples: number } => {
  const flags = bytes.readUInt32BE(run.start) & 0xffffff
  const samples = bytes.readUInt32BE(run.start + 4)
  if (!(flags & 0x100)) return { samples, lasts: samples * fallback }
  const first = run.start + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0)
  const stride = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length * 4
  let lasts = 0
  for (let index = 0; index < samples; index += 1) lasts += bytes.readUInt32BE(first + index * stride)
  return { samples, lasts }
}

/** Reads the times of a segment from its `moof` boxes. Undefined when the bytes are no whole segment. */
export const segmentTimes = (bytes: Buffer): SegmentTimes | undefined => {
  const fragments = inside(bytes, ['moof', 'traf'])
  let times: SegmentTimes | undefined
  for (const { start, end } of fragments) {
    const header = inside(bytes, ['tfhd'], start, end)[0]
    const decode = inside(bytes, ['tfdt'], start, end)[0]
    if (!header || !decode) return undefined
    const begins = bytes[decode.start] === 1 ? Number(bytes.readBigUInt64BE(decode.start + 4)) : bytes.readUInt32BE(decode.start + 4)
    times ??= { begins, lasts: 0, samples: 0 }
    for (const run of inside(bytes, ['trun'], start, end)) {
      const { lasts, samples } = runTimes(bytes, run, defaultDuration(bytes, header))
      times.lasts += lasts
      times.samples += samples
    }
  }
  const isWhole = inside(bytes, ['mdat']).length > 0
  return isWhole ? times : undefined
}

const firstSampleSize = (bytes: Buffer, header: Box, run: Box): number => {
  const flags = bytes.readUInt32BE(run.start) & 0xffffff
  if (flags & 0x200) return bytes.readUInt32BE(run.start + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0) + (flags & 0x100 ? 4 : 0))
  const defaults = bytes.readUInt32BE(header.start) & 0xffffff
  const skipped = [0x1, 0x2, 0x8].reduce((sum, flag) => sum + (defaults & flag ? (flag === 0x1 ? 8 : 4) : 0), 0)
  return defaults & 0x10 ? bytes.readUInt32BE(header.start + 8 + skipped) : 0
}

/** Where the first picture of a segment lies: from its `moof` to the end of its first sample, as an I-frame playlist names it. */
export const keyRange = (bytes: Buffer): { offset: number; bytes: number } | undefined => {
  const outer = boxesIn(bytes, 0, bytes.length)
  const moof = outer.find(({ type }) => type === 'moof')
  const mdat = moof && outer.find(({ type, start }) => type === 'mdat' && start > moof.start)
  const header = moof && inside(bytes, ['traf', 'tfhd'], moof.start, moof.end)[0]
  const run = moof && inside(bytes, ['traf', 'trun'], moof.start, moof.end)[0]
  if (!moof || !mdat || !header || !run) return undefined
  const offset = moof.start - 8
  const size = firstSampleSize(bytes, header, run)
  return size > 0 ? { offset, bytes: mdat.start + size - offset } : undefined
}

export type SegmentFacts = { times: SegmentTimes; key: { offset: number; bytes: number } | undefined }

/** Undefined when the file is no whole segment. */
export const readSegment = async (path: string): Promise<SegmentFacts | undefined> => {
  const bytes = await readFile(path)
  const times = segmentTimes(bytes)
  return times && { times, key: keyRange(bytes) }
}
