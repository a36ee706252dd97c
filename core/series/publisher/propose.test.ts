import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readLesson } from '#core/content/format/lesson.ts'
import { named } from '#core/quizzes/naming.ts'
import type { RepositoryFailed } from '#ports/repository.ts'
import { aBrief, aDraft, aPublisher, PATH, RUN, someWords } from './draft.fixture.ts'
import { fingerprint } from './similarity.ts'

const another = (run: string, slug: string) => {
  const brief = aBrief({ run, lesson: { id: `les_${run.slice(4)}`, path: `courses/javascript/first-steps/${slug}.md` } })
  return { brief, draft: aDraft({ run, text: someWords(400, slug) }) }
}
const RUNS = ['run_0000000001', 'run_0000000002', 'run_0000000003', 'run_0000000004'] as const

describe('a draft that is sound', () => {
  it('is proposed as one file on a branch of its own, with the lesson that the draft describes', async () => {
    const { publish, repository } = aPublisher()
    const news = await publish({ brief: aBrief(), draft: aDraft() })
    const [pull] = repository.pulls.values()
    assert.deepEqual(news, {
      type: 'draft.proposed',
      detail: { run: RUN, attempt: 1, pull: { number: 1, url: 'https://github.test/school/courses/pull/1' }, findings: [] },
    })
    assert.equal(pull?.branch, `lectern/${RUN}`)
    assert.deepEqual([...(pull?.files.keys() ?? [])], [PATH])
    const reading = readLesson(pull?.files.get(PATH) ?? '')
    assert.ok('document' in reading)
    assert.deepEqual(
      { ...reading.document, text: reading.document.text.slice(0, 21) },
      {
        ...{ id: 'les_0000000001', title: 'Closures', kind: 'article', isPreview: false, about: aDraft().about, files: [] },
        questions: named(aDraft().questions.map((question) => ({ ...question, points: 1 }))),
        text: '## What it remembers\n',
      },
    )
  })

  it('says to whoever reviews it what it is, what it cost and what merging does', async () => {
    const { publish, repository } = aPublisher()
    await publish({ brief: aBrief(), draft: aDraft() })
    const body = repository.pulls.get(1)?.body ?? ''
    for (const said of [
      'A lesson a week',
      '> Closures',
      'Merging publishes this lesson',
      'Say what a closure is',
      'What a function remembers',
      '\\\n   ☑ The variables around it',
    ])
      assert.ok(body.includes(said), said)
    for (const said of ['https://book.example/closures', PATH, '2,000 tokens', '0.0042 US dollars', '(<https://school.example/teach/runs/run_0000000001>)'])
      assert.ok(body.includes(said), said)
  })

  it('has a report in a comment, and a status on its commit', async () => {
    const { publish, repository } = aPublisher({ reach: async () => 'unknown' })
    const news = await publish({ brief: aBrief(), draft: aDraft() })
    assert.ok(news?.type === 'draft.proposed')
    assert.deepEqual(
      news.detail.findings.map(({ check, severity }) => `${check} ${severity}`),
      ['links warning'],
    )
    const [said] = repository.said
    assert.deepEqual([said?.to, said?.mark], [{ pull: 1 }, 'lectern-report'])
    assert.match(said?.text ?? '', /\| ✓ \| It has no HTML \|/)
    assert.match(said?.text ?? '', /\| ⚠ \| Its links .* "`https:\/\/book\.example\/closures`" could not be looked at/, 'an address can be copied')
    const [status] = repository.statuses
    assert.deepEqual([status?.context, status?.state, status?.commit], ['lectern/draft', 'success', repository.pulls.get(1)?.head])
  })

  it('is proposed once, and changed in place, however often it is tried', async () => {
    const { publish, repository } = aPublisher()
    await publish({ brief: aBrief(), draft: aDraft() })
    await publish()
    const news = await publish({ brief: aBrief({ attempt: 2 }), draft: aDraft({ title: 'Closures, better', attempt: 2 }) })
    assert.ok(news?.type === 'draft.proposed' && news.detail.pull.number === 1 && news.detail.attempt === 2)
    assert.deepEqual(
      [...repository.pulls.values()].map(({ title }) => title),
      ['Closures, better'],
    )
    assert.equal(repository.said.length, 1)
  })

  it('is told as it is once people have closed it, and nothing more is said there', async () => {
    const { publish, repository } = aPublisher()
    await publish({ brief: aBrief(), draft: aDraft() })
    repository.close(1)
    assert.equal((await publish())?.type, 'draft.proposed')
    assert.equal(repository.statuses.length, 1)
  })

  it('is proposed by nobody while it is a trial', async () => {
    const { publish, repository } = aPublisher()
    assert.equal(await publish({ brief: aBrief({ isTrial: true }), draft: aDraft() }), undefined)
    assert.deepEqual(repository.made, [])
  })
})

describe('a draft that is unsound', () => {
  it('makes no pull request, and is told with what was found', async () => {
    const { publish, repository } = aPublisher()
    const news = await publish({ brief: aBrief(), draft: aDraft({ text: `<script>alert(1)</script>\n\n${someWords(400)}` }) })
    assert.ok(news?.type === 'draft.refused')
    assert.deepEqual(
      news.detail.findings.map(({ check }) => check),
      ['html'],
    )
    assert.deepEqual(repository.made, [])
  })

  it('is told when its paper is no draft at all', async () => {
    const { publish, publisher } = aPublisher()
    await publisher.drafts.put(`runs/${RUN}/draft.json`, '{"run":', { type: 'application/json' })
    const news = await publish({ brief: aBrief() })
    assert.ok(news?.type === 'draft.refused' && news.detail.findings[0]?.check === 'schema')
  })

  it('repeats an earlier lesson', async () => {
    const { publish } = aPublisher()
    const earlier = [{ title: 'Functions', summary: '', fingerprint: fingerprint(aDraft().text) }]
    const news = await publish({ brief: aBrief({ earlier }), draft: aDraft() })
    assert.ok(news?.type === 'draft.refused')
    assert.deepEqual(news.detail.findings, [{ check: 'similarity', severity: 'error', says: '100 % of it is in the lesson "Functions".' }])
  })
})

describe('on a day', () => {
  it('no more are proposed than may be; the next one waits for midnight of UTC', async () => {
    const { publish, repository, pass } = aPublisher()
    for (const run of RUNS.slice(0, 3)) assert.equal((await publish(another(run, `lesson-${run.at(-1)}`)))?.type, 'draft.proposed')
    const fourth = another(RUNS[3], 'lesson-4')
    assert.deepEqual(await publish(fourth), { type: 'draft.waiting', detail: { run: RUNS[3], attempt: 1, until: '2026-05-05T00:00:00.000Z' } })
    assert.equal(repository.pulls.size, 3)
    pass(15 * 3600)
    assert.equal((await publish(fourth))?.type, 'draft.proposed')
  })

  it('one that has been proposed may be changed, though as many have been as may be', async () => {
    const { publish } = aPublisher()
    for (const run of RUNS.slice(0, 3)) await publish(another(run, `lesson-${run.at(-1)}`))
    assert.equal((await publish(another(RUNS[1], 'lesson-2')))?.type, 'draft.proposed')
  })
})

describe('when it cannot be proposed', () => {
  const CASES: [RepositoryFailed['reason'], string, boolean][] = [
    ['unreachable', 'repository-unreachable', false],
    ['limited', 'repository-unreachable', false],
    ['not-allowed', 'repository-refused', true],
    ['refused', 'repository-refused', true],
  ]
  for (const [reason, code, isFinal] of CASES)
    for (const call of ['proposedSince', 'propose'] as const)
      it(`since ${call} is ${reason}, that is told, ${isFinal ? 'for good' : 'to be tried again'}`, async () => {
        const { publish, repository } = aPublisher()
        repository.faults[call] = reason
        const news = await publish({ brief: aBrief(), draft: aDraft() })
        assert.ok(news?.type === 'draft.failed')
        assert.deepEqual([news.detail.by, news.detail.reason.code, news.detail.isFinal], ['publisher', code, isFinal])
        delete repository.faults[call]
        assert.equal((await publish())?.type, 'draft.proposed')
        assert.equal(repository.pulls.size, 1)
      })

  it('a report that may not be left keeps no draft back, and one that finds nobody is tried again', async () => {
    const { publish, repository } = aPublisher()
    repository.faults.comment = 'not-allowed'
    assert.equal((await publish({ brief: aBrief(), draft: aDraft() }))?.type, 'draft.proposed')
    repository.faults.comment = 'unreachable'
    assert.equal((await publish())?.type, 'draft.failed')
    repository.faults.mayNotSetStatus = true
    delete repository.faults.comment
    assert.equal((await publish())?.type, 'draft.proposed')
    assert.equal(repository.pulls.size, 1)
  })

  it('since its papers have expired, that is told for good', async () => {
    const { publish } = aPublisher()
    for (const papers of [{}, { draft: aDraft() }]) {
      const news = await publish(papers)
      assert.ok(news?.type === 'draft.failed' && news.detail.reason.code === 'expired' && news.detail.isFinal)
    }
  })

  it('since there is no repository, that is told for good', async () => {
    const { publish } = aPublisher({ repository: undefined })
    const news = await publish({ brief: aBrief(), draft: aDraft() })
    assert.ok(news?.type === 'draft.failed' && news.detail.reason.code === 'no-repository' && news.detail.isFinal)
  })

  it('a fault of the program itself is not taken for one of the repository', async () => {
    const { publish } = aPublisher({
      reach: async () => {
        throw new TypeError('a mistake')
      },
    })
    await assert.rejects(publish({ brief: aBrief(), draft: aDraft() }), TypeError)
  })
})
