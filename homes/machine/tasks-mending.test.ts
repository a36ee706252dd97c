import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Task, TaskEnd } from '#ports/tasks.ts'
import { systemClock } from './clock.ts'
import { silentLog } from './log.ts'
import { tasks } from './tasks.ts'

/** A program that writes down what it finds around it, and ends as its environment says. */
const PROGRAM = `
import { appendFileSync } from 'node:fs'
appendFileSync(process.env.BOOK, JSON.stringify(process.env) + '\\n')
process.exitCode = Number(process.env.ENDS)
`

const aFolder = async (t: TestContext, ends: 0 | 1) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-tasks-'))
  t.after(() => rm(folder, { recursive: true }))
  const [program, book] = [join(folder, 'program.mjs'), join(folder, 'book')]
  await writeFile(program, PROGRAM)
  await writeFile(book, '')
  const told: TaskEnd[] = []
  let heard = (): void => undefined
  const open = () =>
    tasks({
      folder: join(folder, 'marks'),
      programs: { writer: program, publisher: program },
      environment: (name) => ({ BOOK: book, ENDS: String(ends), NAME: name }),
      tell: async (end) => {
        told.push(end)
        heard()
      },
      ...{ clock: systemClock, log: silentLog },
    })
  return {
    ...{ open, told },
    ended: new Promise<void>((resolve) => {
      heard = resolve
    }),
    begun: async (): Promise<Record<string, string>[]> =>
      (await readFile(book, 'utf8')).split('\n').flatMap((line): Record<string, string>[] => (line === '' ? [] : [JSON.parse(line)])),
  }
}

const TASK: Task = { name: 'writer', id: 'run_1.1.writer', run: 'run_1' }

test('a start that is asked for by several at once, and again by the school’s next life, begins one program', async (t) => {
  const { open, told, ended, begun } = await aFolder(t, 1)
  const school = open()
  await Promise.all(Array.from({ length: 5 }, () => school.start(TASK)))
  await ended
  await school.close()
  const next = open()
  await next.begin()
  await next.start(TASK)
  await next.close()
  assert.equal((await begun()).length, 1)
  assert.deepEqual(told, [{ ...TASK, fault: 'It ended with code 1.' }])
})

test('a school that opens while its first program begins does not take it for one that an earlier life has left', async (t) => {
  const { open, told } = await aFolder(t, 0)
  const school = open()
  const starts = Array.from({ length: 8 }, (_, index) => school.start({ ...TASK, id: `run_${index}.1.writer` }))
  for (let looks = 0; looks < 20; looks += 1) await school.begin()
  await Promise.all(starts)
  await school.close()
  assert.deepEqual(told, [])
})

test('what an earlier life of the school began, and nobody saw the end of, is told once, also where it is asked for again meanwhile', async (t) => {
  const { open, told } = await aFolder(t, 0)
  const before = open()
  await before.start(TASK)
  // Ends its programs, and tells of none.
  await before.close()
  const next = open()
  await next.start(TASK)
  await next.begin()
  await next.begin()
  await next.close()
  assert.deepEqual(told, [{ ...TASK, fault: 'It ended while the school was not awake.' }])
})

test('a program finds the keys it is given and nothing else of the school’s environment', async (t) => {
  const { open, ended, begun } = await aFolder(t, 1)
  process.env['STRIPE_SECRET_KEY'] = 'sk_of_the_school'
  t.after(() => {
    delete process.env['STRIPE_SECRET_KEY']
  })
  const school = open()
  await school.start(TASK)
  await ended
  await school.close()
  const [found = {}] = await begun()
  assert.deepEqual([found['RUN'], found['NAME'], found['STRIPE_SECRET_KEY']], ['run_1', 'writer', undefined])
})

test('a name that could lead out of the folder of marks begins nothing', async (t) => {
  const { open, begun } = await aFolder(t, 0)
  const school = open()
  for (const id of ['../run', 'a/b', '', '.hidden', 'a'.repeat(65)]) await assert.rejects(school.start({ ...TASK, id }), { code: 'task-refused' })
  await school.close()
  assert.deepEqual(await begun(), [])
})
