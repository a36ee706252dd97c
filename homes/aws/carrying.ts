import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { UPLOAD_LIMITS } from '#ports/objects.ts'
import type { Side } from '../move/side.ts'
import { type Buckets, bucketOf } from './buckets.ts'
import { headersOf } from './object-names.ts'

/** Ten thousand of these are more than any object may hold. */
const PART_BYTES = 64 * 1024 ** 2

/** The same bytes in parts as S3 wants them. */
async function* parts(body: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Uint8Array> {
  let [held, bytes]: [Uint8Array[], number] = [[], 0]
  for await (const piece of body) {
    held.push(piece)
    bytes += piece.length
    if (bytes < partBytes) continue
    yield Buffer.concat(held)
    held = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(held)
}

/** `partBytes` is for tests. */
type Options = { client: S3Client; buckets: Buckets; partBytes?: number }

/** Takes a stream as an object: in one piece where it is small, in parts where it is not. */
export const takingStream =
  ({ client, buckets, partBytes = PART_BYTES }: Options): Side['take'] =>
  async (key, body, options) => {
    const [place, how] = [{ Bucket: bucketOf(buckets, key), Key: key }, { ...headersOf(options) }]
    const each = parts(body, partBytes)
    const first = (await each.next()).value ?? new Uint8Array()
    if (first.length < partBytes) return void (await client.send(new PutObjectCommand({ ...place, ...how, Body: first, ChecksumAlgorithm: 'CRC32' })))
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...place, ...how }))
    const Parts: { PartNumber: number; ETag: string | undefined }[] = []
    const send = async (Body: Uint8Array): Promise<void> => {
      const PartNumber = Parts.length + 1
      if (PartNumber > UPLOAD_LIMITS.parts) throw new Error(`${key} is larger than S3 takes.`)
      const { ETag } = await client.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }))
      Parts.push({ PartNumber, ETag })
    }
    try {
      await send(first)
      for await (const part of each) await send(part)
      await client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }))
    } catch (error) {
      await client.send(new AbortMultipartUploadCommand({ ...place, UploadId }))
      throw error
    }
  }
