import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { glob, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { RepositoryFailed } from '#ports/repository.ts'
import { secret } from '#ports/secret.ts'
import { aProposal, aRepository, LESSON } from './stand-in.fixture.ts'

const REPO = '/repos/{owner}/{repo}'
/** Every call that is ever made, by method and path. Whatever is added here has to be in docs/operations/github.md with its scope. */
const CALLS = [
  `GET ${REPO}`,
  ...[`GET ${REPO}/git/ref/{ref}`, `POST ${REPO}/git/refs`, `PATCH ${REPO}/git/refs/{ref}`],
  ...[`GET ${REPO}/git/trees/{ref}`, `POST ${REPO}/git/trees`, `GET ${REPO}/git/blobs/{sha}`],
  ...[`GET ${REPO}/git/commits/{sha}`, `POST ${REPO}/git/commits`],
  ...[`GET ${REPO}/pulls`, `POST ${REPO}/pulls`, `GET ${REPO}/pulls/{number}`, `PATCH ${REPO}/pulls/{number}`],
  ...[`GET ${REPO}/issues/{number}/comments`, `POST ${REPO}/issues/{number}/comments`, `PATCH ${REPO}/issues/comments/{id}`],
  ...[`GET ${REPO}/commits/{sha}/comments`, `POST ${REPO}/commits/{sha}/comments`, `PATCH ${REPO}/comments/{id}`],
  `POST ${REPO}/statuses/{sha}`,
  'POST /app/installations/{installation}/access_tokens',
]

type Calls = { calls: { method: string; template: string }[] }
const failed = (reason: string) => (error: unknown) => error instanceof RepositoryFailed && error.reason === reason

describe('a repository on GitHub', () => {
  it('is read at a commit: the files of the folder, and their text', async (test) => {
    const { repository, control } = await aRepository(test)
    const before = (await repository.head()) ?? ''
    assert.deepEqual(await repository.files(before), [])
    await control('files', { path: 'courses/a/one.md', text: LESSON })
    await control('files', { path: 'elsewhere/two.md', text: 'Not ours.' })
    const head = (await repository.head()) ?? ''
    const files = await repository.files(head)
    assert.deepEqual(
      files.map(({ path, sizeBytes }) => [path, sizeBytes]),
      [['courses/a/one.md', LESSON.length]],
    )
    assert.equal(await repository.read(files[0]?.blob ?? ''), LESSON)
    assert.deepEqual(await repository.files(before), [])
  })

  it('has no text where bytes are none, and no head while it is empty', async (test) => {
    const { repository, api, gitdir } = await aRepository(test)
    const { data } = await api('/repos/lectern/courses/git/blobs', { method: 'POST', body: { encoding: 'base64', content: 'gICA' } })
    assert.equal(await repository.read(String(data['sha'])), undefined)
    await assert.rejects(repository.read('HEAD'), failed('refused'))
    await rm(join(gitdir, 'refs', 'heads', 'main'))
    assert.equal(await repository.head(), undefined)
  })

  it('is not half read: a list that is cut off is refused, and one that is not there is not an empty one', async (test) => {
    const { repository, clientOf, control } = await aRepository(test)
    const head = (await repository.head()) ?? ''
    await control('faults', { api: 'truncated' })
    await assert.rejects(repository.files(head), failed('refused'))
    await control('faults', { api: 'none' })
    await assert.rejects(clientOf({ repository: 'lectern/other' }).head(), failed('not-allowed'))
    await assert.rejects(clientOf({ branch: 'trunk' }).head(), failed('refused'))
  })

  it('does not take pull requests for gone that its token may not see any more', async (test) => {
    const { repository, clientOf } = await aRepository(test)
    const { number } = await repository.propose(aProposal())
    await assert.rejects(clientOf({ repository: 'lectern/other' }).pull(number), failed('not-allowed'))
    assert.equal(await repository.pull(number + 1), undefined)
  })

  it('is told with one comment by mark, changed in place, on pull requests and commits', async (test) => {
    const { repository, control, api } = await aRepository(test)
    const pull = await repository.propose(aProposal())
    const [onPull, onCommit] = [{ pull: pull.number }, { commit: pull.head }]
    for (const text of ['First.', 'Second.', 'Second.']) {
      await repository.comment(onPull, { mark: 'report', text })
      await repository.comment(onCommit, { mark: 'report', text })
    }
    await repository.comment(onPull, { mark: 'other', text: 'Another.' })
    const bodies = async (path: string): Promise<unknown> => {
      // A list of comments.
      const rows = (await api(`/repos/lectern/courses/${path}`)).data as unknown as { body: string }[]
      return rows.map(({ body }) => body)
    }
    assert.deepEqual(await bodies(`issues/${pull.number}/comments`), ['<!-- lectern:report -->\nSecond.', '<!-- lectern:other -->\nAnother.'])
    assert.deepEqual(await bodies(`commits/${pull.head}/comments`), ['<!-- lectern:report -->\nSecond.'])
    await control('faults', { api: 'lost', after: 1, count: 1 })
    await repository.comment(onPull, { mark: 'third', text: 'Once.' })
    assert.equal(((await bodies(`issues/${pull.number}/comments`)) as unknown[]).length, 3)
  })

  it('shows a status, and says so where the token may not', async (test) => {
    const { repository, control, api } = await aRepository(test)
    const commit = (await repository.head()) ?? ''
    assert.equal(await repository.setStatus({ commit, context: 'lectern/content', state: 'failure', says: 'x'.repeat(500) }), 'done')
    assert.equal(await repository.setStatus({ commit, context: 'lectern/content', state: 'success', says: 'Published', url: 'https://school.test' }), 'done')
    const { data } = await api(`/repos/lectern/courses/commits/${commit}/status`)
    assert.deepEqual([data['state'], data['total_count']], ['success', 1])
    await control('faults', { api: 'no-statuses' })
    assert.equal(await repository.setStatus({ commit, context: 'lectern/content', state: 'pending', says: 'Soon' }), 'not-allowed')
  })

  it('is asked again after what may pass by, and not for longer than is good', async (test) => {
    const { repository, clientOf, control } = await aRepository(test)
    for (const api of ['500', 'down', 'lost']) {
      await control('faults', { api, count: 2 })
      assert.match((await repository.head()) ?? '', /^[0-9a-f]{40}$/, api)
      await control('faults', { api, count: 3 })
      await assert.rejects(repository.head(), failed('unreachable'), api)
    }
    await control('faults', { api: 'limited', seconds: 0, count: 2 })
    assert.match((await repository.head()) ?? '', /^[0-9a-f]{40}$/)
    await control('faults', { api: 'limited', seconds: 21 })
    await assert.rejects(repository.head(), failed('limited'))
    await control('faults', { api: 'exhausted' })
    await assert.rejects(repository.head(), failed('limited'))
    await control('faults', { api: 'slow', seconds: 5 })
    await assert.rejects(clientOf({ limits: { totalMs: 60, tries: 1 } }).head(), failed('unreachable'))
    await control('faults', { api: 'none' })
    await assert.rejects(clientOf({ limits: { answerBytes: 20 } }).head(), failed('refused'))
    await control('faults', { api: 'read-only' })
    await assert.rejects(repository.propose(aProposal()), failed('not-allowed'))
  })

  it('never tells its token', async (test) => {
    const { clientOf, token } = await aRepository(test)
    const told = async (work: Promise<unknown>): Promise<string> => {
      const error: unknown = await work.catch((reason: unknown) => reason)
      assert.ok(error instanceof RepositoryFailed)
      return `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`
    }
    const wrong = 'ghp_wrong0123456789'
    const words = await Promise.all([
      told(clientOf({ auth: { token: secret(wrong) } }).head()),
      told(clientOf({ apiUrl: `http://127.0.0.1:9/${token}`, limits: { tries: 1 } }).head()),
      told(clientOf({ repository: `lectern/${token}` }).head()),
    ])
    for (const each of words) assert.ok(!each.includes(wrong) && !each.includes(token), each)
  })

  it('is opened by an App, whose key is in either form', async (test) => {
    const { clientOf } = await aRepository(test)
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        privateKeyEncoding: { type, format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      })
      const key = secret(type === 'pkcs1' ? privateKey.replaceAll('\n', '\\n') : privateKey)
      assert.match((await clientOf({ auth: { app: { id: '7', installation: '77', key } } }).head()) ?? '', /^[0-9a-f]{40}$/)
    }
  })

  it('is called by a short list of calls and no other', async (test) => {
    const { repository, clientOf, control } = await aRepository(test)
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    const app = clientOf({ auth: { app: { id: '7', installation: '77', key: secret(privateKey) } } })
    const head = (await app.head()) ?? ''
    await assert.rejects(clientOf({ branch: 'trunk' }).head())
    const pull = await repository.propose(aProposal())
    await repository.propose(aProposal({ title: 'Other words', files: [{ path: 'courses/basics/02-loops.md', text: `${LESSON}More.\n` }] }))
    const files = await repository.files(pull.head)
    await repository.read(files[0]?.blob ?? '')
    await repository.pull(pull.number)
    await repository.proposedSince('lectern/', '2020-01-01T00:00:00Z')
    for (const to of [{ pull: pull.number }, { commit: head }]) for (const text of ['a', 'b']) await repository.comment(to, { mark: 'report', text })
    await repository.setStatus({ commit: head, context: 'lectern/content', state: 'success', says: 'Published' })
    const { calls } = await control<Calls>('calls')
    const made = new Set(calls.map(({ method, template }) => `${method} ${template}`))
    assert.deepEqual([...made].toSorted(), CALLS.toSorted())
  })

  it('has no way to other calls in its source', async () => {
    const sources = await Array.fromAsync(glob('*.ts', { cwd: import.meta.dirname, exclude: ['*.test.ts', '*.fixture.ts'] }))
    const texts = await Promise.all(sources.map((path) => readFile(join(import.meta.dirname, path), 'utf8')))
    const paths = texts.flatMap((text) => [...text.matchAll(/[`'](?:[A-Z]+ )?(\/repos\/[^'`]*|\/app\/[^'`]*)[`']/g)].map(([, path = '']) => path))
    const plain = (path: string): string => path.replace(/\{[^}]*\}/g, '{}')
    const known = new Set(CALLS.map((call) => plain(call.split(' ')[1] ?? '')))
    assert.ok(paths.length > 10)
    assert.deepEqual(
      paths.filter((path) => !known.has(plain(path))),
      [],
    )
  })
})
