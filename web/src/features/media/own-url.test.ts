import assert from 'node:assert/strict'
import { test } from 'node:test'
import { S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { ownUrl } from './own-url.ts'

const now = new Date('2026-11-29T08:30:00.250Z')
const keys = { accessKeyId: 'ASIAEXAMPLE', secretKey: 'wJalr/XUtn+FEMI', sessionToken: 'IQoJb3/+=token', expires: now }
const Key = 'sources/0a1b2c3d-0000-4000-8000-000000000000/vid_01/source'

for (const [bucket, origin] of [
  ['uploads', 'https://uploads.s3.eu-central-1.amazonaws.com'],
  ['up.loads', 'https://s3.eu-central-1.amazonaws.com/up.loads'],
]) {
  test(`a page signs a part for ${origin} as AWS’s own client does`, async () => {
    const client = new S3Client({
      ...{ region: 'eu-central-1', requestChecksumCalculation: 'WHEN_REQUIRED' },
      credentials: { accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretKey, sessionToken: keys.sessionToken },
    })
    const sha256 = 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='
    const part = { Bucket: bucket, Key, PartNumber: 3, UploadId: 'a/b+c=', ContentLength: 8_388_608, ChecksumSHA256: sha256 }
    const theirs = new URL(await getSignedUrl(client, new UploadPartCommand(part), { expiresIn: 3600, signingDate: now }))
    const place = { pool: 'pool', provider: 'provider', region: 'eu-central-1', url: `${origin}/${Key}`, ticket: 'a/b+c=' }
    const ours = new URL(await ownUrl({ number: 3, size: 8_388_608, sha256 }, { place, keys, now }))
    assert.equal(ours.origin + ours.pathname, theirs.origin + theirs.pathname)
    assert.deepEqual(Object.fromEntries(ours.searchParams), Object.fromEntries(theirs.searchParams))
  })
}
