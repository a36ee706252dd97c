import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { secretStore } from '#homes/aws/rotation.ts'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openSecretsManager } from '#test/aws/secrets.ts'

test('a secret is there once it is filled, and is exchanged only for what was read of it', async (t) => {
  const now = () => new Date()
  const endpoint = await openEndpoint({ services: [openSecretsManager({ secrets: { signing: undefined }, now })], now })
  t.after(() => endpoint.close())
  const store = secretStore(new SecretsManagerClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('deploys') }))
  assert.equal(await store.get('signing'), undefined)
  await store.put('signing', 'one')
  await store.exchange('signing', 'one', 'two')
  await assert.rejects(store.exchange('signing', 'one', 'three'), /changed by somebody else/)
  assert.equal(await store.get('signing'), 'two')
})
