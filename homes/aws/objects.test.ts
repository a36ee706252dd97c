import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { S3Client } from '@aws-sdk/client-s3'
import { objectsLaws } from '#ports/objects.laws.ts'
import type { Part } from '#ports/objects.ts'
import { type Ask, type Call, openEndpoint, REGION, type Service } from '#test/aws/endpoint.ts'
import { type ObjectCreated, openS3 } from '#test/aws/s3.ts'
import { objects, storeClient } from './objects.ts'

const buckets = { store: 'store', uploads: 'uploads' }
const type = 'text/plain'

type Setting = {
  /** Puts itself between the caller and S3. */
  around?(s3: Service): Service
  allows?(principal: string, ask: Ask): boolean
}

const opened = async ({ around = (s3) => s3, allows }: Setting = {}) => {
  let ahead = 0
  const now = (): Date => new Date(Date.now() + ahead)
  const events: ObjectCreated[] = []
  const s3 = openS3({ buckets: { store: {}, uploads: {} }, now, emit: (event) => void events.push(event), ...(allows && { allows }) })
  const endpoint = await openEndpoint({ services: [around(s3)], now, ...(allows && { allows }) })
  const config = { endpoint: endpoint.url, region: REGION, forcePathStyle: true, credentials: endpoint.credentials('api') }
  const client = storeClient(config)
  return {
    objects: objects({ client, buckets, clock: { now } }),
    config,
    events,
    refused: endpoint.refused,
    send: async (url: string, body: Uint8Array) => (await fetch(url, { method: 'PUT', body: Buffer.from(body) })).status,
    pass(milliseconds: number) {
      ahead += milliseconds
    },
    async close() {
      client.destroy()
      await endpoint.close()
    },
  }
}

objectsLaws('aws', opened)

const sha256Of = (body: Uint8Array | string): string => createHash('sha256').update(body).digest('base64')
const partOf = (upload: string, body: Uint8Array | string, number = 1) => ({ key: 'files/a', upload, number, size: body.length, sha256: sha256Of(body) })

const isCompletion = ({ method, url }: Call): boolean => method === 'POST' && url.searchParams.has('uploadId')

/** Does what is asked, and says that it could not, once. */
const losing = (isMeant: (call: Call) => boolean) => (s3: Service) => {
  let isLost = false
  const answer = async (call: Call) => {
    const real = await s3.answer(call)
    if (isLost || !isMeant(call)) return real
    isLost = true
    return { status: 500, body: '<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>' }
  }
  return { ...s3, answer }
}

test('a teacher whose upload was joined while the answer was lost has it joined, and not refused', async (t) => {
  const { objects: store, send, close } = await opened({ around: losing(isCompletion) })
  t.after(close)
  const upload = await store.startUpload('files/a', { type })
  const body = Buffer.from('a part')
  assert.equal(await send(await store.signPart(partOf(upload, body), 60), body), 200)
  const meta = await store.finishUpload('files/a', upload, 1)
  assert.deepEqual([meta.size, await store.head('files/a')], [6, meta])
})

test('an upload that is cancelled while it is being finished is unknown, whatever its key held before', async (t) => {
  const cancelling = (s3: Service): Service => ({
    ...s3,
    async answer(call) {
      if (isCompletion(call)) await s3.answer({ ...call, method: 'DELETE', body: Buffer.alloc(0) })
      return s3.answer(call)
    },
  })
  const { objects: store, send, close } = await opened({ around: cancelling })
  t.after(close)
  await store.put('files/a', 'before', { type })
  const upload = await store.startUpload('files/a', { type })
  await send(await store.signPart(partOf(upload, 'x'), 60), Buffer.from('x'))
  await assert.rejects(store.finishUpload('files/a', upload, 1), { code: 'upload-unknown' })
  assert.equal((await store.head('files/a'))?.size, 6)
})

test('a part that comes again while its upload is being finished is in the object as it came last', async (t) => {
  let again: (() => Promise<unknown>) | undefined
  const between = (s3: Service): Service => ({
    ...s3,
    async answer(call) {
      const change = isCompletion(call) ? again : undefined
      if (change) again = undefined
      await change?.()
      return s3.answer(call)
    },
  })
  const { objects: store, send, close } = await opened({ around: between })
  t.after(close)
  const upload = await store.startUpload('files/a', { type })
  const part = async (text: string): Promise<number> => send(await store.signPart(partOf(upload, text), 60), Buffer.from(text))
  await part('first')
  again = () => part('second')
  await store.finishUpload('files/a', upload, 1)
  assert.equal(Buffer.from((await store.get('files/a'))?.bytes ?? []).toString(), 'second')
})

test('a part’s URL carries its digest, signed with the rest, and no checksum of an empty body', async (t) => {
  const { objects: store, config, close } = await opened()
  t.after(close)
  const upload = await store.startUpload('files/a', { type })
  const { searchParams } = new URL(await store.signPart(partOf(upload, 'x'), 60))
  const checksums = [...searchParams.keys()].filter((name) => /checksum/i.test(name))
  assert.deepEqual(
    [checksums, searchParams.get('x-amz-checksum-sha256'), searchParams.get('X-Amz-SignedHeaders')],
    [['x-amz-checksum-sha256'], sha256Of('x'), 'content-length;host'],
  )
  await assert.rejects(store.signPart({ key: 'files/a', upload, number: 1, size: 1 }, 60), { code: 'digest-missing' })
  const careless = objects({ client: new S3Client(config), buckets, clock: { now: () => new Date() } })
  await assert.rejects(careless.signPart(partOf(upload, 'x'), 60), /checksum of an empty body/)
})

test('what teachers upload lies in the bucket for it, and a listing shows both as one', async (t) => {
  const { objects: store, events, close } = await opened()
  t.after(close)
  for (const key of ['media/a', 'sources/a', 'site/a', 'sources/b', 'zoo']) await store.put(key, 'x', { type })
  assert.deepEqual(
    events.map(({ detail }) => [detail.bucket.name, detail.object.key, detail.reason]),
    [
      ['store', 'media/a', 'PutObject'],
      ['uploads', 'sources/a', 'PutObject'],
      ['store', 'site/a', 'PutObject'],
      ['uploads', 'sources/b', 'PutObject'],
      ['store', 'zoo', 'PutObject'],
    ],
  )
  const keys = async (prefix: string): Promise<string[]> => (await store.list(prefix)).items.map(({ key }) => key)
  assert.deepEqual(await keys(''), ['media/a', 'site/a', 'sources/a', 'sources/b', 'zoo'])
  assert.deepEqual([await keys('s'), await keys('sources/'), await keys('z')], [['site/a', 'sources/a', 'sources/b'], ['sources/a', 'sources/b'], ['zoo']])
})

test('a file is given another name without losing what was put in its place at that moment', async (t) => {
  let replace: (() => Promise<unknown>) | undefined
  const between = (s3: Service): Service => ({
    ...s3,
    async answer(call) {
      const change = call.headers['x-amz-copy-source'] === undefined ? undefined : replace
      if (change) replace = undefined
      await change?.()
      return s3.answer(call)
    },
  })
  const { objects: store, close } = await opened({ around: between })
  t.after(close)
  await store.put('files/a', 'old', { type, cacheControl: 'no-store' })
  replace = () => store.put('files/a', 'newer', { type: 'text/html' })
  await store.nameFile('files/a', 'Übung.txt')
  const found = await store.get('files/a')
  assert.deepEqual([Buffer.from(found?.bytes ?? []).toString(), found?.type, found?.fileName], ['newer', 'text/html', 'Übung.txt'])
})

test('a store that may not be read is a fault, and never an empty one', async (t) => {
  const { objects: store, refused, close } = await opened({ allows: (_, { action }) => action === 's3:PutObject' || action === 's3:GetObject' })
  t.after(close)
  await store.put('files/a', 'x', { type })
  assert.equal((await store.get('files/a'))?.size, 1)
  for (const asked of [() => store.get('files/b'), () => store.head('files/b'), () => store.list('files/'), () => store.listParts('files/a', 'u')])
    await assert.rejects(asked)
  assert.deepEqual(
    refused.map(({ action, resource }) => [action, resource]),
    [
      ['s3:ListBucket', 'arn:aws:s3:::store'],
      ['s3:ListMultipartUploadParts', 'arn:aws:s3:::store/files/a'],
    ],
  )
})

test('a film of ten thousand parts has all of them listed, page after page', async (t) => {
  const listing = ({ method, url }: Call): boolean => method === 'GET' && url.searchParams.has('uploadId')
  const few = (s3: Service): Service => ({
    ...s3,
    answer: (call) => {
      if (listing(call)) call.url.searchParams.set('max-parts', '2')
      return s3.answer(call)
    },
  })
  const { objects: store, send, close } = await opened({ around: few })
  t.after(close)
  const upload = await store.startUpload('files/a', { type })
  for (let number = 1; number <= 5; number += 1) await send(await store.signPart(partOf(upload, 'x', number), 60), Buffer.from('x'))
  assert.deepEqual(
    (await store.listParts('files/a', upload)).map(({ number }: Part) => number),
    [1, 2, 3, 4, 5],
  )
})
