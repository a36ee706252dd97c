import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONTENT_NAMES, readContent } from './content-environment.ts'
import { isOf, programEnvironment } from './content-programs.ts'

const WHOLE = {
  ...{ CHATBOT_PROVIDER: 'openai-compatible', CHATBOT_URL: 'https://models.example/v1', CHATBOT_MODEL: 'm', CHATBOT_KEY: 'k' },
  ...{ CHATBOT_INPUT_PRICE: '0.15', CHATBOT_OUTPUT_PRICE: '0.6', GITHUB_REPOSITORY: 'school/courses', GITHUB_WEB_URL: 'https://git.example' },
}

test('each program is told of the one service it talks to, however it is set up, and never a webhook’s secret', () => {
  for (const auth of [{ GITHUB_TOKEN: 't' }, { GITHUB_APP_ID: '1', GITHUB_APP_INSTALLATION: '2', GITHUB_APP_KEY: 'pem' }]) {
    const settings = readContent({ ...WHOLE, ...auth, GITHUB_WEBHOOK_SECRETS: 'hush' })
    for (const name of ['writer', 'publisher'] as const) {
      const told = Object.keys(programEnvironment(name, settings))
      assert.ok(told.length >= 5)
      assert.deepEqual(
        told.filter((variable) => !isOf(name, variable) || !CONTENT_NAMES.includes(variable)),
        [],
        name,
      )
      assert.ok(!told.includes('GITHUB_WEBHOOK_SECRETS'))
    }
  }
  assert.deepEqual(
    CONTENT_NAMES.filter((variable) => isOf('writer', variable) === isOf('publisher', variable)),
    [],
    'each name is one program’s',
  )
})
