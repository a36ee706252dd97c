import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { aRepository, type Hook } from '#test/repository.ts'
import { openSchool } from '#test/school.ts'
import { githubHook, MOST_GITHUB_HOOK_BYTES } from './webhooks.ts'

const aSchool = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const repository = aRepository({ clock: school.clock })
  school.world.repository = repository
  const count = (query: string): number => Number(school.database.prepare(query).get()?.['count'])
  return {
    ...{ school, repository },
    send: async (hook: Hook) => (await githubHook(school.world)(hook)).status,
    stored: () => count("SELECT count(*) AS count FROM items WHERE pk LIKE 'repository-hook#%'"),
    told: () => count("SELECT count(*) AS count FROM outbox WHERE name = 'repository.changed'"),
  }
}

test('A push to the branch that the school reads is stored and told of once, however often it is sent', async (t) => {
  const { repository, send, stored, told } = await aSchool(t)
  const push = repository.hook('push', { ref: 'refs/heads/main' })
  assert.deepEqual(await Promise.all(Array.from({ length: 16 }, () => send(push))), Array(16).fill(200))
  assert.deepEqual([stored(), told()], [1, 1])
  assert.equal(await send(repository.hook('push', { ref: 'refs/heads/main' })), 200)
  assert.deepEqual([stored(), told()], [2, 2])
})

test('A pull request that has changed is told of by its number', async (t) => {
  const { school, repository, send } = await aSchool(t)
  assert.equal(await send(repository.hook('pull_request', { pull_request: { number: 7 } })), 200)
  const row = school.database.prepare("SELECT payload FROM outbox WHERE name = 'repository.changed'").get()
  assert.deepEqual(JSON.parse(String(row?.['payload'])), { because: 'hook', pull: 7 })
})

test('A ping, a push to another branch and whatever else GitHub tells are answered and forgotten', async (t) => {
  const { repository, send, stored, told } = await aSchool(t)
  for (const hook of [repository.hook('ping'), repository.hook('push', { ref: 'refs/heads/lectern/run_1' }), repository.hook('star')])
    assert.equal(await send(hook), 200)
  assert.deepEqual([stored(), told()], [0, 0])
})

test('Nothing is stored of a webhook that is forged, altered, not signed, without a delivery or too large', async (t) => {
  const { school, repository, send, stored, told } = await aSchool(t)
  const lines: unknown[] = []
  Object.assign(school.world, { log: { ...school.world.log, warn: (_: string, fields: unknown) => void lines.push(fields) } })
  const push = repository.hook('push', { ref: 'refs/heads/main' })
  const altered = push.body.slice()
  altered.set([0x20], 1)
  assert.equal(await send({ ...push, body: altered }), 400)
  assert.equal(await send({ ...push, signature: `sha256=${'0'.repeat(64)}` }), 400)
  assert.equal(await send({ ...push, signature: '' }), 400)
  assert.deepEqual(lines, Array(3).fill({ security: 'forged', what: 'hooks.github' }))
  assert.equal(await send({ ...push, delivery: 'a#b' }), 400)
  const large = repository.hook('push', { ref: 'refs/heads/main', pad: 'x'.repeat(MOST_GITHUB_HOOK_BYTES) })
  assert.equal(await send(large), 413)
  assert.deepEqual([stored(), told()], [0, 0])
})

test('What cannot be written is answered 503, and taken when it is sent again', async (t) => {
  const { school, repository, send, stored } = await aSchool(t)
  const push = repository.hook('push', { ref: 'refs/heads/main' })
  school.database.exec('PRAGMA query_only = ON')
  assert.equal(await send(push), 503)
  school.database.exec('PRAGMA query_only = OFF')
  assert.equal(await send(push), 200)
  assert.equal(stored(), 1)
})

test('A school that keeps no courses in Git has no such address', async (t) => {
  const { school, repository, send, stored } = await aSchool(t)
  school.world.repository = undefined
  assert.equal(await send(repository.hook('push', { ref: 'refs/heads/main' })), 404)
  assert.equal(stored(), 0)
})
