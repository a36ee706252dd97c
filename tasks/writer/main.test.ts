import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type BusNews, parsedNews } from '#core/series/bus.ts'
import { keepBrief, readDraft } from '#core/series/papers.ts'
import { aBrief, RUN } from '#core/series/writer/brief.fixture.ts'
import { programEnvironment } from '#homes/content-programs.ts'
import { systemClock } from '#homes/machine/clock.ts'
import { objects } from '#homes/machine/objects.ts'
import { secret } from '#ports/secret.ts'
import { startChatbotSandbox } from '#sandbox/chatbot.ts'
import { bundleProgram } from '../bundle.ts'

const KEY = 'sk-of-the-writer'

/** A folder of drafts with a brief in it, a spool, and the program's environment as a machine gives it. */
const aMachine = async (test: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'writer-'))
  const [drafts, spool] = [join(folder, 'drafts'), join(folder, 'spool')]
  const store = await objects({ folder: drafts, url: 'http://drafts.invalid', clock: systemClock })
  const standIn = await startChatbotSandbox({ folder: join(folder, 'chatbot'), publicUrl: 'http://localhost' })
  test.after(async () => {
    await standIn.close()
    await store.close()
    await rm(folder, { recursive: true })
  })
  await keepBrief({ drafts: store }, aBrief())
  const whom = {
    provider: 'openai-compatible' as const,
    url: standIn.apiUrl,
    key: secret(KEY),
    model: standIn.model,
    inputMicros: 150_000,
    outputMicros: 600_000,
  }
  const settings = { chatbot: whom, chatbotSeconds: 1, github: undefined, proposalsADay: 3, monthMicros: 25_000_000, linkHosts: [] }
  const env = { ...programEnvironment('writer', settings), PATH: process.env['PATH'], RUN, DRAFTS_FOLDER: drafts, CONTENT_SPOOL: spool }
  return {
    ...{ folder, store, standIn },
    run: (entry: string, more: NodeJS.ProcessEnv = {}): Promise<{ code: number; said: string }> =>
      new Promise((resolve) => {
        const child = execFile(process.execPath, [entry], { env: { ...env, ...more }, cwd: folder }, (_, out, err) =>
          resolve({ code: child.exitCode ?? -1, said: out + err }),
        )
      }),
    told: async (): Promise<BusNews[]> => {
      const names = await readdir(spool).catch(() => [])
      return Promise.all(names.toSorted().map(async (name) => parsedNews(JSON.parse(await readFile(join(spool, name), 'utf8')))))
    },
  }
}

const ENTRY = join(import.meta.dirname, 'main.ts')

describe('the writer, a program of its own', () => {
  it('writes the draft of its run, tells the bus, and ends well', async (test) => {
    const { store, run, told } = await aMachine(test)
    const { code, said } = await run(ENTRY)
    assert.equal(code, 0, said)
    assert.ok(!said.includes(KEY))
    const draft = await readDraft({ drafts: store }, RUN)
    assert.deepEqual(
      (await told()).map(({ type, detail }) => [type, detail.run, 'title' in detail && detail.title]),
      [['draft.written', RUN, draft?.title]],
    )
  })

  it('ends well when the chatbot does not, once that is told', async (test) => {
    const { standIn, run, told } = await aMachine(test)
    await fetch(`${standIn.url}/api/faults`, { method: 'POST', body: JSON.stringify({ fault: '401' }) })
    const { code, said } = await run(ENTRY)
    assert.equal(code, 0, said)
    assert.ok(!said.includes(KEY))
    assert.deepEqual(
      (await told()).map(({ type, detail }) => [type, 'reason' in detail && detail.reason.code]),
      [['draft.failed', 'chatbot-refused']],
    )
  })

  it('waits for an answer as long as it is told to', async (test) => {
    const { standIn, run, told } = await aMachine(test)
    await fetch(`${standIn.url}/api/faults`, { method: 'POST', body: JSON.stringify({ fault: 'slow', seconds: 60 }) })
    assert.equal((await run(ENTRY)).code, 0)
    assert.deepEqual(
      (await told()).map(({ detail }) => 'reason' in detail && detail.reason.code),
      ['chatbot-slow'],
    )
  })

  it('ends badly without a brief, and tells nobody', async (test) => {
    const { run, told } = await aMachine(test)
    assert.notEqual((await run(ENTRY, { RUN: 'run_01k0000000000000000000000b' })).code, 0)
    assert.deepEqual(await told(), [])
  })

  it('does the same as the one file that its image holds', async (test) => {
    const { folder, run, told } = await aMachine(test)
    await mkdir(join(folder, 'image'))
    const { file, bytes } = await bundleProgram('writer', join(folder, 'image'))
    assert.ok(bytes < 4 * 1024 ** 2, `${bytes} bytes`)
    const { code, said } = await run(file)
    assert.equal(code, 0, said)
    assert.deepEqual(
      (await told()).map(({ type }) => type),
      ['draft.written'],
    )
  })
})
