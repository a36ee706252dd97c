import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { type Contract, contract } from '#contract/contract.ts'
import { openSchool } from '#test/school.ts'
import { silentLog } from '../machine/log.ts'
import { deployWeb } from '../web.ts'
import { api } from './api.ts'
import { anEvent, anybody } from './http.fixture.ts'

const URL_OF_SCHOOL = 'http://school.test'

const served = async (t: TestContext) => {
  const school = await openSchool()
  const folder = await mkdtemp(join(tmpdir(), 'lectern-api-'))
  t.after(async () => {
    await school.close()
    await rm(folder, { recursive: true })
  })
  const handler = api({ log: silentLog, admits: anybody, world: async () => school.world, url: URL_OF_SCHOOL, docsFolder: folder })
  /** As the gateway would have it: paths decoded, bodies in base64, cookies apart. */
  const through = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const body = new Uint8Array(await request.arrayBuffer())
    const asked = { method: request.method, path: decodeURIComponent(pathname), query: search.slice(1), headers: Object.fromEntries(request.headers) }
    const answer = await handler(anEvent({ ...asked, ...(body.length > 0 && { body }) }))
    // `headers` are texts, as `answerOf` makes them.
    return new Response(answer.body, { status: answer.statusCode ?? 0, headers: answer.headers as Record<string, string> })
  }
  const client = (token: string): ContractRouterClient<Contract> =>
    createORPCClient(new OpenAPILink(contract, { url: `${URL_OF_SCHOOL}/api`, headers: { authorization: `Bearer ${token}` }, fetch: through }))
  return { school, handler, client, folder }
}

test('A teacher works on a course through the gateway as at home', async (t) => {
  const { school, client } = await served(t)
  const teacher = await school.person('Tess', 'instructor')
  const { id } = await client(teacher.id).courses.create({ title: 'Licht & Übung – 練習' })
  const [course] = (await teacher.client.courses.mine({})).courses
  assert.deepEqual([course?.id, course?.title], [id, 'Licht & Übung – 練習'])
})

test('A request that claims ten megabytes is refused, and so is one that has them', async (t) => {
  const { school, handler } = await served(t)
  const { id: token } = await school.person('Tess', 'instructor')
  const asked = { method: 'POST', path: '/api/teach/courses', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
  const claiming = anEvent({ ...asked, headers: { ...asked.headers, 'content-length': String(10 * 1024 ** 2) }, body: '{"title":"Light"}' })
  const large = anEvent({ ...asked, body: new TextEncoder().encode(JSON.stringify({ title: 'x'.repeat(2 * 1024 ** 2) })) })
  for (const event of [claiming, large]) {
    const { statusCode, body } = await handler(event)
    assert.deepEqual([statusCode, JSON.parse(body ?? '').code], [413, 'too-large'])
  }
  assert.equal((await handler(anEvent({ ...asked, body: '{"title":"Light"}' }))).statusCode, 200)
})

test('Whoever is not signed in, or asks for what is not there, is told so in the contract’s words', async (t) => {
  const { handler } = await served(t)
  const codeOf = async (path: string, headers = {}): Promise<unknown[]> => {
    const { statusCode, body } = await handler(anEvent({ path, headers }))
    return [statusCode, JSON.parse(body ?? '').code]
  }
  assert.deepEqual(await codeOf('/api/me'), [401, 'not-signed-in'])
  assert.deepEqual(await codeOf('/api/me', { authorization: 'Bearer forged' }), [401, 'not-signed-in'])
  assert.deepEqual(await codeOf('/api/nothing'), [404, 'not-found'])
  assert.deepEqual(await codeOf('/auth/token'), [404, 'not-found'])
})

test('An address of a course that has no page is answered with the app, once it has been deployed', async (t) => {
  const { school, handler, folder } = await served(t)
  const asked = anEvent({ path: '/catalogue/pages/not-yet.html' })
  assert.equal((await handler(asked)).statusCode, 503)
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Lectern</title>')
  await deployWeb(school.world, folder)
  const { statusCode, headers, body } = await handler(asked)
  assert.deepEqual([statusCode, headers?.['content-type'], body], [200, 'text/html; charset=utf-8', '<!doctype html><title>Lectern</title>'])
})

test('The contract is there to read and to try', async (t) => {
  const { handler, folder } = await served(t)
  await writeFile(join(folder, 'swagger-ui.css'), 'body {}')
  const { body, headers } = await handler(anEvent({ path: '/api/openapi.json' }))
  assert.deepEqual([headers?.['content-type'], JSON.parse(body ?? '').openapi], ['application/json', '3.1.1'])
  const page = await handler(anEvent({ path: '/api/docs' }))
  assert.match(String(page.headers?.['content-security-policy']), /script-src 'self'/)
  assert.equal((await handler(anEvent({ path: '/api/docs/swagger-ui.css' }))).body, 'body {}')
  assert.match((await handler(anEvent({ path: '/api/docs/../../../etc/passwd' }))).body ?? '', /swagger-ui/)
})
