import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { aProposal, aRepository, LESSON } from '#vendors/github/stand-in.fixture.ts'
import { dueTimes, NO_FAULTS } from './github/faults.ts'

const run = promisify(execFile)
const hasGit = await run('git', ['--version']).then(
  () => true,
  () => false,
)
const needsGit = hasGit ? {} : { skip: 'there is no git on this machine' }

type Pulled = { number: number; mergeCommit: string; state: string; mergedAt: number | null; head: string }

/** Somebody's own clone, by the git they have. */
const aClone = async (test: TestContext, gitdir: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'clone-'))
  test.after(() => rm(folder, { recursive: true }))
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'protocol.file.allow=always']
  const git = async (...words: string[]): Promise<string> => (await run('git', [...identity, '-C', folder, ...words])).stdout.trim()
  await run('git', ['clone', '--quiet', gitdir, folder])
  return {
    git,
    write: (path: string, text: string) => writeFile(join(folder, path), text),
    read: (path: string) => readFile(join(folder, path), 'utf8'),
  }
}

const branchOf = (number: number) => aProposal({ branch: `lectern/run_${number}`, files: [{ path: `courses/a/${number}.md`, text: `${LESSON}${number}\n` }] })

describe('the stand-in for GitHub', () => {
  it('is cloned and pushed to by any git, and tells of it', needsGit, async (test) => {
    const { repository, gitdir, heard, settle, control } = await aRepository(test)
    const { git, write } = await aClone(test, gitdir)
    await write('README.md', 'Other words.\n')
    await git('commit', '--quiet', '--all', '--message', 'Say it otherwise')
    await git('push', '--quiet', 'origin', 'main')
    await settle()
    assert.deepEqual(
      heard.map((news) => [news?.kind, news?.branch]),
      [['pushed', 'main']],
    )
    assert.equal(await repository.head(), await git('rev-parse', 'HEAD'))
    await git('push', '--quiet', 'origin', 'HEAD:refs/heads/lectern/by-hand')
    await git('push', '--quiet', 'origin', '--delete', 'lectern/by-hand')
    await settle()
    await run('git', ['-C', gitdir, 'gc', '--quiet'])
    await run('git', ['-C', gitdir, 'fsck', '--strict'])
    assert.equal(await repository.head(), await git('rev-parse', 'HEAD'))
    const pull = await repository.propose(branchOf(1))
    await run('git', ['-C', gitdir, 'pack-refs', '--all'])
    await control(`pulls/${pull.number}/merge`, {})
    await git('pull', '--quiet')
    assert.equal(await git('rev-parse', 'HEAD'), await repository.head())
  })

  it('hears of a push by itself, within a moment', needsGit, async (test) => {
    const { gitdir, heard } = await aRepository(test)
    const { git, write } = await aClone(test, gitdir)
    await write('README.md', 'Other words.\n')
    await git('commit', '--quiet', '--all', '--message', 'Say it otherwise')
    await git('push', '--quiet', 'origin', 'main')
    await test.waitFor(() => assert.equal(heard.length, 1), { timeout: 10_000, interval: 50 })
  })

  it('merges two branches three ways, with a merge commit that git itself takes for one', needsGit, async (test) => {
    const { repository, gitdir, control } = await aRepository(test)
    await control('files', { path: 'courses/a/shared.md', text: 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n' })
    const shared = (text: string) => ({ path: 'courses/a/shared.md', text })
    const pull = await repository.propose(aProposal({ files: [shared('ONE\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n')] }))
    await control('files', shared('one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nNINE\n'))
    const onto = await repository.head()
    const merged = await control<Pulled>(`pulls/${pull.number}/merge`, {})
    const { git, read } = await aClone(test, gitdir)
    assert.equal(await git('rev-parse', 'HEAD^1', 'HEAD^2'), `${onto}\n${pull.head}`)
    assert.equal(await git('rev-parse', 'HEAD'), merged.mergeCommit)
    assert.equal(await read('courses/a/shared.md'), 'ONE\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nNINE\n')
    assert.equal(await git('log', '-1', '--format=%s'), 'Merge pull request #1 from lectern/lectern/run_1')
    await git('fsck', '--strict')
  })

  it('takes back what was merged, and nothing that came after it', async (test) => {
    const { repository, control } = await aRepository(test)
    const [first, second] = [await repository.propose(branchOf(1)), await repository.propose(branchOf(2))]
    for (const { number } of [first, second]) await control(`pulls/${number}/merge`, {})
    const revert = await control<Pulled>(`pulls/${first.number}/revert`, {})
    assert.equal((await control<Pulled>(`pulls/${first.number}/revert`, {})).number, revert.number)
    await control(`pulls/${revert.number}/merge`, {})
    const files = await repository.files((await repository.head()) ?? '')
    assert.deepEqual(
      files.map(({ path }) => path),
      ['courses/a/2.md'],
    )
  })

  it('refuses to merge a conflict, what is merged already, and a head that moved', async (test) => {
    const { repository, control, api } = await aRepository(test)
    const pull = await repository.propose(branchOf(1))
    const path = `/repos/lectern/courses/pulls/${pull.number}/merge`
    assert.equal((await api(path, { method: 'PUT', body: { sha: '0'.repeat(40) } })).status, 409)
    await control('files', { path: 'courses/a/1.md', text: 'Something else.\n' })
    assert.equal((await api(`/repos/lectern/courses/pulls/${pull.number}`)).data['mergeable'], false)
    assert.equal((await api(path, { method: 'PUT' })).status, 405)
    await control('files', { path: 'courses/a/1.md' })
    assert.equal((await api(path, { method: 'PUT' })).status, 200)
    assert.equal((await api(path, { method: 'PUT' })).status, 405)
  })

  it('takes a branch that was pushed into the main one for merged', needsGit, async (test) => {
    const { repository, gitdir, control, settle } = await aRepository(test)
    const pull = await repository.propose(branchOf(1))
    const { git } = await aClone(test, gitdir)
    await git('merge', '--quiet', `origin/${pull.branch}`)
    await git('push', '--quiet', 'origin', 'main')
    await settle()
    assert.equal((await repository.pull(pull.number))?.state, 'merged')
    const revert = await control<Pulled>(`pulls/${pull.number}/revert`, {})
    await control(`pulls/${revert.number}/merge`, {})
    assert.deepEqual(await repository.files((await repository.head()) ?? ''), [])
  })

  it('answers as GitHub does what it does not do', async (test) => {
    const { repository, api } = await aRepository(test)
    const head = await repository.head()
    const at = '/repos/lectern/courses'
    const statusOf = async (method: string, path: string, body?: unknown): Promise<number> =>
      (await api(path, { method, ...(body !== undefined && { body }) })).status
    assert.equal((await api(at, { token: 'another' })).data['message'], 'Bad credentials')
    assert.equal((await api(at, { token: 'another' })).status, 401)
    assert.equal(await statusOf('GET', '/repos/lectern/other'), 404)
    assert.equal(await statusOf('DELETE', `${at}/git/refs/heads/main`), 404)
    assert.equal(await statusOf('GET', `${at}/git/ref/heads/none`), 404)
    assert.equal(await statusOf('GET', `${at}/git/blobs/${'0'.repeat(40)}`), 404)
    assert.equal(await statusOf('POST', `${at}/git/refs`, { ref: 'refs/heads/main', sha: head }), 422)
    assert.equal(await statusOf('POST', `${at}/git/refs`, { ref: 'refs/heads/a..b', sha: head }), 422)
    assert.equal(await statusOf('POST', `${at}/git/refs`, { ref: 'refs/heads/main/below', sha: head }), 422)
    assert.equal(await statusOf('POST', `${at}/git/trees`, { tree: [{ path: '../a', mode: '100644', content: 'x' }] }), 422)
    await api(`${at}/git/refs`, { method: 'POST', body: { ref: 'refs/heads/same', sha: head } })
    const same = await api(`${at}/pulls`, { method: 'POST', body: { title: 'Same', head: 'same', base: 'main' } })
    assert.deepEqual([same.status, JSON.stringify(same.data).includes('No commits between main and same')], [422, true])
    await repository.propose(branchOf(1))
    const again = await api(`${at}/pulls`, { method: 'POST', body: { title: 'Again', head: 'lectern/run_1', base: 'main' } })
    assert.deepEqual([again.status, JSON.stringify(again.data).includes('A pull request already exists for lectern:lectern/run_1.')], [422, true])
  })

  it('sends what was made together, and what was made apart, in another order by switch', () => {
    let made = 0
    const at = { now: 1000, tally: () => ++made }
    const faults = { ...NO_FAULTS, webhooks: 'reorder' as const }
    const [first = [], second = []] = dueTimes(faults, 2, at)
    assert.ok((first[0] ?? 0) > (second[0] ?? 0))
    const [[earlier = 0] = [], [later = 0] = []] = [...dueTimes(faults, 1, at), ...dueTimes(faults, 1, { ...at, now: 1500 })]
    assert.ok(earlier > later)
  })

  it('hands lists out in pages, with links to the next', async (test) => {
    const { repository, api } = await aRepository(test)
    for (const number of [1, 2, 3]) await repository.propose(branchOf(number))
    const first = await api('/repos/lectern/courses/pulls?per_page=2')
    assert.match(first.link ?? '', /<http:\/\/127\.0\.0\.1:\d+\/repos\/lectern\/courses\/pulls\?per_page=2&page=2>; rel="next", <[^>]*page=2>; rel="last"/)
    const second = await api('/repos/lectern/courses/pulls?per_page=2&page=2')
    // A list.
    const lengths = [first, second].map(({ data }) => (data as unknown as unknown[]).length)
    assert.deepEqual(lengths, [2, 1])
    assert.match(second.link ?? '', /rel="prev"/)
  })

  it('remembers everything over a restart, a push meanwhile included', needsGit, async (test) => {
    const { repository, gitdir, control, restart, settle, clientOf, heard } = await aRepository(test)
    const pull = await repository.propose(branchOf(1))
    const { git, write } = await aClone(test, gitdir)
    await write('README.md', 'Other words.\n')
    await git('commit', '--quiet', '--all', '--message', 'Say it otherwise')
    await control('faults', { webhooks: 'duplicate', times: 2 })
    await restart()
    await git('push', '--quiet', 'origin', 'main')
    await restart()
    await settle()
    const pushed = heard.filter((news) => news?.branch === 'main')
    assert.equal(pushed.length, 2)
    assert.deepEqual(await clientOf().pull(pull.number), pull)
  })
})
