import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings, SettingsError } from './settings.ts'

test('the owner’s bound on stored video is given in gigabytes, and there is none unless it is set', () => {
  assert.equal(readSettings({}).quotaBytes, undefined)
  assert.equal(readSettings({ LECTERN_STORAGE_GB: '' }).quotaBytes, undefined)
  assert.equal(readSettings({ LECTERN_STORAGE_GB: '0.5' }).quotaBytes, 512 * 1024 ** 2)
})

test('a bound that is no size is named, and the school does not start without it', () => {
  for (const LECTERN_STORAGE_GB of ['plenty', '0', '-3']) {
    assert.throws(
      () => readSettings({ LECTERN_STORAGE_GB }),
      (error) => error instanceof SettingsError && error.message.includes('LECTERN_STORAGE_GB'),
    )
  }
})
