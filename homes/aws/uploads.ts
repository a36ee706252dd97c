import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { Clock } from '#ports/clock.ts'
import { checkedKey, type ObjectMeta, type Objects, ObjectsRefusal, type Part, UPLOAD_LIMITS } from '#ports/objects.ts'
import { type Buckets, bucketOf } from './buckets.ts'
import { bare, headersOf } from './object-names.ts'

type Multipart = 'startUpload' | 'signPart' | 'listParts' | 'finishUpload' | 'cancelUpload'
type Options = { client: S3Client; buckets: Buckets; clock: Clock; headOf(key: string): Promise<ObjectMeta | undefined> }
type Place = { Bucket: string; Key: string; UploadId: string }

const isCode = (error: unknown, code: string): boolean => error instanceof S3ServiceException && error.name === code

const unknown = (): ObjectsRefusal => new ObjectsRefusal('upload-unknown', 'There is no such upload.')

/** What S3 calls an object joined from these parts: the digest of their digests, and how many there are. */
const joinedEtag = (parts: readonly Part[]): string =>
  `${parts.reduce((hash, { etag }) => hash.update(Buffer.from(etag, 'hex')), createHash('md5')).digest('hex')}-${parts.length}`

/** The first `count` of the parts that arrived. @throws ObjectsRefusal where they are not what an object can be made of. */
const firstOf = (arrived: readonly Arrived[], count: number): Arrived[] => {
  const parts = arrived.slice(0, Math.max(0, count))
  const isWhole = Number.isInteger(count) && count >= 1 && parts.length === count && parts.every(({ number }, index) => number === index + 1)
  if (!isWhole) throw new ObjectsRefusal('part-missing', 'A part has not arrived.')
  if (parts.slice(0, -1).some(({ size }) => size < UPLOAD_LIMITS.minPartBytes)) throw new ObjectsRefusal('part-too-small', 'Only the last part may be small.')
  return parts
}

/** With the digest S3 compared it with, which the end of an upload repeats. */
type Arrived = Part & { sha256: string | undefined }

const arrivedIn = async (client: S3Client, place: Place): Promise<Arrived[] | undefined> => {
  const parts: Arrived[] = []
  for (let PartNumberMarker: string | undefined; ; ) {
    const request = { ...place, ...(PartNumberMarker !== undefined && { PartNumberMarker }) }
    const answer = await client.send(new ListPartsCommand(request)).catch((error: unknown) => {
      if (isCode(error, 'NoSuchUpload')) return undefined
      throw error
    })
    if (!answer) return undefined
    for (const { PartNumber = 0, Size = 0, ETag, ChecksumSHA256 } of answer.Parts ?? [])
      parts.push({ number: PartNumber, size: Size, etag: bare(ETag), sha256: ChecksumSHA256 })
    PartNumberMarker = answer.NextPartNumberMarker
    if (!answer.IsTruncated || PartNumberMarker === undefined) return parts
  }
}

/** A part that comes again while its upload is being finished has another etag than was listed: looked at anew, so often. */
const MOST_TRIES = 3

const finishing = ({ client, headOf }: Options) => {
  const join = async (place: Place, parts: readonly Arrived[]): Promise<'joined' | 'changed'> => {
    const Parts = parts.map(({ number, etag, sha256 }) => ({ PartNumber: number, ETag: etag, ChecksumSHA256: sha256 }))
    try {
      await client.send(new CompleteMultipartUploadCommand({ ...place, MultipartUpload: { Parts } }))
      return 'joined'
    } catch (error) {
      if (isCode(error, 'InvalidPart')) return 'changed'
      if (isCode(error, 'EntityTooSmall')) throw new ObjectsRefusal('part-too-small', 'Only the last part may be small.')
      if (!isCode(error, 'NoSuchUpload')) throw error
      // It was there a moment ago: an answer was lost and the call made again, somebody else finished it, or it was cancelled. What is there decides.
      if ((await headOf(place.Key))?.etag !== joinedEtag(parts)) throw unknown()
      return 'joined'
    }
  }
  return async (place: Place, count: number): Promise<ObjectMeta> => {
    for (let tried = 0; tried < MOST_TRIES; tried += 1) {
      const arrived = await arrivedIn(client, place)
      if (!arrived) throw unknown()
      if ((await join(place, firstOf(arrived, count))) === 'changed') continue
      const found = await headOf(place.Key)
      if (!found) throw unknown()
      return found
    }
    throw new ObjectsRefusal('part-missing', 'A part keeps changing.')
  }
}

/**
 * Multipart uploads of S3, each begun with SHA-256: of one that was begun without, S3 takes no part that has a digest, and of this one none
 * that has not. The pages of a school on AWS are served by TLS alone, where every browser can make one.
 */
export const uploads = (options: Options): Pick<Objects, Multipart> => {
  const { client, buckets, clock } = options
  const finish = finishing(options)
  const placeOf = (key: string, upload: string): Place => ({ Bucket: bucketOf(buckets, checkedKey(key)), Key: key, UploadId: upload })
  return {
    async startUpload(key, how) {
      const place = { Bucket: bucketOf(buckets, checkedKey(key)), Key: key }
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...place, ...headersOf(how), ChecksumAlgorithm: 'SHA256' }))
      if (UploadId === undefined) throw new Error('S3 began an upload and did not say which.')
      return UploadId
    },
    async signPart({ key, upload, number, size, sha256 }, ttlSeconds) {
      const place = placeOf(key, upload)
      if ((await client.config.requestChecksumCalculation()) !== 'WHEN_REQUIRED')
        throw new Error('This client would sign the checksum of an empty body into the URL: make it with storeClient.')
      if (sha256 === undefined) throw new ObjectsRefusal('digest-missing', 'A part needs its SHA-256.')
      const part = { ...place, PartNumber: number, ContentLength: size, ChecksumSHA256: sha256 }
      return getSignedUrl(client, new UploadPartCommand(part), { expiresIn: ttlSeconds, signingDate: clock.now() })
    },
    listParts: async (key, upload) => ((await arrivedIn(client, placeOf(key, upload))) ?? []).map(({ number, size, etag }) => ({ number, size, etag })),
    finishUpload: async (key, upload, parts) => finish(placeOf(key, upload), parts),
    async cancelUpload(key, upload) {
      try {
        await client.send(new AbortMultipartUploadCommand(placeOf(key, upload)))
      } catch (error) {
        if (!isCode(error, 'NoSuchUpload')) throw error
      }
    },
  }
}
