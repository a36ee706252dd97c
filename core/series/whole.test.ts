import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { writeCourse } from '#core/content/format/course.ts'
import { silentLog } from '#homes/machine/log.ts'
import { secret } from '#ports/secret.ts'
import { startChatbotSandbox } from '#sandbox/chatbot.ts'
import { chatbot } from '#vendors/chatbot/chatbot.ts'
import { type BusNews, startedBy } from './bus.ts'
import { publish } from './publisher/propose.ts'
import { openDesk } from './series.fixture.ts'
import { writeDraft } from './writer/writer.ts'

const PRICES = { inputMicros: 150_000, outputMicros: 600_000 }

/** A school whose programs do what they do at home, over the chatbot's real client; only that they are no processes of their own. */
const openWhole = async (t: TestContext) => {
  const desk = await openDesk()
  const { world, repository, school } = desk
  const folder = await mkdtemp(join(tmpdir(), 'series-'))
  const standIn = await startChatbotSandbox({ folder, publicUrl: 'http://localhost' })
  t.after(async () => {
    await standIn.close()
    await school.close()
    await rm(folder, { recursive: true })
  })
  const client = chatbot({ provider: 'openai-compatible', url: standIn.apiUrl, key: secret('a key'), model: standIn.model, limits: { retryMs: 1 } })
  const tell = async (news: BusNews): Promise<void> => {
    await desk.say(news)
    for (const task of startedBy(news)) await world.tasks.start(task)
  }
  const around = { drafts: world.drafts, clock: world.clock, log: silentLog, tell }
  let done = 0
  return {
    ...desk,
    /** Has every program that was begun do its work. */
    work: async (): Promise<void> => {
      for (let task = school.tasks[done]; task; task = school.tasks[done]) {
        done += 1
        if (task.name === 'writer') await writeDraft({ ...around, author: { chatbot: client, prices: PRICES, model: standIn.model } }, task.run)
        else await publish({ ...around, repository, reach: async () => 'reachable', linkHosts: [] }, task.run)
      }
    },
    sync: async (): Promise<void> => {
      for (const { name, run } of school.timers) if (name.startsWith('content.')) await run(world)
      await school.settle()
    },
    outline: async () =>
      (await desk.teacher.client.courses.get({ course: desk.place.course })).sections.map(({ title, lessons }) => [
        title,
        ...lessons.map((each) => each.title),
      ]),
  }
}

test('at its moment a lesson is written, proposed, merged and live, and gone again when it is taken back', async (t) => {
  const whole = await openWhole(t)
  const { id: series } = await whole.aSeries()
  await whole.series.resume({ series })
  whole.pass(22 * 3600)
  await whole.fire()
  await whole.work()
  const newest = async () => (await whole.series.get({ series })).newest
  const proposed = await newest()
  assert.deepEqual([proposed?.state, proposed?.pull?.number], ['proposed', 1])
  assert.deepEqual(
    [...whole.repository.pulls.values()].map(({ files }) => [...files.keys()]),
    [['courses/light/01-beginnings/01-aperture.md']],
  )
  assert.deepEqual(await whole.outline(), [['Beginnings']])
  whole.repository.merge(1)
  await whole.sync()
  assert.equal((await newest())?.state, 'live')
  assert.deepEqual(await whole.outline(), [['Beginnings', 'Aperture']])
  whole.repository.revert()
  await whole.sync()
  assert.equal((await newest())?.state, 'withdrawn')
  assert.deepEqual(await whole.outline(), [['Beginnings']])
  whole.repository.revert()
  await whole.sync()
  assert.equal((await newest())?.state, 'live')
})

test('a lesson that was merged and taken back before the school had looked is known to be withdrawn', async (t) => {
  const whole = await openWhole(t)
  const { id: series } = await whole.aSeries()
  await whole.series.start({ series, isTrial: false })
  await whole.school.settle()
  await whole.work()
  whole.repository.merge(1)
  whole.repository.revert()
  whole.pass(600)
  await whole.look()
  assert.equal((await whole.series.get({ series })).newest?.state, 'proposed')
  await whole.sync()
  whole.pass(600)
  await whole.look()
  assert.equal((await whole.series.get({ series })).newest?.state, 'withdrawn')
})

test('a trial that is proposed by hand goes the same way', async (t) => {
  const whole = await openWhole(t)
  const { id: series } = await whole.aSeries()
  const { id: run } = await whole.series.start({ series, isTrial: true })
  await whole.school.settle()
  await whole.work()
  assert.equal(whole.repository.pulls.size, 0)
  await whole.series.propose({ run })
  await whole.school.settle()
  await whole.work()
  assert.deepEqual([...whole.repository.pulls.keys()], [1])
  whole.repository.merge(1)
  await whole.sync()
  assert.equal((await whole.series.get({ series })).newest?.state, 'live')
})

test('a lesson goes into the folder that is its section’s, whatever it is called', async (t) => {
  const whole = await openWhole(t)
  const { course, section } = whole.place
  const text = writeCourse({
    ...{
      id: course,
      title: 'Light',
      summary: '',
      outcomes: [],
      otherPrices: [],
      isPublished: false,
      isSequential: false,
      requires: [],
      description: 'All of it.',
    },
    sections: [{ folder: 'first-steps', title: 'Beginnings', id: section }],
  })
  whole.repository.commit({ 'courses/light/course.md': text })
  await whole.sync()
  const { id: series } = await whole.aSeries()
  await whole.series.start({ series, isTrial: false })
  await whole.school.settle()
  await whole.work()
  assert.deepEqual([...(whole.repository.pulls.get(1)?.files.keys() ?? [])], ['courses/light/first-steps/01-aperture.md'])
  whole.repository.merge(1)
  await whole.sync()
  assert.deepEqual(await whole.outline(), [['Beginnings', 'Aperture']])
})
