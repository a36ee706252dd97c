import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { aProposal, aRepository, LESSON } from '#vendors/github/stand-in.fixture.ts'
import { startGithubSandbox } from './github.ts'

const EVIL = '<script>alert(1)</script><img src=x onerror=alert(2)>'
const FILE = 'courses/basics/01-loops.md'
const EDIT = `/edit/lectern/run_1?path=${FILE}&pull=1`
const wasIn = (text: string): string => /name="was" value="([0-9a-f]*)"/.exec(text)?.[1] ?? ''

describe('the review pages of the stand-in for GitHub', () => {
  it('show what is proposed: its words, its checks, its comments, and every line that changes', async (test) => {
    const { repository, page } = await aRepository(test)
    const pull = await repository.propose(aProposal())
    await repository.setStatus({ commit: pull.head, context: 'lectern/draft', state: 'success', says: 'All checks passed' })
    await repository.comment({ pull: 1 }, { mark: 'report', text: 'Nothing to be found.' })
    const list = await page('/pulls')
    assert.match(list.text, /Loops.*Checks passed.*1 comment/s)
    const { text } = await page('/pull/1')
    for (const words of ['A lesson about <em>loops</em>', 'lectern/draft', 'All checks passed', 'Nothing to be found.', 'Ready to merge'])
      assert.ok(text.includes(words), words)
    assert.ok(!text.includes('lectern:report'))
    const files = await page('/pull/1/files')
    assert.match(files.text, /courses\/basics\/01-loops\.md.*\+7.*Again and again\./s)
  })

  it('merge, and revert by a pull request of its own', async (test) => {
    const { repository, page } = await aRepository(test)
    await repository.propose(aProposal())
    assert.equal((await page('/pull/1/merge', {})).location, '/sandbox/github/lectern/courses/pull/1')
    assert.match((await page('/pull/1')).text, /Merged/)
    assert.equal((await repository.files((await repository.head()) ?? '')).length, 1)
    assert.equal((await page('/pull/1/revert', {})).location, '/sandbox/github/lectern/courses/pull/2')
    await page('/pull/2/merge', {})
    assert.deepEqual(await repository.files((await repository.head()) ?? ''), [])
  })

  it('comment, close, reopen, and edit a file on its branch', async (test) => {
    const { repository, page } = await aRepository(test)
    await repository.propose(aProposal())
    await page('/pull/1/comment', { body: 'Rather **shorter**.' })
    assert.match((await page('/pull/1')).text, /Rather <strong>shorter<\/strong>\./)
    await page('/pull/1/close', {})
    assert.equal((await repository.pull(1))?.state, 'closed')
    await page('/pull/1/reopen', {})
    assert.equal((await repository.pull(1))?.state, 'open')
    const form = await page(EDIT)
    assert.ok(form.text.includes('Again and again.'))
    const was = wasIn(form.text)
    const saved = await page(EDIT, { path: FILE, was, pull: '1', text: 'Shorter.\r\nYes.', do: 'save' })
    assert.equal(saved.location, '/sandbox/github/lectern/courses/pull/1/files')
    const read = async (): Promise<string | undefined> => repository.read((await repository.files((await repository.pull(1))?.head ?? ''))[0]?.blob ?? '')
    assert.equal(await read(), 'Shorter.\nYes.\n')
    const late = await page(EDIT, { path: FILE, was, pull: '1', text: 'Late.', do: 'save' })
    assert.deepEqual([late.status, late.text.includes('Somebody changed this file meanwhile')], [409, true])
    assert.equal(await read(), 'Shorter.\nYes.\n')
  })

  it('write files on the main branch too, and say what cannot be', async (test) => {
    const { repository, page } = await aRepository(test)
    await page('/edit/main?path=', { path: 'courses/a/one.md', was: '', pull: '', text: LESSON, message: '', do: 'save' })
    assert.equal((await repository.files((await repository.head()) ?? '')).length, 1)
    const odd = await page('/edit/main?path=', { path: '../one.md', was: '', pull: '', text: 'x', do: 'save' })
    assert.deepEqual([odd.status, odd.text.includes('That is no path of a file')], [409, true])
    const reopened = await page('/pull/9/merge', {})
    assert.equal(reopened.status, 404)
    for (const path of [
      '',
      '/tree/main/courses/a',
      '/blob/main/courses/a/one.md',
      '/blob/main/courses/a/one.md?plain',
      '/commits',
      '/wires',
      '/pulls?state=all',
    ])
      assert.equal((await page(path)).status, 200, path)
    for (const path of ['/tree/none', '/tree/main/none', '/blob/main/none', '/commit/abc', '/none', '/tree/%', '/pull/x'])
      assert.equal((await page(path)).status, 404, path)
  })

  it('do nothing that is written in them, and lead nobody away', async (test) => {
    const { repository, control, page } = await aRepository(test)
    const pull = await repository.propose(
      aProposal({ title: EVIL, body: `${EVIL}\n[x](javascript:alert(3)) ![y](http://elsewhere.test/y.png)`, files: [{ path: FILE, text: EVIL }] }),
    )
    await repository.comment({ pull: 1 }, { mark: 'report', text: EVIL })
    await repository.comment({ commit: pull.head }, { mark: 'report', text: EVIL })
    await repository.setStatus({ commit: pull.head, context: EVIL, state: 'failure', says: EVIL, url: 'javascript:alert(4)' })
    await control('faults', { webhooks: 'off' })
    const branch = 'lectern/run_1'
    for (const path of ['/pulls', '/pull/1', '/pull/1/files', `/blob/${branch}/${FILE}`, EDIT, `/commits/${branch}`, `/commit/${pull.head}`, '/wires']) {
      const { status, text, policy } = await page(path)
      assert.equal(status, 200, path)
      for (const bad of ['<script', '<img', 'href="javascript:', 'src="http']) assert.ok(!text.includes(bad), `${bad} on ${path}`)
      assert.match(
        policy,
        /^default-src 'none'; style-src 'self'; .*form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'$/,
      )
    }
  })

  it('lead back to where somebody came from, also where there is nothing', async (test) => {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-github-'))
    test.after(() => rm(folder, { recursive: true }))
    const home = { url: 'http://localhost:4600', words: 'Back to the school' }
    const standIn = await startGithubSandbox({
      ...{ folder, home, repository: 'lectern/courses', branch: 'main', publicUrl: home.url, webhookUrl: '', webhookSecret: 'words' },
    })
    test.after(() => standIn.close())
    for (const path of ['', '/lectern/courses', '/lectern/courses/nowhere'])
      assert.match(await (await fetch(`${standIn.url}${path}`)).text(), /<a href="http:\/\/localhost:4600">Back to the school<\/a>/)
  })

  it('press no button for a page of another site', async (test) => {
    const { repository, page } = await aRepository(test)
    await repository.propose(aProposal())
    for (const site of ['cross-site', 'same-site']) assert.equal((await page('/pull/1/merge', {}, { 'sec-fetch-site': site })).status, 403)
    assert.equal((await repository.pull(1))?.state, 'open')
    assert.equal((await page('/pull/1/merge', {}, { 'sec-fetch-site': 'same-origin' })).status, 303)
  })

  it('send a webhook again, and switch faults', async (test) => {
    const { page, control, heard, settle } = await aRepository(test)
    await page('/wires', { api: 'none', webhooks: 'off', count: '', seconds: '1', times: '2' })
    await control('files', { path: 'a.md', text: 'x' })
    await settle()
    assert.equal(heard.length, 0)
    await page('/wires', { api: '500', webhooks: 'none', count: '4', seconds: '1', times: '2' })
    assert.deepEqual(await control('faults'), { api: '500', webhooks: 'none', count: 4, after: 0, seconds: 1, times: 2 })
    await page('/wires/1/again', {})
    await settle()
    assert.deepEqual([heard.length, heard[0]?.kind], [1, 'pushed'])
  })
})
