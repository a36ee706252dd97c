import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SettingsError } from '../environment.ts'
import { contentWith, GithubSecret, hookedRepository, repositoryWith } from './content.ts'
import { ENVIRONMENT } from './environment.fixture.ts'
import { SchoolSecret } from './school-secret.ts'
import { readSettings } from './settings.ts'

const NAMED = { ...ENVIRONMENT, GITHUB_REPOSITORY: 'school/courses', GITHUB_APP_ID: '7', GITHUB_APP_INSTALLATION: '8' }
const environmentOf = (variables: Record<string, string>) => readSettings(variables).content.environment
const HOOKS = SchoolSecret.parse({ githubWebhookSecrets: 'sixteen-letters-1, sixteen-letters-2' })

test('a school whose repository has no key yet keeps no courses in Git, and is open', () => {
  const environment = environmentOf(NAMED)
  assert.equal(repositoryWith(environment, {}, SchoolSecret.parse({})), undefined)
  assert.equal(repositoryWith(environmentOf(ENVIRONMENT), { GITHUB_TOKEN: 'ghp_1' }, HOOKS), undefined, 'a key of no repository')
})

test('a repository is reached by a token, or by an app and its key', () => {
  const environment = environmentOf(NAMED)
  const authOf = (secret: GithubSecret) => contentWith(environment, secret).github?.auth
  const byApp = authOf({ GITHUB_APP_KEY: 'pem' })
  assert.ok(byApp && 'app' in byApp)
  assert.deepEqual([byApp.app.id, byApp.app.installation, byApp.app.key.reveal()], ['7', '8', 'pem'])
  const byToken = authOf({ GITHUB_TOKEN: 'ghp_1' })
  assert.ok(byToken && 'token' in byToken)
  assert.equal(
    contentWith(environmentOf({ ...ENVIRONMENT, GITHUB_REPOSITORY: 'school/courses' }), { GITHUB_APP_KEY: 'pem' }).github,
    undefined,
    'a key of no app',
  )
  assert.equal(GithubSecret.safeParse({ GITHUB_TOKEN: 'ghp_1', GITHUB_APP_KEY: 'pem' }).success, false)
})

test('webhooks are judged with the secrets of webhooks alone, once there are any', () => {
  const environment = environmentOf(NAMED)
  assert.equal(hookedRepository(environment, SchoolSecret.parse({})), undefined)
  assert.equal(hookedRepository(environment, HOOKS)?.branch, 'main')
})

test('containers run where the stack says, all of it or nothing', () => {
  const place = {
    ...{ CONTENT_CLUSTER: 'lectern-staging-content', CONTENT_SUBNETS: 'subnet-1,subnet-2', CONTENT_SECURITY_GROUP: 'sg-1' },
    ...{ WRITER_DEFINITION: 'lectern-staging-writer', PUBLISHER_DEFINITION: 'lectern-staging-publisher' },
  }
  assert.equal(readSettings(ENVIRONMENT).content.place, undefined)
  const found = readSettings({ ...ENVIRONMENT, ...place }).content.place
  assert.deepEqual([found?.subnets, found?.definitions.writer], [['subnet-1', 'subnet-2'], 'lectern-staging-writer'])
  for (const name of Object.keys(place)) assert.throws(() => readSettings({ ...ENVIRONMENT, ...place, [name]: '' }), SettingsError, name)
})

test('a model without its prices is refused where the environment is read', () => {
  const model = { CHATBOT_PROVIDER: 'anthropic', CHATBOT_MODEL: 'claude' }
  assert.throws(() => contentWith(environmentOf({ ...ENVIRONMENT, ...model }), {}), SettingsError)
})
