import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matches, PatternFault } from './pattern.ts'

const job = {
  source: 'aws.mediaconvert',
  'detail-type': 'MediaConvert Job State Change',
  resources: ['arn:aws:mediaconvert:eu-central-1:111122223333:jobs/1'],
  detail: { status: 'COMPLETE', queue: 'arn:q', count: 5, none: null, done: true, list: [], outputs: [{ kind: 'CMAF' }, { kind: 'FILE' }], userMetadata: {} },
}
const withDetail = (detail: Record<string, unknown>): boolean => matches({ detail }, job)

test('a pattern asks for all its fields, and any alternative of each', () => {
  assert.ok(matches({ source: ['aws.s3', 'aws.mediaconvert'], detail: { status: ['COMPLETE', 'ERROR'], queue: ['arn:q'] } }, job))
  assert.ok(!matches({ source: ['aws.mediaconvert'], detail: { status: ['ERROR'] } }, job))
  assert.ok(!matches({ source: ['aws.mediaconvert'], detail: { other: ['x'] } }, job))
  assert.deepEqual([{ none: [null] }, { done: [true] }, { count: [5] }, { count: ['5'] }, { done: ['true'] }].map(withDetail), [true, true, true, false, false])
})

test('an element of a list is enough, of values and of objects', () => {
  assert.ok(matches({ resources: [{ suffix: 'jobs/1' }] }, job))
  assert.ok(withDetail({ outputs: { kind: ['FILE'] } }))
  assert.ok(!withDetail({ outputs: { kind: ['DASH'] } }))
  assert.ok(!withDetail({ list: ['x'] }))
})

const CASES: [pattern: Record<string, unknown>, isMatch: boolean][] = [
  [{ status: [{ prefix: 'COMP' }] }, true],
  [{ status: [{ prefix: 'comp' }] }, false],
  [{ status: [{ prefix: { 'equals-ignore-case': 'comp' } }] }, true],
  [{ status: [{ suffix: 'LETE' }] }, true],
  [{ status: [{ suffix: 'x' }] }, false],
  [{ status: [{ 'equals-ignore-case': 'complete' }] }, true],
  [{ status: [{ wildcard: 'C*E' }] }, true],
  [{ status: [{ wildcard: 'C*X' }] }, false],
  [{ status: [{ wildcard: 'C\\*E' }] }, false],
  [{ status: [{ 'anything-but': 'ERROR' }] }, true],
  [{ status: [{ 'anything-but': ['ERROR', 'COMPLETE'] }] }, false],
  [{ status: [{ 'anything-but': { prefix: 'COMP' } }] }, false],
  [{ status: [{ 'anything-but': { suffix: ['x', 'y'] } }] }, true],
  [{ status: [{ 'anything-but': { wildcard: '*PLETE' } }] }, false],
  [{ gone: [{ 'anything-but': 'x' }] }, false],
  [{ count: [{ numeric: ['>', 0, '<=', 5] }] }, true],
  [{ count: [{ numeric: ['>', 5] }] }, false],
  [{ count: [{ numeric: ['=', 5] }] }, true],
  [{ status: [{ numeric: ['>', 0] }] }, false],
  [{ gone: [{ exists: false }] }, true],
  [{ status: [{ exists: false }] }, false],
  [{ status: [{ exists: true }] }, true],
  [{ userMetadata: [{ exists: true }] }, false],
  [{ userMetadata: { id: [{ exists: false }] } }, true],
  [{ deep: { within: [{ exists: false }] } }, true],
  [{ $or: [{ status: ['ERROR'] }, { count: [5] }] }, true],
  [{ $or: [{ status: ['ERROR'] }, { count: [6] }] }, false],
  [{ status: ['COMPLETE'], $or: [{ count: [6] }, { queue: [{ prefix: 'arn' }] }] }, true],
]

for (const [pattern, isMatch] of CASES)
  test(`${JSON.stringify(pattern)} ${isMatch ? 'matches' : 'does not match'}`, () => assert.equal(withDetail(pattern), isMatch))

test('a pattern EventBridge would refuse is refused, whatever the event is', () => {
  for (const wrong of [{ source: 'aws.s3' }, { source: [] }, {}, { source: [{ like: 'x' }] }, { source: [{ prefix: 5 }] }, { $or: { a: ['b'] } }])
    assert.throws(() => matches({ ...wrong, 'detail-type': ['another'], ...(Object.keys(wrong).length === 0 && { 'detail-type': {} }) }, job), PatternFault)
  assert.throws(() => withDetail({ count: [{ numeric: ['~', 1] }] }), PatternFault)
  assert.throws(() => withDetail({ gone: [{ exists: 'no' }] }), PatternFault)
})
