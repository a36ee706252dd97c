import assert from 'node:assert/strict'
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { LENGTHS, planned } from './lengths.mjs'
import { runPool } from './pool.mjs'
import { scratch } from './scratch.mjs'

const ROOT = join(import.meta.dirname, '..')
type Job = Parameters<typeof runPool>[0][number]

/** Jobs that end when they are told to, and which of them run. */
const bench = () => {
  const running = new Map<string, (isDone: boolean) => void>()
  const job = (name: string, kind: Job['kind'], after?: Promise<boolean>): Job => ({
    ...{ name, kind, ...(after && { after }) },
    work: () => new Promise((resolve) => running.set(name, resolve)),
  })
  const end = async (name: string, isDone = true): Promise<string> => {
    running.get(name)?.(isDone)
    running.delete(name)
    return now()
  }
  const now = async (): Promise<string> => {
    await new Promise((resolve) => setImmediate(resolve))
    return [...running.keys()].toSorted().join(' ')
  }
  return { job, end, now }
}

describe('what npm test runs side by side', () => {
  it('is two tests, in their order, and never a core that idles', async () => {
    const { job, end, now } = bench()
    const told: string[] = []
    const over = runPool(
      ['a', 'b', 'c', 'd'].map((name) => job(name, 'test')),
      (names) => told.push(names.join(' ')),
    )
    assert.equal(await now(), 'a b')
    assert.equal(await end('b'), 'a c')
    assert.equal(await end('c'), 'a d')
    await end('a')
    await end('d')
    assert.deepEqual(await over, [])
    assert.deepEqual([told.includes('a b'), told.includes('a c'), told.at(-1)], [true, true, ''], 'who watches is told what runs')
  })

  it('is a test beside two journeys, which wait half their time', async () => {
    const { job, end, now } = bench()
    const over = runPool([job('j1', 'journey'), job('j2', 'journey'), job('j3', 'journey'), job('t1', 'test'), job('t2', 'test')])
    assert.equal(await now(), 'j1 j2 t1')
    assert.equal(await end('j1'), 'j2 j3 t1')
    assert.equal(await end('j2'), 'j3 t1 t2')
    for (const name of ['j3', 't1', 't2']) await end(name)
    assert.deepEqual(await over, [])
  })

  it('is no test beside a journey that encodes long films with both cores', async () => {
    const { job, end, now } = bench()
    const over = runPool([job('heavy', 'heavy'), job('t', 'test'), job('light', 'journey')])
    assert.equal(await now(), 'heavy light')
    assert.equal(await end('heavy'), 'light t')
    await end('light')
    await end('t')
    await over
  })

  it('is one test, and no second browser, beside a journey that encodes films on one core', async () => {
    const { job, end, now } = bench()
    const over = runPool([job('encoding', 'encoding'), job('light', 'journey'), job('t1', 'test'), job('t2', 'test')])
    assert.equal(await now(), 'encoding t1')
    assert.equal(await end('encoding'), 'light t1 t2')
    for (const name of ['light', 't1', 't2']) await end(name)
    await over
  })

  it('is what is ready, while others wait for what they need', async () => {
    const { job, end, now } = bench()
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const over = runPool([job('journey', 'journey', promise), job('a', 'test')])
    assert.equal(await now(), 'a')
    resolve(true)
    assert.equal(await now(), 'a journey')
    await end('a')
    await end('journey')
    assert.deepEqual(await over, [])
  })

  it('leaves out what waits for something that went wrong, and says so', async () => {
    const { job, end, now } = bench()
    const over = runPool([job('journey', 'journey', Promise.resolve(false)), job('a', 'test')])
    assert.equal(await now(), 'a')
    await end('a')
    assert.deepEqual(await over, ['journey'])
  })

  it('begins with the longest files, and runs every file once', () => {
    const [longest = '', second = ''] = Object.keys(LENGTHS).toSorted((a, b) => (LENGTHS[b] ?? 0) - (LENGTHS[a] ?? 0))
    const short = Array.from({ length: 14 }, (_, index) => `core/short-${index}.test.ts`)
    const runs = planned([...short, second, longest], () => false)
    assert.deepEqual(runs.slice(0, 2), [[longest], [second]])
    assert.deepEqual(runs.flat().toSorted(), [...short, second, longest].toSorted())
  })

  it('knows the lengths of files that are there', async () => {
    for (const file of Object.keys(LENGTHS)) await access(join(ROOT, file))
  })
})

describe('the folder that tests write to', () => {
  const aFolder = async (t: TestContext): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-scratch-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    return folder
  }

  it('is gone with its run, and what a killed run has left goes with the next', async (t) => {
    const memory = await aFolder(t)
    // No process has so high a number.
    const [left, ours, foreign] = [`lectern-tests-${2 ** 30}-abc`, `lectern-tests-${process.pid}-abc`, 'foreign'].map((name) => join(memory, name))
    for (const folder of [left, ours, foreign]) await mkdir(folder ?? '')
    const { folder, remove } = await scratch(memory)
    await assert.rejects(access(left ?? ''))
    await access(ours ?? '')
    await access(foreign ?? '')
    await access(folder)
    remove()
    await assert.rejects(access(folder))
  })

  it('lies on the disk where the machine has no memory to give', async () => {
    const { folder, remove } = await scratch(join(tmpdir(), 'no-such-folder'))
    assert.equal(dirname(folder), tmpdir())
    remove()
  })
})
