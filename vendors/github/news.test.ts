import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secret } from '#ports/secret.ts'
import { readNews } from './news.ts'
import { aProposal, aRepository, signed } from './stand-in.fixture.ts'

const NEW = 'the new secret'
const OLD = 'the old secret'
const read = readNews('lectern/courses', [secret(NEW), secret(OLD), secret('')])
const PUSH = JSON.stringify({ ref: 'refs/heads/main', repository: { full_name: 'Lectern/Courses' } })

const hook = (text: string, more: Partial<{ signature: string; event: string; delivery: string }> = {}) => {
  const body = Buffer.from(text)
  return { ...{ body, signature: signed(text, NEW), event: 'push', delivery: 'd-1' }, ...more }
}

describe('news from GitHub', () => {
  it('tells of a push and of a pull request, and of all else that there was something', () => {
    assert.deepEqual(read(hook(PUSH)), { id: 'd-1', kind: 'pushed', branch: 'main' })
    const pull = JSON.stringify({ action: 'closed', number: 7, pull_request: { head: { ref: 'lectern/run_1' } } })
    assert.deepEqual(read(hook(pull, { event: 'pull_request', delivery: 'd-2', signature: signed(pull, NEW) })), {
      ...{ id: 'd-2', kind: 'pull-changed', pull: 7, branch: 'lectern/run_1' },
    })
    const others = [
      hook('{"zen":"Keep it simple."}', { event: 'ping' }),
      hook(PUSH, { event: 'workflow_run' }),
      hook('{"ref":"refs/tags/v1"}'),
      hook('[]'),
      hook('not json'),
      hook('{"ref":"refs/heads/main","repository":{"full_name":"lectern/other"}}'),
    ]
    for (const each of others) assert.equal(read({ ...each, signature: signed(each.body.toString(), NEW) })?.kind, 'other', each.body.toString())
  })

  it('is believed under either secret, as JSON or as a form, and under an id of its own where it has none', () => {
    assert.equal(read(hook(PUSH, { signature: signed(PUSH, OLD) }))?.kind, 'pushed')
    const form = `payload=${encodeURIComponent(PUSH)}`
    assert.equal(read(hook(form, { signature: signed(form, NEW) }))?.branch, 'main')
    const { id } = read({ ...hook(PUSH), delivery: undefined }) ?? {}
    assert.match(id ?? '', /^[0-9a-f]{64}$/)
    assert.equal(read(hook(PUSH, { delivery: 'no\nid' }))?.id, id)
  })

  it('is not believed when its signature does not hold', () => {
    const right = signed(PUSH, NEW)
    const wrong = [
      undefined,
      '',
      'sha256=',
      right.toUpperCase(),
      right.slice(0, -1),
      `${right}0`,
      right.replace('sha256', 'sha1'),
      signed(PUSH, ''),
      signed(PUSH, 'another'),
      signed(`${PUSH} `, NEW),
    ]
    for (const signature of wrong) assert.equal(read({ ...hook(PUSH), signature }), undefined, signature ?? 'none')
    assert.equal(readNews('lectern/courses', [])(hook(PUSH)), undefined)
    assert.equal(read({ ...hook(PUSH), body: Buffer.alloc(26 * 1024 * 1024) }), undefined)
  })

  it('comes signed from the stand-in: of pushes, of pull requests opened, changed, merged and closed', async (test) => {
    const { repository, heard, control, settle } = await aRepository(test)
    const pull = await repository.propose(aProposal())
    await control('files', { branch: pull.branch, path: 'courses/basics/01-loops.md', text: 'Changed.\n' })
    await control(`pulls/${pull.number}/merge`, {})
    await settle()
    const told = heard.map((news) => `${news?.kind} ${news?.branch ?? ''}`)
    const [own, main] = ['lectern/run_1', 'main']
    const expected = [`pushed ${own}`, `pull-changed ${own}`, `pushed ${own}`, `pull-changed ${own}`, `pushed ${main}`, `pull-changed ${own}`]
    assert.deepEqual(told.toSorted(), expected.toSorted())
    const { deliveries } = await control<{ deliveries: { event: string; action: string | null; state: string; body: string }[] }>('deliveries')
    assert.ok(deliveries.every(({ state }) => state === 'delivered'))
    const merged = deliveries.find(({ action }) => action === 'closed')
    // What it wrote itself.
    const payload = JSON.parse(merged?.body ?? '{}') as { pull_request?: { merged: boolean } }
    assert.equal(payload.pull_request?.merged, true)
  })

  it('is lost, doubled, late and forged by switch', async (test) => {
    const { heard, control, settle } = await aRepository(test)
    const push = async (path: string): Promise<void> => {
      await control('files', { path, text: path })
      await settle()
    }
    await control('faults', { webhooks: 'off' })
    await push('a.md')
    assert.equal(heard.length, 0)
    await control('faults', { webhooks: 'late', seconds: 3600 })
    await push('b.md')
    assert.equal(heard.length, 0)
    await control('faults', { webhooks: 'duplicate', times: 3 })
    await push('c.md')
    assert.deepEqual([heard.length, new Set(heard.map((news) => news?.id)).size], [3, 1])
    await control('faults', { webhooks: 'bad-signature' })
    await push('d.md')
    assert.equal(heard.at(-1), undefined)
  })
})
