/** A box of ISO/IEC 14496-12. */
export const box = (type: string, ...bodies: Buffer[]): Buffer => {
  const body = Buffer.concat(bodies)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

export const ftyp = box('ftyp', Buffer.from('isom\0\0\u0002\0isomiso2', 'latin1'))

const placesOf = (film: Buffer, type: string): number[] => {
  const places: number[] = []
  for (let at = film.indexOf(type, 0, 'latin1'); at >= 0; at = film.indexOf(type, at + 4, 'latin1')) places.push(at)
  return places
}

/** A copy in which something is written at so many bytes after the letters of each box of this type. */
export const patched = (film: Buffer, type: string, write: (bytes: Buffer, at: number) => void): Buffer => {
  const copy = Buffer.from(film)
  const places = placesOf(copy, type)
  if (places.length === 0) throw new Error(`The film has no ${type}.`)
  for (const at of places) write(copy, at + 4)
  return copy
}

/** Another matrix in the header of its tracks (`tkhd`, §8.3.2): what a phone held otherwise writes. */
export const turned = (film: Buffer, ...[a, b, c, d]: [number, number, number, number]): Buffer =>
  patched(film, 'tkhd', (bytes, at) => {
    for (const [index, value] of [a, b, 0, c, d, 0].entries()) bytes.writeInt32BE(Math.round(value * 65_536), at + 40 + index * 4)
  })

export const renamed = (film: Buffer, from: string, to: string): Buffer => patched(film, from, (bytes, at) => void bytes.write(to, at - 4, 'latin1'))

/** Adds a box inside `moov`, which must be the last box of the film: nothing that is counted from the front moves. */
const withinMoov = (film: Buffer, more: Buffer): Buffer => {
  const at = film.lastIndexOf('moov', film.length, 'latin1') - 4
  const size = film.readUInt32BE(at)
  if (at + size !== film.length) throw new Error('The index is not the last box.')
  const copy = Buffer.concat([film, more])
  copy.writeUInt32BE(size + more.length, at)
  return copy
}

/** A box around a box around a box… */
export const nested = (type: string, deep: number): Buffer => {
  const heads = Buffer.alloc(8 * deep)
  for (let level = 0; level < deep; level += 1) {
    heads.writeUInt32BE(8 * (deep - level), level * 8)
    heads.write(type, level * 8 + 4, 'latin1')
  }
  return heads
}

/** A reference to the media of a track (`dref`, §8.7.2): an address, or a path as QuickTime's aliases have it. */
export const addressTo = (place: string): Buffer => box('url ', Buffer.alloc(4), Buffer.from(`${place}\0`, 'latin1'))
export const aliasTo = (path: string): Buffer => {
  const end = Buffer.from('ffff0000', 'hex')
  const text = Buffer.from(path.padEnd(path.length + (path.length % 2), '\0'), 'latin1')
  const absolute = Buffer.concat([Buffer.from([0, 2, text.length >> 8, text.length & 0xff]), text])
  const directory = Buffer.from('00000000', 'hex')
  const levels = Buffer.from([0, 1, 0, 1])
  return box('alis', Buffer.alloc(4 + 10 + 1 + 27 + 12 + 1 + 63 + 16), levels, Buffer.alloc(16), directory, absolute, end)
}

/** The media of every track of a film lies elsewhere, says its index, which must be its last box. */
export const elsewhere = (film: Buffer, reference: Buffer): Buffer => {
  let copy = film
  for (let at = copy.indexOf('url ', 0, 'latin1') - 4; at > 0; at = copy.indexOf('url ', at + reference.length, 'latin1') - 4) {
    const old = copy.readUInt32BE(at)
    copy = Buffer.concat([copy.subarray(0, at), reference, copy.subarray(at + old)])
    // Every box around it grows with it.
    for (const type of ['moov', 'trak', 'mdia', 'minf', 'dinf', 'dref']) {
      const start = copy.lastIndexOf(type, at, 'latin1') - 4
      copy.writeUInt32BE(copy.readUInt32BE(start) + reference.length - old, start)
    }
  }
  return copy
}

/** One pixel as PNG. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** A cover picture as music files have one, inside the index of a film, which must be its last box. */
export const covered = (film: Buffer): Buffer => {
  const data = box('data', Buffer.from([0, 0, 0, 14, 0, 0, 0, 0]), PIXEL)
  const handler = box('hdlr', Buffer.alloc(8), Buffer.from('mdirappl', 'latin1'), Buffer.alloc(9))
  return withinMoov(film, box('udta', box('meta', Buffer.alloc(4), handler, box('ilst', box('covr', data)))))
}
