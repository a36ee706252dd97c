import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Task, type TaskEnd, TaskRefused, type Tasks } from './tasks.ts'

/** What a program wrote of itself once it was begun. */
export type Ran = { name: string; run: string }

/**
 * Programs of these laws write down that they were begun and with which run. One whose run has `fails` in it ends badly; two whose runs
 * have `pair` in them end only when both have begun.
 */
export type TasksUnderTest = {
  tasks: Tasks
  /** What has been begun so far, in order. */
  ran(): Promise<Ran[]>
  /** Whose bad ends have been told. */
  ends(): Promise<TaskEnd[]>
  /** Answers when every program that was begun has ended, and whoever is told of ends has been. */
  settle(): Promise<void>
  /** The same tasks after the school has been closed and opened again. */
  reopen(): Promise<Tasks>
  close(): Promise<void>
}

const BAD_IDS = ['', ' ', 'run_1 1', '../run_1', 'run_1/1', 'run_ü', '.hidden', 'a'.repeat(65)]

/** What beginning a program means in every home. */
export const tasksLaws = (home: string, open: () => Promise<TasksUnderTest>): void => {
  describe(`tasks in ${home}`, () => {
    let under: TasksUnderTest
    before(async () => {
      under = await open()
    })
    after(() => under.close())
    const task = (id: string, more: Partial<Task> = {}): Task => ({ name: 'writer', id, run: `run_${id}`, ...more })
    const ranAs = async (run: string): Promise<string[]> => (await under.ran()).filter((each) => each.run === run).map(({ name }) => name)

    it('runs the program that is named, with its run', async () => {
      await under.tasks.start(task('one'))
      await under.tasks.start(task('two', { name: 'publisher' }))
      await under.settle()
      assert.deepEqual([await ranAs('run_one'), await ranAs('run_two')], [['writer'], ['publisher']])
    })

    it('runs once what is asked for twice at the same time', async () => {
      await Promise.all([under.tasks.start(task('at-once')), under.tasks.start(task('at-once')), under.tasks.start(task('at-once'))])
      await under.settle()
      assert.deepEqual(await ranAs('run_at-once'), ['writer'])
    })

    it('runs once what is asked for again when it has ended', async () => {
      await under.tasks.start(task('again'))
      await under.settle()
      await under.tasks.start(task('again'))
      await under.settle()
      assert.deepEqual(await ranAs('run_again'), ['writer'])
    })

    it('runs two side by side', async () => {
      await under.tasks.start(task('pair-1'))
      await under.tasks.start(task('pair-2', { name: 'publisher' }))
      await under.settle()
      assert.deepEqual([await ranAs('run_pair-1'), await ranAs('run_pair-2')], [['writer'], ['publisher']])
      assert.deepEqual(
        (await under.ends()).filter(({ id }) => id.startsWith('pair')),
        [],
      )
    })

    it('tells once of a program that ended badly, by its name, id and run, and not of one that ended well', async () => {
      await under.tasks.start(task('well'))
      await under.tasks.start(task('fails-1', { name: 'publisher' }))
      await under.settle()
      const told = (await under.ends()).filter(({ id }) => id === 'fails-1' || id === 'well')
      assert.deepEqual(
        told.map(({ name, id, run }) => ({ name, id, run })),
        [{ name: 'publisher', id: 'fails-1', run: 'run_fails-1' }],
      )
      assert.match(told[0]?.fault ?? '', /3/, 'the code it ended with')
    })

    it('refuses what is no id, and begins nothing', async () => {
      for (const id of BAD_IDS) await assert.rejects(under.tasks.start(task(id, { run: 'run_bad' })), TaskRefused, id)
      await under.settle()
      assert.deepEqual(await ranAs('run_bad'), [])
    })

    it('takes the longest id there is, and any run', async () => {
      const id = `Run_9.${'x'.repeat(58)}`
      await under.tasks.start(task(id, { run: 'run_longest' }))
      await under.settle()
      assert.deepEqual([id.length, await ranAs('run_longest')], [64, ['writer']])
    })

    it('runs nothing again that was begun before it was closed, however it ended', async () => {
      await under.tasks.start(task('before'))
      await under.tasks.start(task('fails-before'))
      await under.settle()
      const tasks = await under.reopen()
      for (const id of ['before', 'fails-before', 'one', 'pair-1']) await tasks.start(task(id))
      await tasks.start(task('after'))
      await under.settle()
      const counts = await Promise.all(['before', 'fails-before', 'one', 'pair-1', 'after'].map(async (id) => (await ranAs(`run_${id}`)).length))
      assert.deepEqual(counts, [1, 1, 1, 1, 1])
      assert.equal((await under.ends()).filter(({ id }) => id === 'fails-before').length, 1)
    })
  })
}
