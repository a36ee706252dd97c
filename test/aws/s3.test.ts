import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { openEndpoint, REGION } from './endpoint.ts'
import { type ObjectCreated, openS3 } from './s3.ts'

const CORS = [{ AllowedOrigins: ['https://school.test'], AllowedMethods: ['PUT'], AllowedHeaders: ['Content-*'], ExposeHeaders: ['ETag'], MaxAgeSeconds: 600 }]

const opened = async (t: TestContext) => {
  const events: ObjectCreated[] = []
  const now = (): Date => new Date()
  const s3 = openS3({ buckets: { store: { cors: CORS } }, now, emit: (event) => void events.push(event) })
  const endpoint = await openEndpoint({ services: [s3], now })
  const config = { endpoint: endpoint.url, region: REGION, forcePathStyle: true, maxAttempts: 1, credentials: endpoint.credentials('api') }
  t.after(() => endpoint.close())
  return { url: endpoint.url, events, store: new S3Client({ ...config, requestChecksumCalculation: 'WHEN_REQUIRED' }), usual: new S3Client(config) }
}

const Bucket = 'store'
const named = (name: string, status?: number) => (error: unknown) =>
  error instanceof Error && error.name === name && (status === undefined || ('$metadata' in error && Object(error.$metadata).httpStatusCode === status))

test('bodies are compared with the checksum that came with them: in a header, behind the body, in an address', async (t) => {
  const { usual, store } = await opened(t)
  await usual.send(new PutObjectCommand({ Bucket, Key: 'header', Body: 'a text' }))
  await usual.send(new PutObjectCommand({ Bucket, Key: 'behind', Body: Readable.from([Buffer.from('a te'), Buffer.from('xt')]), ContentLength: 6 }))
  for (const Key of ['header', 'behind']) {
    const found = await usual.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    assert.deepEqual([await found.Body?.transformToString(), found.ChecksumCRC32?.length], ['a text', 8], Key)
  }
  const other = createHash('sha256').update('another').digest('base64')
  await assert.rejects(store.send(new PutObjectCommand({ Bucket, Key: 'other', Body: 'a text', ChecksumSHA256: other })), named('BadDigest', 400))
  const url = await getSignedUrl(store, new PutObjectCommand({ Bucket, Key: 'other', ChecksumSHA256: other }))
  const put = async (body: string): Promise<number> => (await fetch(url, { method: 'PUT', body })).status
  assert.deepEqual([await put('a text'), await put('another')], [400, 200])
})

test('an address that was presigned with the checksum of an empty body takes no other body', async (t) => {
  const { usual } = await opened(t)
  const url = await getSignedUrl(usual, new PutObjectCommand({ Bucket, Key: 'trap' }))
  assert.match(url, /x-amz-checksum-crc32=AAAAAA/)
  const answer = await fetch(url, { method: 'PUT', body: 'a text' })
  assert.deepEqual([answer.status, /<Code>BadDigest</.test(await answer.text())], [400, true])
})

test('a write on a condition is done only while it holds', async (t) => {
  const { store } = await opened(t)
  const put = (how: object) => store.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ...how }))
  await assert.rejects(put({ IfMatch: '"none"' }), named('NoSuchKey', 404))
  const { ETag } = await put({ IfNoneMatch: '*' })
  await assert.rejects(put({ IfNoneMatch: '*' }), named('PreconditionFailed', 412))
  await assert.rejects(put({ IfMatch: '"none"' }), named('PreconditionFailed', 412))
  await put({ IfMatch: ETag })
})

test('a browser is told what it may send from where, and nothing else', async (t) => {
  const { url, store } = await opened(t)
  const ask = (origin: string, method: string, header: string) =>
    fetch(`${url}/store/a`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': header },
    })
  const allowed = await ask('https://school.test', 'PUT', 'content-type')
  assert.deepEqual(
    ['allow-origin', 'allow-methods', 'allow-headers', 'expose-headers', 'max-age'].map((name) => allowed.headers.get(`access-control-${name}`)),
    ['https://school.test', 'PUT', 'content-type', 'ETag', '600'],
  )
  assert.equal(allowed.status, 200)
  for (const [origin, method, header] of [
    ['https://evil.test', 'PUT', 'content-type'],
    ['https://school.test', 'DELETE', 'content-type'],
    ['https://school.test', 'PUT', 'x-own'],
  ] as const)
    assert.equal((await ask(origin, method, header)).status, 403, `${origin} ${method} ${header}`)
  const signed = await getSignedUrl(store, new PutObjectCommand({ Bucket, Key: 'a' }))
  const sent = (origin: string) => fetch(signed, { method: 'PUT', body: 'x', headers: { origin } })
  assert.equal((await sent('https://school.test')).headers.get('access-control-allow-origin'), 'https://school.test')
  assert.equal((await sent('https://evil.test')).headers.get('access-control-allow-origin'), null)
})

test('keys with spaces and accents are kept, copied, listed and told of as they are', async (t) => {
  const { store, events } = await opened(t)
  const Key = 'a folder/Übung (1) + 50%.txt'
  const how = { ContentType: 'text/plain', CacheControl: 'no-store', ContentDisposition: 'attachment' }
  await store.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...how }))
  await store.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: encodeURIComponent(`${Bucket}/${Key}`) }))
  const { ContentType, CacheControl, ContentDisposition } = await store.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))
  assert.deepEqual({ ContentType, CacheControl, ContentDisposition }, how)
  const listed = await store.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }))
  assert.deepEqual([listed.Contents?.map((each) => each.Key), listed.CommonPrefixes?.map(({ Prefix }) => Prefix)], [['copy'], ['a folder/']])
  assert.deepEqual(
    events.map(({ source, 'detail-type': what, resources, detail: { object, reason } }) => [source, what, resources, object.key, object.size, reason]),
    [
      ['aws.s3', 'Object Created', ['arn:aws:s3:::store'], Key, 1, 'PutObject'],
      ['aws.s3', 'Object Created', ['arn:aws:s3:::store'], 'copy', 1, 'CopyObject'],
    ],
  )
  await assert.rejects(store.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/copy` })), named('InvalidRequest', 400))
  await assert.rejects(store.send(new PutObjectCommand({ Bucket, Key, Metadata: { name: 'x'.repeat(2049) } })), named('MetadataTooLarge', 400))
})

test('an upload that was begun without checksums takes no part that has one', async (t) => {
  const { store } = await opened(t)
  const { UploadId } = await store.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }))
  const part = { Bucket, Key: 'a', UploadId, PartNumber: 1, Body: 'x' }
  const ChecksumSHA256 = createHash('sha256').update('x').digest('base64')
  await assert.rejects(store.send(new UploadPartCommand({ ...part, ChecksumSHA256 })), /expected checksum Type: null, actual checksum Type: sha256/)
  await store.send(new UploadPartCommand(part))
})

test('an upload that was begun with checksums asks for one with every part, and for all of them at its end', async (t) => {
  const { store, events } = await opened(t)
  const { UploadId } = await store.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a', ChecksumAlgorithm: 'SHA256' }))
  const part = { Bucket, Key: 'a', UploadId, PartNumber: 1, Body: 'x' }
  await assert.rejects(store.send(new UploadPartCommand(part)), named('InvalidRequest', 400))
  const ChecksumSHA256 = createHash('sha256').update('x').digest('base64')
  const { ETag } = await store.send(new UploadPartCommand({ ...part, ChecksumSHA256 }))
  const finish = (about: object) =>
    store.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'a', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ...about }] } }))
  await assert.rejects(finish({}), named('InvalidRequest', 400))
  await assert.rejects(finish({ ETag: '"none"', ChecksumSHA256 }), named('InvalidPart', 400))
  assert.match((await finish({ ChecksumSHA256 })).ETag ?? '', /-1"$/)
  assert.deepEqual(
    events.map(({ detail }) => detail.reason),
    ['CompleteMultipartUpload'],
  )
  await assert.rejects(finish({ ChecksumSHA256 }), named('NoSuchUpload', 404))
})
