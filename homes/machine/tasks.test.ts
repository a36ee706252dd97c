import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { tasksLaws } from '#ports/tasks.laws.ts'
import type { TaskEnd } from '#ports/tasks.ts'
import { silentLog } from './log.ts'
import { aClock, scratchFolder } from './scratch.fixture.ts'
import { PROGRAM, programsIn, until } from './tasks.fixture.ts'
import { type MachineTasks, tasks } from './tasks.ts'

type Opening = { seconds?: number; programs?: { writer: string; publisher: string } }

/** Programs in a folder of their own, with whoever is told of their ends. */
const aWorkshop = async ({ seconds, programs = { writer: PROGRAM, publisher: PROGRAM } }: Opening = {}) => {
  const folder = await scratchFolder()
  const [marks, ran, clock] = [join(folder, 'tasks'), join(folder, 'ran'), aClock()]
  const ends: TaskEnd[] = []
  const opened: MachineTasks[] = []
  const open = async (): Promise<MachineTasks> => {
    const made = tasks({
      ...{ folder: marks, programs, clock, log: silentLog },
      environment: (name) => ({ RAN_FOLDER: ran, PROGRAM: name }),
      tell: async (end) => void ends.push(end),
      ...(seconds !== undefined && { seconds }),
    })
    opened.push(made)
    await made.begin()
    return made
  }
  const looked = programsIn(ran)
  const marksNow = async (): Promise<{ id: string; isEnded?: true }[]> => {
    const names = (await readdir(marks).catch(() => [])).filter((name) => name.endsWith('.json'))
    return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(marks, name), 'utf8'))))
  }
  return {
    ...{ ...looked, folder: ran, marks, clock, ends, open, marksNow },
    /** Every program has ended, and the school has written that down. */
    settle: () =>
      until(async () => {
        const found = await marksNow().catch((): { isEnded?: true }[] => [{}])
        return found.every(({ isEnded }) => isEnded)
      }, 'the end of every program is on record'),
    async close() {
      for (const each of opened) await each.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const within = async (t: TestContext, opening: Opening = {}) => {
  const workshop = await aWorkshop(opening)
  t.after(workshop.close)
  return workshop
}

tasksLaws('the machine home', async () => {
  const { open, ran, ends, settle, close } = await aWorkshop()
  let current = await open()
  return {
    ...{ tasks: current, ran, settle, close },
    ends: async () => ends,
    async reopen() {
      await current.close()
      current = await open()
      return current
    },
  }
})

test('a program finds what it is given in its environment, and nothing of the school’s own', async (t) => {
  process.env['LECTERN_SECRET_OF_THE_SCHOOL'] = 'whsec_1'
  t.after(() => delete process.env['LECTERN_SECRET_OF_THE_SCHOOL'])
  const { open, settle, environment } = await within(t)
  await (await open()).start({ name: 'writer', id: 'tells', run: 'run_tells' })
  await settle()
  const { RUN, PROGRAM: name, PATH, ...others } = await environment()
  assert.deepEqual([RUN, name, PATH === process.env['PATH']], ['run_tells', 'writer', true])
  assert.deepEqual(
    Object.keys(others).filter((each) => /LECTERN|HOME|NODE_OPTIONS/.test(each)),
    [],
  )
})

test('a program that does not end by itself is ended, and told of', async (t) => {
  const { open, settle, ends, gone } = await within(t, { seconds: 1 })
  await (await open()).start({ name: 'publisher', id: 'stuck', run: 'run_stuck' })
  await settle()
  await gone()
  assert.deepEqual(ends, [{ name: 'publisher', id: 'stuck', run: 'run_stuck', fault: 'It had not ended after 1 seconds.' }])
})

test('what a school had begun that is killed goes on to its end, whatever it has to say', async (t) => {
  const { marks, folder, begun, gone, ended, release, open, ends } = await within(t)
  const school = spawn(process.execPath, [join(import.meta.dirname, 'tasks-school.fixture.ts'), marks, folder, 'run_waits-speaks'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(school.stdout, 'data')
  await until(async () => (await begun()).length === 1, 'it has begun')
  school.kill('SIGKILL')
  await once(school, 'exit')
  await release('run_waits-speaks')
  await gone()
  assert.deepEqual(await ended(), ['run_waits-speaks'])
  await open()
  assert.deepEqual(
    ends.map(({ run }) => run),
    ['run_waits-speaks'],
    'how it ended nobody has seen: whoever hears of it asks what has become of the run',
  )
})

test('what an earlier school marked and never began is told of, also where it is asked for again at that very moment', async (t) => {
  const { open, marks, clock, ran, ends } = await within(t)
  const school = await open()
  const task = { name: 'writer', id: 'marked', run: 'run_marked' } as const
  await mkdir(marks, { recursive: true })
  await writeFile(join(marks, 'marked.json'), JSON.stringify({ ...task, life: 'an earlier one', at: clock.now().toISOString() }))
  await Promise.all([school.start(task), school.begin()])
  assert.deepEqual(ends, [{ ...task, fault: 'It ended while the school was not awake.' }])
  assert.deepEqual(await ran(), [])
})

test('what a school that was killed had begun ends by itself, and is told of by the school that opens next', async (t) => {
  const { open, marks, ran, begun, gone, ends, release } = await within(t)
  const first = await open()
  await first.start({ name: 'writer', id: 'waits', run: 'run_waits' })
  await until(async () => (await begun()).length === 1, 'it has begun')
  // As a school leaves it that dies at this moment: nothing is ended, and nobody is left who hears of an end.
  const next = await open()
  assert.deepEqual(ends, [], 'what is still at it is let be')
  await next.start({ name: 'writer', id: 'waits', run: 'run_waits' })
  assert.equal((await ran()).length, 1)
  const path = join(marks, 'gone.json')
  await writeFile(path, JSON.stringify({ name: 'writer', id: 'gone', run: 'run_gone', at: '2026-11-22T09:59:00.000Z', pid: 2 ** 22 + 1 }))
  await open()
  await open()
  assert.deepEqual(
    ends.map(({ id, fault }) => [id, fault]),
    [['gone', 'It ended while the school was not awake.']],
    'once, however often it is opened',
  )
  await release('run_waits')
  await gone()
})

test('a school that closes ends its programs, and tells of them when it opens again', async (t) => {
  const { open, begun, gone, ends } = await within(t)
  const first = await open()
  await first.start({ name: 'writer', id: 'stuck', run: 'run_stuck' })
  await until(async () => (await begun()).length === 1, 'it has begun')
  await first.close()
  await gone()
  assert.deepEqual(ends, [])
  await assert.rejects(first.start({ name: 'writer', id: 'late', run: 'run_late' }), { code: 'task-refused' })
  await open()
  assert.deepEqual(
    ends.map(({ id }) => id),
    ['stuck'],
  )
})

test('a mark that a crash left half says nothing, and hinders nobody', async (t) => {
  const { open, marks, ran, settle, ends } = await within(t)
  const first = await open()
  await first.start({ name: 'writer', id: 'one', run: 'run_one' })
  await settle()
  await writeFile(join(marks, 'half.json'), '{"name":"writ')
  const next = await open()
  await next.start({ name: 'writer', id: 'two', run: 'run_two' })
  await until(async () => (await ran()).length === 2, 'it has run')
  assert.deepEqual(ends, [])
})

test('marks are kept for a month, and not for ever', async (t) => {
  const { open, settle, marksNow, clock } = await within(t)
  await (await open()).start({ name: 'writer', id: 'old', run: 'run_old' })
  await settle()
  clock.pass(29 * 24 * 3600_000)
  await open()
  assert.equal((await marksNow()).length, 1)
  clock.pass(2 * 24 * 3600_000)
  await open()
  assert.deepEqual(await marksNow(), [])
})
