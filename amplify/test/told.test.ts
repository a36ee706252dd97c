import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOVING_NAMES, namesIn } from '../../homes/aws/moving-names.ts'
import { DOMAIN, templatesOf } from './school.fixture.ts'

const outputsOf = (template: { findOutputs(id: string): Record<string, { Value: unknown }> } | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(template?.findOutputs('*') ?? {}).map(([name, { Value }]) => [name, JSON.stringify(Value)]))

test('the stacks tell a deployment its bucket, and a move all the names it finds the school by', () => {
  const { api, store } = templatesOf(DOMAIN)
  assert.ok(outputsOf(store)['StoreBucket'])
  const names = namesIn(outputsOf(api))
  assert.deepEqual(Object.keys(names), [...MOVING_NAMES])
  assert.equal(names.LECTERN_URL, '"https://school.example"')
  assert.match(names.AWS_REGION ?? '', /AWS::Region/)
})
