import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { App, Stack } from 'aws-cdk-lib'
import { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { acknowledge, check } from '../lib/nag.ts'

// Whatever the shell says: here it is the validation that is tried.
process.env['CDK_VALIDATION'] = 'true'

/** What is found in a template that holds one bucket, by the rules' names. */
const found = (t: TestContext, make: (stack: Stack) => void): string[] => {
  const outdir = mkdtempSync(join(tmpdir(), 'lectern-checks-'))
  t.after(() => rmSync(outdir, { recursive: true, force: true }))
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'cdk.json'), 'utf8'))
  const app = new App({ outdir, context })
  make(new Stack(app, 'one'))
  check(app)
  try {
    app.synth()
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('Validation failed'))) throw error
  }
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'))
  return pluginReports.flatMap(({ violations }: { violations: { ruleName: string; severity?: string }[] }) => violations.map(({ ruleName }) => ruleName))
}

test('a property CloudFormation does not know is found before anything is deployed', (t) => {
  const rules = found(t, (stack) => new CfnBucket(stack, 'store').addPropertyOverride('Colour', 'blue'))
  assert.ok(
    rules.some((rule) => !rule.startsWith('AwsSolutions')),
    rules.join(),
  )
})

test('a bucket that answers without TLS is found, until somebody answers for it', (t) => {
  const naked = found(t, (stack) => {
    new CfnBucket(stack, 'store')
  })
  assert.ok(naked.includes('AwsSolutions-S10'), naked.join())
  const answeredFor = found(t, (stack) => acknowledge(new CfnBucket(stack, 'store'), 'It is a test.', 'AwsSolutions-S10'))
  assert.deepEqual(
    naked.filter((rule) => !answeredFor.includes(rule)),
    ['AwsSolutions-S10'],
  )
})
