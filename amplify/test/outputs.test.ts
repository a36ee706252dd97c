import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOVING_NAMES, outputName } from '../../homes/aws/moving-names.ts'
import { OUTPUTS } from '../../homes/aws/outputs.ts'
import { QUEUES } from '../../scripts/aws/bill.ts'
import { DOMAIN, resourcesOf, templatesOf } from './school.fixture.ts'

/** What one stack tells another is exported, or published under a name of CDK's own. */
const isBetweenStacks = (name: string): boolean => /^(Exports|Publish)Output/.test(name)

test('the stacks tell whoever deploys what the scripts ask them for, and nothing else', () => {
  for (const context of [{}, DOMAIN]) {
    const told = Object.entries(templatesOf(context)).flatMap(([concern, template]) =>
      Object.keys(template.findOutputs('*')).flatMap((name) => (isBetweenStacks(name) ? [] : [`${concern} ${name}`])),
    )
    const asked = Object.entries(OUTPUTS).flatMap(([concern, names]) => names.map((name) => `${concern} ${name}`))
    const toMove = MOVING_NAMES.map((name) => `api ${outputName(name)}`)
    assert.deepEqual(told.sort(), [...asked, ...toMove].sort())
  }
})

test('the bill counts as many queues as Lambda is told to ask', () => {
  assert.equal(resourcesOf(templatesOf(), 'AWS::Lambda::EventSourceMapping').length, QUEUES)
})
