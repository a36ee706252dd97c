import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesText, waitText } from './amounts.ts'

describe('amounts', () => {
  it('are as coarse as they are large', () => {
    assert.equal(bytesText(0, 'en'), '0 byte')
    assert.equal(bytesText(45_300_000, 'en'), '45 MB')
    assert.equal(bytesText(1_440_000_000, 'en'), '1.4 GB')
  })

  it('of time to wait are as vague as they are uncertain', () => {
    assert.equal(waitText(3, 'en'), '5 sec')
    assert.equal(waitText(42, 'en'), '45 sec')
    assert.equal(waitText(61, 'en'), '2 min')
    assert.equal(waitText(5400, 'en'), '1.5 hr')
  })
})
