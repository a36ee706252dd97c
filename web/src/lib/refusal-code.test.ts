import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { type Contract, contract } from '#contract/contract.ts'
import { refusalCode } from './refusal-code.ts'

/** What somebody who asks for their courses is told when they are answered so. */
const told = async (status: number, body: object): Promise<string> => {
  const link = new OpenAPILink(contract, { url: 'http://school.test/api', fetch: async () => Response.json(body, { status }) })
  const client: ContractRouterClient<Contract> = createORPCClient(link)
  const error = await client.learning.mine({}).then(
    () => assert.fail('It was answered.'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ORPCError)
  return refusalCode(error)
}

test('Whoever is sent away by a gateway before the API is asked to sign in, as by the API itself', async () => {
  assert.equal(await told(401, { message: 'Unauthorized' }), 'not-signed-in')
  assert.equal(await told(401, { defined: true, code: 'not-signed-in', status: 401, message: 'Sign in first.', data: {} }), 'not-signed-in')
  assert.equal(await told(429, { message: 'Too Many Requests' }), 'too-many')
})

test('What nobody has a word for is a fault, and a refusal keeps its own', async () => {
  assert.equal(await told(503, { message: 'Service Unavailable' }), 'fault')
  assert.equal(await told(403, { defined: true, code: 'access-ended', status: 403, message: 'Your time is over.', data: {} }), 'access-ended')
})
