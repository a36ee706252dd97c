import * as z from 'zod'
import { briefKey, draftKey } from '#core/series/papers.ts'
import { seriesRecords } from '#core/series/records.ts'
import { expect, needed, type Scene } from './scene.ts'
import { fire } from './timing.ts'

const DAY_MS = 24 * 3600_000
const EVERY_MINUTE = 60

const BUDGET = { runTokens: 100_000, runMicros: 1_000_000, monthTokens: 1_000_000, monthMicros: 10_000_000 }

/** A series that is written every day at four, and has been since the day before yesterday: a rehearsal waits for no morning. */
export const beginSeries = async (scene: Scene): Promise<string> => {
  const { client } = needed(scene.teacher, 'teacher')
  const course = needed(scene.course, 'course')
  const { sections } = await client.courses.get({ course })
  const { id: series } = await client.series.create({
    ...{ title: 'Openings, one a day', course, section: needed(sections.at(-1)?.id, 'section'), audience: 'Beginners', tone: 'Friendly', language: 'en' },
    ...{ outline: ['The Italian game', 'The Ruy Lopez', 'The Scotch game'], examples: '', sources: [], minutes: 4, questions: 2, licence: 'CC BY 4.0' },
    ...{ schedule: { cron: '0 4 * * *', zone: 'Europe/Berlin' }, budget: BUDGET },
  })
  const { status } = await client.series.resume({ series })
  expect(status === 'active', `The series is ${status}.`)
  const stored = needed(await seriesRecords.get(scene.stage.cloud.stored, { id: series }), 'record of the series')
  const since = new Date(Date.now() - 2 * DAY_MS).toISOString()
  await scene.stage.cloud.stored.commit([seriesRecords.replace(stored, { ...stored.value, scheduledUntil: since })])
  scene.series = series
  return 'daily at four'
}

const newestRun = async ({ teacher, series }: Scene) => {
  const { runs } = await needed(teacher, 'teacher').client.series.runs({ series: needed(series, 'series') })
  return needed(runs[0], 'run')
}

/** The clock begins it; one program writes, the other proposes, and nobody of the school waits for either. */
export const write = async (scene: Scene): Promise<string> => {
  const { stage } = scene
  await fire(scene, EVERY_MINUTE)
  const run = await newestRun(scene)
  expect(run.state === 'proposed', `The run is ${run.state}${run.reason ? `: ${run.reason.code}, ${run.reason.detail}` : ''}, and nothing moves any more.`)
  const papers = await stage.cloud.drafts(`runs/${run.id}/`)
  for (const key of [briefKey(run.id), draftKey(run.id)]) expect(papers.includes(key), `There is no ${key} among the papers.`)
  scene.run = run.id
  scene.pull = needed(run.pull, 'pull request').number
  return `“${run.lesson?.title}”, pull request #${scene.pull}, ${run.tokens.input + run.tokens.output} tokens`
}

const Pull = z.object({ branch: z.string(), title: z.string() })
const Deliveries = z.object({
  deliveries: z.array(z.object({ event: z.string(), state: z.string(), status: z.number().nullable(), answer: z.string().nullable() })),
})

const control = async ({ stage }: Scene, path: string, method = 'GET'): Promise<unknown> => {
  const answer = await fetch(`${stage.github.url}/api/${path}`, { method, ...(method === 'POST' && { body: '{}' }) })
  if (!answer.ok) throw new Error(`The stand-in for GitHub answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

/** Somebody has read it and presses the button; what GitHub tells of that comes by the hooks' own door. */
export const merge = async (scene: Scene): Promise<string> => {
  const { stage } = scene
  const { branch, title } = Pull.parse(await control(scene, `pulls/${needed(scene.pull, 'pull request')}`))
  expect(branch === `lectern/${scene.run}`, `It is proposed on the branch ${branch}.`)
  await control(scene, `pulls/${scene.pull}/merge`, 'POST')
  await stage.github.settle()
  const { deliveries } = Deliveries.parse(await control(scene, 'deliveries'))
  const unheard = deliveries.find(({ state }) => state === 'failed')
  if (unheard) throw new Error(`GitHub’s webhook for ${unheard.event} was answered ${unheard.status}: ${unheard.answer}`)
  await stage.settle()
  const run = await newestRun(scene)
  expect(run.state === 'live', `The run is ${run.state}, and nothing moves any more.`)
  return `“${title}”, from ${branch}`
}

/** Who has enrolled reads it. */
export const readLesson = async (scene: Scene): Promise<string> => {
  const { client } = needed(scene.learner, 'learner')
  const run = await newestRun(scene)
  const lesson = needed(run.lesson, 'lesson of the run')
  const { title } = await client.learning.lesson({ lesson: lesson.id })
  expect(title === lesson.title, `The lesson is called “${title}”.`)
  return `“${title}”`
}
