import { closeSync, read as readLater, readSync } from 'node:fs'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { inTurns } from './buffers.ts'
import { diskWatch } from './disk-watch.ts'

/** What is about to be sent: its size, type and identity, and the headers that go with it whatever the outcome. */
export type Representation = { size: number; type: string; etag: string; headers: OutgoingHttpHeaders }

/** The head of an answer, and which bytes follow it (both included); none when `bytes` is absent. */
export type Plan = { status: 200 | 206 | 304 | 412 | 416; headers: OutgoingHttpHeaders; bytes?: { start: number; end: number } }

const bare = (tag: string): string => tag.trim().replace(/^W\//, '')

/** RFC 9110 §13.1.2: a weak comparison with each of a list, or `*`. */
const isKnown = (header: string | undefined, etag: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.split(',').some((tag) => bare(tag) === etag))

/** RFC 9110 §13.1.1: a strong comparison, in which a weak tag is none of ours. */
const isAnother = (header: string | undefined, etag: string): boolean =>
  header !== undefined && header.trim() !== '*' && !header.split(',').some((tag) => tag.trim() === etag)

/** One range of bytes (RFC 9110 §14.2); `whole` when there is none to honour: other units, several ranges, or a stale If-Range. */
const rangeOf = (request: IncomingMessage, etag: string, size: number): { start: number; end: number } | 'whole' | 'unsatisfiable' => {
  const { range, 'if-range': ifRange } = request.headers
  if (range === undefined || request.method !== 'GET' || !range.startsWith('bytes=') || range.includes(',')) return 'whole'
  // §13.1.5: a weak tag or a date is never strong enough to go on with.
  if (ifRange !== undefined && ifRange !== etag) return 'whole'
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range) ?? []
  if (first === '' && last === '') return 'unsatisfiable'
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start > end ? 'unsatisfiable' : { start, end }
}

export const plan = (request: IncomingMessage, { size, type, etag, headers }: Representation): Plan => {
  const tag = `"${etag}"`
  const common = { ...headers, etag: tag }
  if (isAnother(request.headers['if-match'], tag)) return { status: 412, headers: { ...common, 'content-length': 0 } }
  if (isKnown(request.headers['if-none-match'], tag)) return { status: 304, headers: common }
  const range = rangeOf(request, tag, size)
  if (range === 'unsatisfiable') return { status: 416, headers: { ...common, 'content-range': `bytes */${size}`, 'content-length': 0 } }
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range
  const full = { ...common, 'accept-ranges': 'bytes', 'content-type': type, 'content-length': end - start + 1 }
  const bytes = request.method === 'HEAD' || size === 0 ? {} : { bytes: { start, end } }
  if (range === 'whole') return { status: 200, headers: full, ...bytes }
  return { status: 206, headers: { ...full, 'content-range': `bytes ${start}-${end}/${size}` }, ...bytes }
}

const sendHead = (response: ServerResponse, { status, headers }: Plan): void => {
  response.writeHead(status, headers).end()
}

export const sendBytes = (response: ServerResponse, { status, headers, bytes }: Plan, body: Uint8Array): void => {
  response.writeHead(status, headers).end(bytes && body.subarray(bytes.start, bytes.end + 1))
}

/**
 * Leaves the bytes to the server in front (nginx's `X-Accel-Redirect`), which cuts the ranges too: it is told all headers of the answer, and
 * where the file is in its own words. Whoever asks past that server gets the headers and no bytes.
 */
export const handOver = (response: ServerResponse, { headers }: Plan, place: string): void => {
  const { 'content-range': _range, 'accept-ranges': _units, ...kept } = headers
  response.writeHead(200, { ...kept, 'content-length': 0, 'x-accel-redirect': place }).end()
}

/** An answer of which nothing has left for so long is cut: who stops reading holds a file, memory and a connection. */
const STALLED_MS = 60_000

/**
 * Cuts the connection when nothing of an answer moves any more. Node looks at what is queued each time the time is over, so
 * that this takes up to twice as long; once the answer is out, the connection's own idle time takes its place.
 */
export const cutWhenStalled = (response: ServerResponse, stalledMs = STALLED_MS): void => void response.setTimeout(stalledMs)

/** A body up to here is read whole. */
const SMALL_BYTES = 64 * 1024

const later = promisify(readLater)
const disk = diskWatch({ now: () => performance.now(), blocksRead: () => process.resourceUsage().fsRead })

/**
 * Reads here and now: what is being watched mostly lies in memory, and a segment whose reads are handed to threads costs a
 * third more. While the disk is slow, threads do the waiting.
 */
const readInto = async (file: number, chunk: Buffer, at: number): Promise<number> => {
  if (disk.isSlow()) return (await later(file, chunk, 0, chunk.length, at)).bytesRead
  const began = performance.now()
  const bytesRead = readSync(file, chunk, 0, chunk.length, at)
  disk.took(performance.now() - began)
  return bytesRead
}

const fill = async (file: number, chunk: Buffer, at: number): Promise<void> => {
  for (let filled = 0; filled < chunk.length; ) {
    const bytesRead = await readInto(file, chunk.subarray(filled), at + filled)
    if (bytesRead === 0) throw new Error('A file of the store is shorter than its object.')
    filled += bytesRead
  }
}

/** Resolves when the chunk has left for the viewer, so that its memory may be used again; rejects when there is no viewer any more. */
const written = (response: ServerResponse, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    const { socket } = response.req
    const gone = (): void => reject(new Error('The viewer has left.'))
    if (socket.destroyed) return gone()
    socket.once('close', gone)
    response.write(chunk, (error) => {
      socket.off('close', gone)
      if (error) reject(error)
      else resolve()
    })
  })

const copy = (response: ServerResponse, file: number, bytes: { start: number; end: number }): Promise<void> =>
  inTurns({
    ...bytes,
    turn: async (chunk, at) => {
      await fill(file, chunk, at)
      await written(response, chunk)
    },
  })

/** Sends from an open file as fast as the viewer takes it, and closes the file however that ends. A viewer who leaves is no fault. */
export const sendFile = async (response: ServerResponse, planned: Plan, file: number): Promise<void> => {
  const { status, headers, bytes } = planned
  try {
    if (!bytes) return sendHead(response, planned)
    if (bytes.end - bytes.start < SMALL_BYTES) {
      const whole = Buffer.allocUnsafe(bytes.end - bytes.start + 1)
      await fill(file, whole, bytes.start)
      response.writeHead(status, headers).end(whole)
      return
    }
    response.writeHead(status, headers)
    await copy(response, file, bytes)
    response.end()
  } catch (error) {
    if (response.req.socket.destroyed) return
    // Once the head has left, cutting the connection is the only way to say that the rest will not come.
    response.destroy()
    throw error
  } finally {
    closeSync(file)
  }
}
