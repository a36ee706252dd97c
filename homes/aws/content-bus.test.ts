import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { BusNews } from '#core/series/bus.ts'
import { openRoom } from '#tasks/room.ts'
import { openEndpoint, REGION, type Service } from '#test/aws/endpoint.ts'
import { type Envelope, events } from '#test/aws/events.ts'
import { openS3 } from '#test/aws/s3.ts'
import { openSecretsManager, secretArn } from '#test/aws/secrets.ts'
import { eventBridgeTell } from './content-bus.ts'

const BUS = 'lectern-test-content'
const NEWS: BusNews = { type: 'draft.refused', detail: { run: 'run_0123456789', attempt: 1, findings: [] } }

/** EventBridge with the bus, what it was told, and how often it is to refuse an entry. */
const aBus = async (t: TestContext, others: readonly Service[] = []) => {
  const told: Envelope[] = []
  const now = () => new Date()
  const buses = events({
    ...{ buses: [BUS], now, deliver: (_, input) => void told.push(JSON.parse(input)) },
    rules: [{ Name: 'all', EventBusName: BUS, EventPattern: { source: ['lectern.content'] }, Targets: [{ Id: 'all', Arn: 'arn:aws:sqs:all' }] }],
  })
  const faults = { left: 0, calls: 0 }
  const service: Service = {
    ...buses,
    answer: async (call) => {
      faults.calls += 1
      if (faults.left === 0) return buses.answer(call)
      faults.left -= 1
      return { status: 200, body: JSON.stringify({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'Not now.' }] }) }
    },
  }
  const endpoint = await openEndpoint({ services: [service, ...others], now })
  t.after(() => endpoint.close())
  const client = new EventBridgeClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('writer') })
  const paused: number[] = []
  const tell = eventBridgeTell({ client, bus: BUS, random: () => 1, pause: async (milliseconds) => void paused.push(milliseconds) })
  return { tell, told, faults, paused, endpoint }
}

test('what a program tells is on the bus under the name of the news', async (t) => {
  const { tell, told } = await aBus(t)
  await tell(NEWS)
  const [{ source, 'detail-type': type, detail } = assert.fail('nothing was told')] = told
  assert.deepEqual([source, type, detail], ['lectern.content', 'draft.refused', NEWS.detail])
})

test('an entry that the bus did not take is told again, though the call went well', async (t) => {
  const { tell, told, faults, paused } = await aBus(t)
  faults.left = 2
  await tell(NEWS)
  assert.deepEqual([told.length, faults.calls, paused], [1, 3, [500, 1000]])
})

test('a bus that takes nothing ends the program with what it says', async (t) => {
  const { tell, told, faults } = await aBus(t)
  faults.left = Number.POSITIVE_INFINITY
  await assert.rejects(tell(NEWS), /did not take draft\.refused of run_0123456789: InternalFailure: Not now/)
  assert.deepEqual([told.length, faults.calls], [0, 6])
})

test('a program finds in its container the papers, the bus, and the keys of its own secret', async (t) => {
  const now = () => new Date()
  const secret = JSON.stringify({ GITHUB_TOKEN: 'ghp_hush' })
  const others = [
    openS3({ buckets: { drafts: { cors: [] } }, now }),
    openSecretsManager({ secrets: { 'lectern-test/github': secret, 'lectern-test/odd': 'hush' }, now }),
  ]
  const { told, endpoint } = await aBus(t, others)
  const { accessKeyId, secretAccessKey } = endpoint.credentials('publisher')
  // As Fargate gives them, as far as the clients see.
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey })
  const variables = {
    ...{ RUN: 'run_0123456789', AWS_REGION: REGION, DRAFTS_BUCKET: 'drafts', CONTENT_BUS: BUS, CONTENT_SECRET_ARN: secretArn('lectern-test/github') },
    ...{ GITHUB_REPOSITORY: 'school/courses', CONTENT_PROPOSALS_A_DAY: '2' },
  }
  const room = await openRoom(variables)
  await room.drafts.put('runs/run_0123456789/draft.json', '{}', { type: 'application/json' })
  await room.tell(NEWS)
  assert.deepEqual([room.run, told.length, room.settings.github?.repository, room.settings.proposalsADay], ['run_0123456789', 1, 'school/courses', 2])
  assert.ok(room.settings.github && 'token' in room.settings.github.auth)
  assert.equal(room.settings.github.auth.token.reveal(), 'ghp_hush')
  assert.doesNotMatch(JSON.stringify(room.settings), /hush/)
  assert.ok(await room.drafts.get('runs/run_0123456789/draft.json'))
  await room.close()
  const odd = openRoom({ ...variables, CONTENT_SECRET_ARN: secretArn('lectern-test/odd') })
  await assert.rejects(odd, (error: Error) => /CONTENT_SECRET_ARN/.test(error.message) && !/hush/.test(error.message))
  await assert.rejects(openRoom({ ...variables, DRAFTS_BUCKET: '' }), /DRAFTS_BUCKET/)
})
