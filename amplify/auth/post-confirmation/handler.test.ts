import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { PostConfirmationTriggerEvent } from 'aws-lambda'
import { type Endpoint, openEndpoint, REGION } from '../../../test/aws/endpoint.ts'
import { SIGN_UP } from '../../stacks/events.ts'

type Entry = { EventBusName: string; Source: string; DetailType: string; Detail: string }

/** Cognito's own words, from its documentation; the address is somebody's and must not travel. */
const confirmed = (triggerSource: PostConfirmationTriggerEvent['triggerSource']): PostConfirmationTriggerEvent => ({
  version: '1',
  region: REGION,
  userPoolId: `${REGION}_aBcDeFgHi`,
  userName: '3c2f7b1e-0000-4000-8000-000000000000',
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client' },
  triggerSource,
  request: { userAttributes: { sub: '3c2f7b1e-0000-4000-8000-000000000000', email: 'ada@school.example', email_verified: 'true' } },
  response: {},
})

describe('somebody who has confirmed their address', () => {
  const entries: Entry[] = []
  const faults: string[] = []
  let endpoint: Endpoint | undefined
  let handler: typeof import('./handler.ts').handler | undefined
  before(async () => {
    endpoint = await openEndpoint({
      now: () => new Date(),
      services: [
        {
          name: 'events',
          asks: () => [{ action: 'events:PutEvents', resource: 'bus' }],
          answer: async ({ body }) => {
            entries.push(...JSON.parse(body.toString()).Entries)
            const code = faults.shift()
            const told = code === undefined ? { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] } : { FailedEntryCount: 1, Entries: [{ ErrorCode: code }] }
            return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(told) }
          },
        },
      ],
    })
    const { accessKeyId, secretAccessKey } = endpoint.credentials('post-confirmation')
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      BUS_NAME: 'lectern-staging',
    })
    // Read after the environment is there, as in a function.
    handler = (await import('./handler.ts')).handler
  })
  beforeEach(() => entries.splice(0))
  after(() => endpoint?.close())

  it('is told of on the bus, by id alone', async () => {
    const event = confirmed('PostConfirmation_ConfirmSignUp')
    assert.deepEqual(await handler?.(event), event)
    assert.equal(entries.length, 1)
    const [{ Detail, ...entry } = { Detail: '{}' }] = entries
    assert.deepEqual(entry, { EventBusName: 'lectern-staging', Source: SIGN_UP.source, DetailType: SIGN_UP.detailType })
    const { userPoolId, userName, triggerSource } = event
    assert.deepEqual(JSON.parse(Detail), { userPoolId, userName, triggerSource, request: { userAttributes: { sub: userName } } })
    assert.ok(!JSON.stringify(entries).includes('ada@'))
  })

  it('is told of too when a new password was chosen: sessions of the old one are to end', async () => {
    await handler?.(confirmed('PostConfirmation_ConfirmForgotPassword'))
    assert.deepEqual(
      entries.map(({ Detail }) => JSON.parse(Detail).triggerSource),
      ['PostConfirmation_ConfirmForgotPassword'],
    )
  })

  it('is tried again by Cognito when the bus did not take it', async () => {
    faults.push('ThrottlingException')
    assert.ok(handler)
    await assert.rejects(handler(confirmed('PostConfirmation_ConfirmSignUp')), /ThrottlingException/)
  })
})
