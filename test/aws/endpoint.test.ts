import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type Answer, type Ask, openEndpoint, REGION, type Service } from './endpoint.ts'

const echo = (name: string, answer: Answer): Service & { bodies: string[] } => {
  const bodies: string[] = []
  return {
    name,
    bodies,
    refuse: (status, code, message) => ({ status, body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>` }),
    asks: ({ url }) => [{ action: `${name}:Do`, resource: url.pathname }],
    answer: async ({ body }) => {
      bodies.push(body.toString())
      return answer
    },
  }
}

const opened = async ({ allows, now = () => new Date() }: { allows?(principal: string, ask: Ask): boolean; now?: () => Date } = {}) => {
  const [s3, sns] = [echo('s3', { status: 200 }), echo('sns', { status: 200, body: '<PublishResponse><PublishResult/></PublishResponse>' })]
  const endpoint = await openEndpoint({ services: [s3, sns], now, ...(allows && { allows }) })
  const options = { endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('api') }
  return { s3, sns, endpoint, store: new S3Client({ ...options, requestChecksumCalculation: 'WHEN_REQUIRED' }), topic: new SNSClient(options), options }
}

test('AWS’s own clients are understood, and each reaches its service', async () => {
  const { endpoint, store, topic, s3, sns } = await opened()
  await store.send(new PutObjectCommand({ Bucket: 'store', Key: 'a b/ü(1).txt', Body: 'hello' }))
  await topic.send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-central-1:111122223333:alerts', Message: 'x' }))
  assert.deepEqual([s3.bodies, sns.bodies.length], [['hello'], 1])
  await endpoint.close()
})

test('a wrong secret, an altered URL and an expired one are refused, and the service hears nothing of them', async () => {
  const { endpoint, store, s3, options } = await opened()
  const wrong = new S3Client({ ...options, credentials: { ...options.credentials, secretAccessKey: 'guessed' } })
  await assert.rejects(wrong.send(new GetObjectCommand({ Bucket: 'store', Key: 'a' })))
  const url = await getSignedUrl(store, new PutObjectCommand({ Bucket: 'store', Key: 'a' }), { expiresIn: 60 })
  const put = async (to: string, method = 'PUT'): Promise<number> => (await fetch(to, { method, ...(method === 'PUT' && { body: 'x' }) })).status
  assert.deepEqual(
    [await put(url), await put(url.replace('/store/a', '/store/b')), await put(url, 'DELETE'), await put(`${url}&versionId=1`)],
    [200, 403, 403, 403],
  )
  await endpoint.close()
  const late = await opened({ now: () => new Date(Date.now() + 61_000) })
  const old = await getSignedUrl(late.store, new PutObjectCommand({ Bucket: 'store', Key: 'a' }), { expiresIn: 60 })
  assert.equal(await put(old), 403)
  await late.endpoint.close()
  assert.deepEqual([s3.bodies, late.s3.bodies], [['x'], []])
})

test('what IAM does not let somebody do is not done, and is told of', async () => {
  const { endpoint, store, s3 } = await opened({ allows: (_, { resource }) => resource === '/store/mine' })
  await store.send(new PutObjectCommand({ Bucket: 'store', Key: 'mine', Body: 'x' }))
  await assert.rejects(store.send(new PutObjectCommand({ Bucket: 'store', Key: 'other', Body: 'y' })), /api is not authorized to perform s3:Do/)
  assert.deepEqual([s3.bodies, endpoint.refused], [['x'], [{ action: 's3:Do', resource: '/store/other', principal: 'api' }]])
  await endpoint.close()
})
