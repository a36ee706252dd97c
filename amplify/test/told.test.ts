import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Template } from 'aws-cdk-lib/assertions'
import { MOVING_NAMES, namesIn } from '../../homes/aws/moving-names.ts'
import { DOMAIN, templatesOf } from './school.fixture.ts'

const outputsOf = (template: Template | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(template?.findOutputs('*') ?? {}).map(([name, output]) => [name, JSON.stringify(output['Value'])]))

test('the stacks tell a move all the names it finds the school by', () => {
  const { api } = templatesOf(DOMAIN)
  const names = namesIn(outputsOf(api))
  assert.deepEqual(Object.keys(names), [...MOVING_NAMES])
  assert.equal(names.LECTERN_URL, '"https://school.example"')
  assert.match(names.AWS_REGION ?? '', /AWS::Region/)
})
