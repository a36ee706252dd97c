import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RepositoryFailed } from '#ports/repository.ts'
import { aProposal, aRepository, LESSON } from './stand-in.fixture.ts'

type Calls = { calls: { method: string; path: string }[] }
type Commit = { message: string; parents: { sha: string }[] }
const failed = (reason: string) => (error: unknown) => error instanceof RepositoryFailed && error.reason === reason

describe('what is proposed to a repository on GitHub', () => {
  it('is one branch, one commit and one pull request, however often it is asked for', async (test) => {
    const { repository, control, api } = await aRepository(test)
    const base = await repository.head()
    const pull = await repository.propose(aProposal())
    assert.deepEqual([pull.number, pull.branch, pull.state, pull.url], [1, 'lectern/run_1', 'open', 'http://school.test/sandbox/github/lectern/courses/pull/1'])
    const again = await Promise.all([repository.propose(aProposal()), repository.propose(aProposal()), repository.propose(aProposal())])
    for (const each of again) assert.deepEqual(each, pull)
    // A commit.
    const { parents, message } = (await api(`/repos/lectern/courses/git/commits/${pull.head}`)).data as unknown as Commit
    assert.deepEqual(
      parents.map(({ sha }) => sha),
      [base],
    )
    assert.match(message, /^Loops\n\nLectern-File: courses\/basics\/01-loops\.md\n/)
    assert.equal((await control<{ pulls: unknown[] }>('pulls')).pulls.length, 1)
    assert.equal(await repository.head(), base)
    assert.deepEqual(
      (await repository.files(pull.head)).map(({ path }) => path),
      ['courses/basics/01-loops.md'],
    )
  })

  it('is one of each also where an answer is lost, whichever it is', async (test) => {
    const { repository, clientOf, control } = await aRepository(test)
    // One try: the call that lost its answer fails, as it does for a program that is killed there.
    const brittle = clientOf({ limits: { tries: 1 } })
    const outcomes: string[] = []
    for (let lost = 1; !outcomes.includes('done'); lost += 1) {
      const branch = `lectern/run_${lost}`
      const proposal = aProposal({ branch, files: [{ path: `courses/basics/${lost}.md`, text: LESSON }] })
      await control('faults', { api: 'lost', after: lost - 1, count: 1 })
      outcomes.push(
        await brittle.propose(proposal).then(
          () => 'done',
          () => 'lost',
        ),
      )
      await control('faults', { api: 'none' })
      const pull = await repository.propose(proposal)
      const { pulls } = await control<{ pulls: { branch: string }[] }>('pulls')
      assert.equal(pulls.filter((each) => each.branch === branch).length, 1)
      assert.equal((await repository.files(pull.head)).length, 1)
      assert.ok(lost < 30)
    }
    assert.ok(outcomes.length > 7, `${outcomes.length}`)
  })

  it('is made all the same where one answer is lost, and asked for once more', async (test) => {
    const { repository, api, control } = await aRepository(test)
    const base = await repository.head()
    for (let lost = 0; lost < 12; lost += 1) {
      await control('faults', { api: 'lost', after: lost, count: 1 })
      const pull = await repository.propose(aProposal({ branch: `lectern/run_${lost}`, files: [{ path: `courses/basics/${lost}.md`, text: LESSON }] }))
      await control('faults', { api: 'none' })
      assert.equal(pull.number, lost + 1)
      // A commit.
      const { parents } = (await api(`/repos/lectern/courses/git/commits/${pull.head}`)).data as unknown as Commit
      assert.deepEqual(
        parents.map(({ sha }) => sha),
        [base],
      )
    }
  })

  it('is changed in place: another commit on the branch, other words, and files it no longer has are gone', async (test) => {
    const { repository, api, control } = await aRepository(test)
    await control('files', { path: 'courses/basics/kept.md', text: 'As it was.\n' })
    const first = await repository.propose(
      aProposal({
        files: [
          { path: 'courses/basics/01-loops.md', text: LESSON },
          { path: 'courses/basics/kept.md', text: 'As it is proposed.\n' },
        ],
      }),
    )
    const second = await repository.propose(
      aProposal({ title: 'Loops, again', body: 'Other words.', files: [{ path: 'courses/basics/02-loops.md', text: LESSON }] }),
    )
    assert.equal(second.number, first.number)
    const { data } = await api(`/repos/lectern/courses/pulls/${first.number}`)
    assert.deepEqual([data['title'], data['body'], second.head === first.head], ['Loops, again', 'Other words.', false])
    const files = await repository.files(second.head)
    assert.deepEqual(
      files.map(({ path }) => path),
      ['courses/basics/02-loops.md', 'courses/basics/kept.md'],
    )
    assert.equal(await repository.read(files[1]?.blob ?? ''), 'As it was.\n')
    // A commit.
    const { parents } = (await api(`/repos/lectern/courses/git/commits/${second.head}`)).data as unknown as Commit
    assert.deepEqual(
      parents.map(({ sha }) => sha),
      [first.head],
    )
  })

  it('keeps what a reviewer wrote on its branch, until there is another draft', async (test) => {
    const { repository, control } = await aRepository(test)
    await repository.propose(aProposal())
    const edit = { branch: 'lectern/run_1', path: 'courses/basics/01-loops.md', text: `${LESSON}Better.\n` }
    const { commit } = await control<{ commit: string }>('files', edit)
    assert.equal((await repository.propose(aProposal())).head, commit)
    const pull = await repository.propose(aProposal({ files: [{ path: edit.path, text: `${LESSON}Anew.\n` }] }))
    assert.equal(await repository.read((await repository.files(pull.head))[0]?.blob ?? ''), `${LESSON}Anew.\n`)
  })

  it('is not opened anew once it was merged or closed', async (test) => {
    const { repository, control } = await aRepository(test)
    const merged = await repository.propose(aProposal())
    await control(`pulls/${merged.number}/merge`, {})
    const another = [{ path: 'courses/basics/another.md', text: LESSON }]
    const late = await repository.propose(aProposal({ title: 'Other words', files: another }))
    assert.deepEqual([late.state, late.head], ['merged', merged.head])
    const closed = await repository.propose(aProposal({ branch: 'lectern/run_2', files: [{ path: 'courses/basics/02.md', text: LESSON }] }))
    await control(`pulls/${closed.number}/close`, {})
    assert.equal((await repository.propose(aProposal({ branch: 'lectern/run_2', files: another }))).state, 'closed')
    const { commit } = await control<{ commit: string }>('head/lectern%2Frun_2')
    assert.deepEqual([(await repository.pull(closed.number))?.state, commit], ['closed', closed.head])
    assert.equal(await repository.pull(99), undefined)
    assert.equal((await control<{ pulls: unknown[] }>('pulls')).pulls.length, 2)
  })

  it('never brings what stands there already, and needs something to stand on', async (test) => {
    const { repository, control } = await aRepository(test)
    await control('files', { path: 'courses/basics/01-loops.md', text: LESSON })
    await assert.rejects(repository.propose(aProposal()), failed('refused'))
  })

  it('is counted by day, and only what came from our own branches', async (test) => {
    const { repository, api } = await aRepository(test)
    const since = new Date(Date.now() - 60_000).toISOString()
    for (const run of ['a', 'b'])
      await repository.propose(aProposal({ branch: `lectern/run_${run}`, files: [{ path: `courses/basics/${run}.md`, text: LESSON }] }))
    const head = (await repository.proposedSince('lectern/', since))[0]?.head
    await api('/repos/lectern/courses/git/refs', { method: 'POST', body: { ref: 'refs/heads/other', sha: head } })
    await api('/repos/lectern/courses/pulls', { method: 'POST', body: { title: 'Other', head: 'other', base: 'main' } })
    const branches = (await repository.proposedSince('lectern/', since)).map(({ branch }) => branch)
    assert.deepEqual(branches, ['lectern/run_b', 'lectern/run_a'])
    assert.deepEqual(await repository.proposedSince('lectern/', new Date(Date.now() + 60_000).toISOString()), [])
  })

  it('lies below the folder, by a plain name, or nothing at all is called', async (test) => {
    const { repository, control } = await aRepository(test)
    const paths = [
      ...['README.md', '/courses/a.md', 'courses', 'courses/', 'courses//a.md', 'coursesx/a.md', 'Courses/a.md', '.github/workflows/a.yml'],
      ...['courses/../.github/workflows/a.yml', 'courses/./a.md', 'courses/.github/a.yml', 'courses/.git/config', 'courses/a/.hidden', 'courses/..'],
      ...[
        'courses\\a.md',
        'courses/a\\..\\b.md',
        'courses/a\u0000.md',
        'courses/a\n.md',
        'courses/\u200c.git/config',
        'courses/.g\u200cit/x',
        'courses/git~1/config',
      ],
      ...['courses/a.md.', 'courses/a.md ', 'courses/ a.md', 'courses/C:a.md', `courses/${'a'.repeat(400)}.md`, ''],
    ]
    for (const path of paths) await assert.rejects(repository.propose(aProposal({ files: [{ path, text: 'x' }] })), failed('refused'), JSON.stringify(path))
    const two = (a: string, b: string) => aProposal({ files: [a, b].map((path) => ({ path, text: 'x' })) })
    const others = [
      ...[two('courses/a.md', 'courses/A.md'), two('courses/a', 'courses/a/b.md'), aProposal({ files: [] })],
      ...['main', 'Main', '', '../x', 'a..b', 'a b', 'x.lock', '/x', 'x/', '-x', 'refs/heads/.x'].map((branch) => aProposal({ branch })),
      ...[aProposal({ title: ' ' }), aProposal({ title: 'One\ntwo' }), aProposal({ title: 'x'.repeat(300) }), aProposal({ body: 'x'.repeat(70_000) })],
    ]
    for (const proposal of others) await assert.rejects(repository.propose(proposal), failed('refused'), JSON.stringify(proposal).slice(0, 200))
    assert.deepEqual((await control<Calls>('calls')).calls, [])
  })
})
