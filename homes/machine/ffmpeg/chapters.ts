import { open } from 'node:fs/promises'

const box = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

/** `chpl`, the chapter list players and FFmpeg read from `moov/udta`: starts in units of 100 ns, titles of at most 255 bytes. */
const chapterList = (chapters: { startSeconds: number; title: string }[]): Buffer => {
  const listed = chapters.slice(0, 255).map(({ startSeconds, title }) => {
    const letters = Buffer.from(title).subarray(0, 255)
    const head = Buffer.alloc(9)
    head.writeBigUInt64BE(BigInt(Math.round(startSeconds * 1e7)), 0)
    head.writeUInt8(letters.length, 8)
    return Buffer.concat([head, letters])
  })
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, listed.length])
  return box('chpl', Buffer.concat([head, ...listed]))
}

/**
 * Writes chapters into an MP4 whose `moov` is its last box, as FFmpeg leaves it: node-av has no call for chapters.
 * @throws Error when the file is not of that kind.
 */
export const addChapters = async (path: string, chapters: { startSeconds: number; title: string }[]): Promise<void> => {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    const head = Buffer.alloc(16)
    for (let at = 0; at < size; ) {
      await file.read(head, 0, 16, at)
      const small = head.readUInt32BE(0)
      const length = small === 1 ? Number(head.readBigUInt64BE(8)) : small
      if (length < 8) break
      if (head.toString('latin1', 4, 8) === 'moov' && at + length === size) {
        const list = box('udta', chapterList(chapters))
        await file.write(list, 0, list.length, size)
        head.writeUInt32BE(length + list.length, 0)
        await file.write(head, 0, 4, at)
        return
      }
      at += length
    }
    throw new Error('The film has no moov box at its end.')
  } finally {
    await file.close()
  }
}
