import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SettingsError } from '../environment.ts'
import { readSettings } from './settings.ts'

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

test('captions by machine are off until a service is named; its key is optional, and never printed', () => {
  assert.equal(readSettings({}).transcription, undefined)
  assert.deepEqual(readSettings({ TRANSCRIPTION_URL: 'http://localhost:9000/v1' }).transcription, {
    ...{ url: 'http://localhost:9000/v1', key: undefined, model: 'whisper-1' },
  })
  const { transcription } = readSettings({ TRANSCRIPTION_URL: 'https://api.example/v1', TRANSCRIPTION_KEY: 'sk-hush', TRANSCRIPTION_MODEL: 'large' })
  assert.equal(transcription?.key?.reveal(), 'sk-hush')
  assert.equal(JSON.stringify(transcription), '{"url":"https://api.example/v1","key":"[secret]","model":"large"}')
})

test('a key without a service, or a service that is no address, is told before the school opens, without its value', () => {
  assert.throws(
    () => readSettings({ TRANSCRIPTION_KEY: 'sk-hush' }),
    (error) => error instanceof SettingsError && !error.message.includes('hush'),
  )
  assert.throws(
    () => readSettings({ TRANSCRIPTION_URL: 'ftp://hush' }),
    (error) => error instanceof SettingsError && /TRANSCRIPTION_URL/.test(error.message),
  )
})

test('an address that is none is named, and not shown, before the school opens', () => {
  for (const name of ['LECTERN_URL', 'LECTERN_MEDIA_URL']) {
    assert.throws(
      () => readSettings({ [name]: 'hush, no address' }),
      (error) => error instanceof SettingsError && error.message.includes(name) && !error.message.includes('hush'),
    )
  }
})

test('other providers to sign in with are a line of JSON, whose secrets are never printed', () => {
  assert.deepEqual(readSettings({}).signInWith, [])
  const google = { name: 'Google', issuer: 'https://accounts.google.com', clientId: 'abc', clientSecret: 'sk-hush' }
  const { signInWith } = readSettings({ SIGN_IN_WITH: JSON.stringify([google]) })
  assert.equal(signInWith[0]?.clientSecret?.reveal(), 'sk-hush')
  assert.equal(JSON.stringify(signInWith), JSON.stringify([{ ...google, clientSecret: '[secret]' }]))
  const wrong = ['sk-hush', JSON.stringify([{ ...google, issuer: 'http://accounts.google.com' }]), JSON.stringify([google, google]), '[{"name":"sk-hush"}]']
  for (const SIGN_IN_WITH of wrong) {
    assert.throws(
      () => readSettings({ SIGN_IN_WITH }),
      (error) => error instanceof SettingsError && error.message.includes('SIGN_IN_WITH') && !error.message.includes('hush'),
      SIGN_IN_WITH,
    )
  }
})

test('a school whose address is this machine, or that stands behind a proxy on it, is reached from nowhere else unless somebody says so', () => {
  const listens = (variables: Record<string, string>): string | undefined => readSettings(variables).listen
  const outside = { LECTERN_URL: 'https://school.example' }
  assert.equal(listens({}), '127.0.0.1')
  for (const LECTERN_URL of ['http://127.0.0.1:4600', 'http://[::1]:4600', 'http://school.localhost:4600']) assert.equal(listens({ LECTERN_URL }), '127.0.0.1')
  assert.equal(listens({ ...outside, LECTERN_TRUSTED_PROXIES: 'loopback' }), '127.0.0.1')
  assert.equal(listens({ ...outside, LECTERN_TRUSTED_PROXIES: 'cloudflare,loopback' }), undefined)
  assert.equal(listens(outside), undefined)
  assert.equal(listens({ LECTERN_URL: 'http://localhost.example:4600' }), undefined)
  assert.equal(listens({ LECTERN_LISTEN: '0.0.0.0' }), '0.0.0.0')
  assert.throws(() => readSettings({ LECTERN_LISTEN: 'everywhere' }), /LECTERN_LISTEN/)
})
