import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { openEndpoint } from '#test/aws/endpoint.ts'
import { openSecretsManager, secretArn } from '#test/aws/secrets.ts'
import { randomIds, systemClock } from '../machine/clock.ts'
import { silentLog } from '../machine/log.ts'
import { api } from './api.ts'
import { ENVIRONMENT } from './environment.fixture.ts'
import { openHome } from './home.ts'
import { anEvent, anybody } from './http.fixture.ts'
import { readSettings } from './settings.ts'

test('A school that has just been deployed, its secret still empty, answers that it is open, and takes no money', async (t) => {
  const now = () => new Date()
  const endpoint = await openEndpoint({ services: [openSecretsManager({ secrets: { 'lectern-staging/school': undefined }, now })], now })
  t.after(() => endpoint.close())
  const { accessKeyId, secretAccessKey } = endpoint.credentials('api')
  // As Lambda gives them: the clients read these themselves.
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey })
  const settings = readSettings({ ...ENVIRONMENT, SCHOOL_SECRET_ARN: secretArn('lectern-staging/school') })
  const home = openHome({ settings, clock: systemClock, ids: randomIds(systemClock), log: silentLog })
  const handler = api({ log: silentLog, admits: anybody, world: async () => (await home()).world, url: settings.url, docsFolder: tmpdir() })
  const { statusCode, body } = await handler(anEvent({ path: '/api/health' }))
  assert.deepEqual([statusCode, JSON.parse(body ?? '').status], [200, 'ok'])
  const { mail, payments } = (await home()).world
  assert.throws(() => payments.canCharge({ amountMinor: 900, currency: 'EUR' }), { code: 'not-set-up' })
  await assert.rejects(mail.send({ id: 'l', to: 'a@school.example', subject: 's', text: 't', html: 'h' }), { code: 'not-set-up' })
})
