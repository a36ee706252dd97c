import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type BusNews, parsedNews } from '#core/series/bus.ts'
import { type Brief, keepBrief, keepDraft } from '#core/series/papers.ts'
import { aBrief, aDraft, RUN } from '#core/series/publisher/draft.fixture.ts'
import { type ContentSettings, readContent } from '#homes/content-environment.ts'
import { programEnvironment } from '#homes/content-programs.ts'
import { systemClock } from '#homes/machine/clock.ts'
import { objects } from '#homes/machine/objects.ts'

const ENTRY = join(import.meta.dirname, 'main.ts')

/** Runs the program over a run's papers, as a machine does; answers how it ended and what it told the bus. */
const ran = async (
  test: TestContext,
  { brief, draft = aDraft(), settings = readContent({}) }: { brief: Brief; draft?: object; settings?: ContentSettings },
) => {
  const folder = await mkdtemp(join(tmpdir(), 'publisher-'))
  const [drafts, spool] = [join(folder, 'drafts'), join(folder, 'spool')]
  const store = await objects({ folder: drafts, url: 'http://drafts.invalid', clock: systemClock })
  test.after(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  await keepBrief({ drafts: store }, brief)
  await keepDraft({ drafts: store }, { ...aDraft(), ...draft })
  const env = { ...programEnvironment('publisher', settings), PATH: process.env['PATH'], RUN, DRAFTS_FOLDER: drafts, CONTENT_SPOOL: spool }
  const ended = await new Promise<{ code: number; said: string }>((resolve) => {
    const child = execFile(process.execPath, [ENTRY], { env, cwd: folder }, (_, out, err) => resolve({ code: child.exitCode ?? -1, said: out + err }))
  })
  const names = await readdir(spool).catch(() => [])
  const told: BusNews[] = await Promise.all(names.map(async (name) => parsedNews(JSON.parse(await readFile(join(spool, name), 'utf8')))))
  return { ...ended, told }
}

describe('the publisher, a program of its own', () => {
  it('tells that there is no repository, and ends well', async (test) => {
    const { code, said, told } = await ran(test, { brief: aBrief() })
    assert.equal(code, 0, said)
    assert.deepEqual(
      told.map(({ type, detail }) => [type, detail.run, 'reason' in detail && detail.reason.code]),
      [['draft.failed', RUN, 'no-repository']],
    )
  })

  it('tells that a draft is unsound, and calls nobody', async (test) => {
    // Nobody listens there, and the token would be said by whoever called.
    const settings = readContent({ GITHUB_REPOSITORY: 'school/courses', GITHUB_TOKEN: 'token-of-the-publisher', GITHUB_API_URL: 'http://127.0.0.1:9' })
    const { code, said, told } = await ran(test, { brief: aBrief(), draft: { text: '<script>alert(1)</script>' }, settings })
    assert.equal(code, 0, said)
    assert.ok(!said.includes('token-of-the-publisher'))
    assert.deepEqual(
      told.map(({ type }) => type),
      ['draft.refused'],
    )
  })

  it('has nothing to say of a trial', async (test) => {
    const { code, told } = await ran(test, { brief: aBrief({ isTrial: true }) })
    assert.deepEqual([code, told], [0, []])
  })
})
