type Box = { type: string; start: number; body: number; end: number }

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The boxes between two offsets (ISO 14496-12 §4.2); throws where one is longer than what holds it. */
const boxes = (bytes: Uint8Array, from: number, to: number): Box[] => {
  const data = view(bytes)
  const found: Box[] = []
  for (let start = from; start + 8 <= to; ) {
    const size = data.getUint32(start)
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8))
    const body = start + (size === 1 ? 16 : 8)
    const end = size === 0 ? to : start + (size === 1 && body <= to ? Number(data.getBigUint64(start + 8)) : size)
    if (end > to || end < body) throw new Error(`A box “${type}” does not fit where it lies.`)
    found.push({ type, start, body, end })
    start = end
  }
  return found
}

const inside = (bytes: Uint8Array, parents: readonly Box[], type: string): Box[] =>
  parents.flatMap(({ body, end }) => boxes(bytes, body, end)).filter((box) => box.type === type)

/** Where a fragment's decode time stands, and how wide it is written (§8.8.12). */
type Time = { bytes: Uint8Array; at: number; isLong: boolean }

const readTime = ({ bytes, at, isLong }: Time): bigint => (isLong ? view(bytes).getBigUint64(at) : BigInt(view(bytes).getUint32(at)))
const writeTime = ({ bytes, at, isLong }: Time, time: bigint): void => {
  if (isLong) view(bytes).setBigUint64(at, time)
  else view(bytes).setUint32(at, Number(time))
}

/** A copy of a segment with nothing but its fragments: an index (`sidx`) of the whole sound would be wrong in a part of it. */
const bare = (segment: Uint8Array): Uint8Array => {
  const kept = boxes(segment, 0, segment.length).filter(({ type }) => type === 'moof' || type === 'mdat')
  return joined(kept.map(({ start, end }) => segment.subarray(start, end)))
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** An MP4 file of the segments given, in order, whose time begins at zero wherever they were cut from. */
export const fromZero = (init: Uint8Array, segments: readonly Uint8Array[]): Uint8Array => {
  const parts = segments.map(bare)
  const times = parts.flatMap((bytes) => {
    const moofs = boxes(bytes, 0, bytes.length).filter(({ type }) => type === 'moof')
    return inside(bytes, inside(bytes, moofs, 'traf'), 'tfdt').map(({ body }): Time => ({ bytes, at: body + 4, isLong: bytes[body] === 1 }))
  })
  const [first] = times
  if (!first) throw new Error('These segments hold no fragment.')
  const base = readTime(first)
  for (const time of times) writeTime(time, readTime(time) - base)
  return joined([init, ...parts])
}
