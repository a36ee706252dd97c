import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SettingsError } from '../environment.ts'
import { ENVIRONMENT } from './environment.fixture.ts'
import { readSettings } from './settings.ts'

const refusalOf = (variables: Record<string, string>): string => {
  try {
    readSettings(variables)
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
  return 'none'
}

test('A function reads where everything is that the stacks have made', () => {
  const settings = readSettings(ENVIRONMENT)
  assert.equal(settings.table, 'lectern-staging-table')
  assert.deepEqual(settings.signing.keyIds, { a: 'K2JCJMDEHXQW5F' })
  assert.deepEqual([settings.currency, settings.uploadMaxBytes, settings.transcription], ['EUR', 20 * 1024 ** 3, undefined])
})

test('Every variable the stacks must set is named when it is missing, all of them at once', () => {
  const optional = ['LECTERN_MEDIA_URL']
  const message = refusalOf({})
  for (const name of Object.keys(ENVIRONMENT)) if (!optional.includes(name)) assert.ok(message.includes(`${name}: `), name)
  for (const name of Object.keys(ENVIRONMENT)) if (!optional.includes(name)) assert.ok(refusalOf({ ...ENVIRONMENT, [name]: '' }).includes(name), name)
})

test('What is wrong is named and never shown', () => {
  const secret = 'sk_live_hush'
  for (const name of [
    'LECTERN_URL',
    'LECTERN_OWNER',
    'ALERTS_TOPIC_ARN',
    'SCHOOL_SECRET_ARN',
    'SIGNING_KEYS',
    'QUEUES_URL',
    'AWS_REGION',
    'LECTERN_CURRENCY',
  ]) {
    const message = refusalOf({ ...ENVIRONMENT, [name]: secret })
    assert.ok(message.includes(name), message)
    assert.ok(!message.includes('hush'), message)
  }
  assert.match(refusalOf({ ...ENVIRONMENT, SIGNING_KEYS: '{}' }), /SIGNING_KEYS/)
  assert.match(refusalOf({ ...ENVIRONMENT, LECTERN_MEDIA_URL: 'https://media.elsewhere.example' }), /LECTERN_MEDIA_URL/)
})
