import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fillsCore, fillsMachine } from './journeys.mjs'
import { missingFromLock } from './lock.mjs'
import { TOGETHER } from './reporter.mjs'

const ROOT = join(import.meta.dirname, '..')
const IMPORT = "import { describe, test } from 'node:test'\n"

type Lasted = { file: string; seconds: number }

/** What the reporter counts and prints for test files with these texts. */
const reported = async (
  t: TestContext,
  texts: string[],
  { silenceSeconds = 60, isTogether = false, maySkip = true }: { silenceSeconds?: number; isTogether?: boolean; maySkip?: boolean } = {},
): Promise<{
  counts: { passed: number; failed: number; skipped: unknown[]; failures: { name: string; place: string; reason: string }[] }
  lasted: Lasted[]
  out: string
}> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-suite-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await Promise.all(texts.map((text, index) => writeFile(join(folder, `${index}.test.mjs`), text)))
  const named = texts.map((_, index) => `${index}.test.mjs`)
  const each = named.map((name) => `describe('${name}', async () => { await import('./${name}') })`)
  if (isTogether) await writeFile(join(folder, TOGETHER), [IMPORT, ...each].join('\n'))
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NO_COLOR: '1',
    LECTERN_TEST_COUNTS: join(folder, 'counts.json'),
    LECTERN_TEST_SILENCE: String(silenceSeconds),
    ...(!maySkip && { LECTERN_TEST_ALL: '1' }),
  }
  // Set for the children of a test runner; a runner that finds it takes itself for one of them.
  delete env['NODE_TEST_CONTEXT']
  if (maySkip) delete env['LECTERN_TEST_ALL']
  const how = ['--test-concurrency=2', `--test-reporter=${join(ROOT, 'scripts', 'reporter.mjs')}`, '--test-reporter-destination=stdout']
  const runner = spawn(process.execPath, ['--test', ...how, ...(isTogether ? [TOGETHER] : named)], { cwd: folder, env })
  let out = ''
  runner.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  await once(runner, 'close')
  const { files: lasted, ...counts } = JSON.parse(await readFile(join(folder, 'counts.json'), 'utf8'))
  return { counts, lasted, out }
}

describe('the counts of npm test', () => {
  it('are of tests, not of the suites and tests around them', async (t) => {
    const { counts } = await reported(t, [
      `${IMPORT}test('a', () => {})\ntest('b', async (t) => { await t.test('c', () => {}); await t.test('d', () => {}) })\ndescribe('e', () => { test('f', () => {}) })`,
    ])
    assert.deepEqual(counts, { passed: 4, failed: 0, skipped: [], failures: [] })
  })

  it('show a failure with the names above it, its place and its reason', async (t) => {
    const { counts, out } = await reported(t, [
      `${IMPORT}describe('a school', () => { test('opens', () => { throw new Error('locked', { cause: new Error('no key') }) }) })`,
    ])
    assert.deepEqual(counts, { passed: 0, failed: 1, skipped: [], failures: [{ name: 'a school › opens', place: '0.test.mjs:2', reason: 'Error: locked' }] })
    assert.match(out, /✗ a school › opens\n +0\.test\.mjs:2\n +Error: locked/)
    assert.match(out, /because Error: no key/)
  })

  it('fail a file that does not load, and one without a test', async (t) => {
    const { counts, out } = await reported(t, ["import './gone.mjs'", 'export const nothing = 1'])
    assert.deepEqual([counts.passed, counts.failed], [0, 2])
    assert.match(out, /Cannot find module .*gone\.mjs/)
    assert.match(out, /No test was declared in this file/)
  })

  it('fail a suite whose preparation fails', async (t) => {
    const { counts } = await reported(t, [
      "import { before, describe, test } from 'node:test'\ndescribe('a', () => { before(() => { throw new Error('x') }); test('b', () => {}) })",
    ])
    assert.ok(counts.failed > 0 && counts.passed === 0)
  })

  it('tell below a file what its tests have measured, and nothing of Node’s own', async (t) => {
    const { out } = await reported(t, [`${IMPORT}test('a', (t) => { t.diagnostic('24 laws in each home') })`])
    assert.match(out, /✓ 0\.test\.mjs 1 passed, .*\n {4}24 laws in each home\n/)
    assert.doesNotMatch(out, /duration_ms|cancelled/)
  })

  it('name what is skipped, and why', async (t) => {
    const { counts } = await reported(t, [
      `${IMPORT}test('a', { skip: 'no camera' }, () => {})\ntest.todo('b')\ndescribe('c', { skip: 'no film' }, () => { test('d', () => {}) })`,
    ])
    const skipped = [
      { name: 'a', reason: 'no camera' },
      { name: 'b', reason: 'to be written' },
      { name: 'c', reason: 'no film' },
    ]
    assert.deepEqual(counts, { passed: 0, failed: 0, skipped, failures: [] })
  })

  it('count as failed, with its reason, what is skipped where everything is to be tried', async (t) => {
    const text = `${IMPORT}test('a', { skip: 'no camera' }, () => {})\ntest('b', () => {})\ndescribe('c', { skip: 'no disk' }, () => { test('d', () => {}) })`
    const { counts } = await reported(t, [text], { maySkip: false })
    const failures = [
      { name: 'a', place: '0.test.mjs:2', reason: 'It was skipped: no camera' },
      { name: 'c', place: '0.test.mjs:4', reason: 'It was skipped: no disk' },
    ]
    assert.deepEqual(counts, { passed: 1, failed: 2, skipped: [], failures })
  })

  it('come with how long each file took', async (t) => {
    const { lasted } = await reported(t, [`${IMPORT}test('a', () => {})`, `${IMPORT}test('b', () => { throw new Error('x') })`])
    assert.deepEqual(
      lasted.map(({ file }) => file),
      ['0.test.mjs', '1.test.mjs'],
    )
    assert.ok(lasted.every(({ seconds }) => seconds > 0 && seconds < 30))
  })

  it('tell of files that shared a process each by itself: how many held, what failed and where, and which declared none or did not load', async (t) => {
    const failing = `${IMPORT}describe('a school', () => { test('opens', () => { throw new Error('locked') }); test('shuts', () => {}) })`
    const texts = [`${IMPORT}test('a', (t) => { t.diagnostic('two laws') })`, failing, 'export const nothing = 1', "import './gone.mjs'"]
    const { counts, lasted, out } = await reported(t, texts, { isTogether: true })
    assert.deepEqual(counts.failures.slice(0, 1), [{ name: 'a school › opens', place: '1.test.mjs:2', reason: 'Error: locked' }])
    assert.deepEqual([counts.passed, counts.failed, lasted.map(({ file }) => file)], [2, 3, ['0.test.mjs', '1.test.mjs', '2.test.mjs', '3.test.mjs']])
    assert.match(out, /✓ 0\.test\.mjs 1 passed, .*\n {4}two laws\n/)
    assert.match(out, /✗ 1\.test\.mjs 1 passed, 1 failed/)
    assert.match(out, /No test was declared in this file/)
    assert.match(out, /Cannot find module .*gone\.mjs/)
  })

  it('fail a file that does not end, and do not wait for it', async (t) => {
    const { counts, out } = await reported(t, [`${IMPORT}test('a', () => { setInterval(() => {}, 1000) })`], { silenceSeconds: 2 })
    assert.equal(counts.failed, 1)
    assert.match(out, /It did not end/)
  })
})

describe('the journeys that leave a core to others', () => {
  const written = async (t: TestContext, texts: Record<string, string>): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-suite-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    await Promise.all(Object.entries(texts).map(([name, text]) => writeFile(join(folder, name), text)))
    return join(folder, 'a.test.ts')
  }
  const EMPTY = "const school = await program({ args: ['--empty'], env: {} })"

  it('are those that reach no maker of films, and open no demo', async (t) => {
    const courses = "import type { Someone } from './people.ts'"
    assert.equal(
      await fillsMachine(await written(t, { 'a.test.ts': `import { one } from './courses.ts'\n${EMPTY}`, 'courses.ts': courses, 'people.ts': '' })),
      false,
    )
  })

  it('are those as well whose films are all small, by what is written where they are made', async (t) => {
    const made = (...films: string[]): Promise<string> =>
      written(t, {
        'a.test.ts': ["import { aFilm } from './films.ts'", EMPTY, ...films.map((of) => `await aFilm(path, ${of})`)].join('\n'),
        'films.ts': "import { make } from '#homes/machine/ffmpeg/lecture.ts'",
      })
    assert.equal(await fillsMachine(await made('{ seconds: 80, width: 640, height: 360 }', '{ seconds: 12, width: 160, height: 90 }')), false)
    assert.equal(await fillsMachine(await made('{ seconds: 12, width: 160, height: 90 }', '{ seconds: 60, width: 1280, height: 720 }')), true)
    assert.equal(await fillsMachine(await made('someSize')), true)
  })

  it('are those as well whose school encodes one film at a time', async (t) => {
    const film = "import { aFilm } from './films.ts'\nawait aFilm(path, { seconds: 60, width: 1280, height: 720 })"
    const way = { 'films.ts': "import { make } from '#homes/machine/ffmpeg/lecture.ts'" }
    const school = (encoders: number) => `const school = await program({ args: ['--empty'], env: { LECTERN_ENCODERS: '${encoders}' } })`
    assert.equal(await fillsMachine(await written(t, { 'a.test.ts': `${school(1)}\n${film}`, ...way })), false)
    assert.equal(await fillsMachine(await written(t, { 'a.test.ts': `${school(2)}\n${film}`, ...way })), true)
    assert.equal(await fillsMachine(await written(t, { 'a.test.ts': "const demo = await program({ env: { LECTERN_ENCODERS: '1' } })" })), false)
    assert.equal(await fillsCore(await written(t, { 'a.test.ts': `${school(1)}\n${film}`, ...way })), true)
    assert.equal(await fillsCore(await written(t, { 'a.test.ts': `${school(2)}\n${film}`, ...way })), false)
  })

  it('are none that make a long film, by whatever way, and none that open the demo', async (t) => {
    const maker = "import { makeLecture } from '#homes/machine/ffmpeg/lecture.ts'"
    const way = { 'between.ts': "export { aFilm } from './films.ts'", 'films.ts': maker }
    assert.equal(await fillsMachine(await written(t, { 'a.test.ts': `import { aFilm } from './between.ts'\n${EMPTY}`, ...way })), true)
    assert.equal(await fillsMachine(await written(t, { 'a.test.ts': `${maker}\n${EMPTY}` })), true)
    assert.equal(await fillsMachine(await written(t, { 'a.test.ts': `${EMPTY}\nconst other = await program()` })), true)
    assert.equal(await fillsMachine(await written(t, { 'a.test.ts': 'const school = await program({ env: {} })' })), true)
  })

  it('tell what has become of journeys that ran side by side one file after the other', async (t) => {
    const journey = (name: string) => `${IMPORT}test('${name} begins', () => {})\ntest('${name} ends', () => {})`
    const { counts, out } = await reported(t, [journey('one'), journey('other')])
    assert.equal(counts.passed, 4)
    assert.match(out, /✓ 0\.test\.mjs 2 passed.*\n\s+✓ 1\.test\.mjs 2 passed/)
  })
})

describe('the check of the lock', () => {
  it('finds a build for another machine that the lock names but does not hold', () => {
    const packages = {
      '': {},
      'node_modules/biome': { optionalDependencies: { 'cli-linux': '1.0.0', 'cli-mac': '1.0.0' } },
      'node_modules/cli-linux': {},
      'node_modules/a/node_modules/b': { optionalDependencies: { 'cli-linux': '1.0.0', c: '1.0.0' } },
      'node_modules/a/node_modules/c': {},
    }
    assert.deepEqual(missingFromLock(packages), ['node_modules/biome → cli-mac'])
  })
})
