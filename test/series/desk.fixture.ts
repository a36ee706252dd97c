import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Run, SeriesBrief } from '#contract/series.ts'
import { aBrief } from '#core/series/series.fixture.ts'
import type { Exchange } from '#sandbox/chatbot/store.ts'
import { startChatbotSandbox } from '#sandbox/chatbot.ts'
import { sign } from '#sandbox/github/hooks.ts'
import { readBranches } from '#sandbox/github/refs.ts'
import type { Delivery, Pull } from '#sandbox/github/store.ts'
import { startGithubSandbox } from '#sandbox/github.ts'
import { type Someone, someone } from '#test/journeys/people.ts'
import { eventually, freePort } from '#test/journeys/program.ts'
import { doom } from './doom.fixture.ts'
import type { Told } from './host.fixture.ts'

const REPOSITORY = 'lectern/courses'
const WEBHOOK_SECRET = 'a secret between the two of them'
/** Of the stand-in's model: dollars per million tokens. */
const PRICES = { CHATBOT_INPUT_PRICE: '0.15', CHATBOT_OUTPUT_PRICE: '0.6' }

/** The outside world, which lives on whoever dies. */
const openOutside = async (data: string, url: string) => {
  const github = await startGithubSandbox({
    ...{ folder: join(data, 'outside', 'github'), repository: REPOSITORY, branch: 'main', publicUrl: url },
    ...{ webhookUrl: `${url}/hooks/github`, webhookSecret: WEBHOOK_SECRET },
  })
  const chatbot = await startChatbotSandbox({ folder: join(data, 'outside', 'chatbot'), publicUrl: url })
  const control = async (of: { url: string }, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${of.url}/api/${path}`, body && { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  const asGithub = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${github.apiUrl}/repos/${REPOSITORY}/${path}`, { headers: { authorization: `Bearer ${github.token}` } })
    return answer.json()
  }
  // As the stand-in keeps them, newest first.
  const deliveries = async () => ((await control(github, 'deliveries')) as { deliveries: Delivery[] }).deliveries
  const environment = {
    ...{ GITHUB_REPOSITORY: REPOSITORY, GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: github.token, GITHUB_WEBHOOK_SECRETS: WEBHOOK_SECRET },
    ...{ CHATBOT_URL: chatbot.apiUrl, CHATBOT_MODEL: chatbot.model, ...PRICES, CONTENT_PROPOSALS_A_DAY: '100', CHATBOT_SECONDS: '5' },
  }
  return {
    environment,
    // Below, what the stand-ins themselves keep.
    pulls: async () => ((await control(github, 'pulls')) as { pulls: Pull[] }).pulls,
    branches: async () => [...(await readBranches(github.repositoryFolder)).keys()].map((ref) => ref.replace('refs/heads/', '')),
    parentsOf: async (commit: string) => ((await asGithub(`git/commits/${commit}`)) as { parents: { sha: string }[] }).parents.map(({ sha }) => sha),
    comments: async (pull: number) => (await asGithub(`issues/${pull}/comments`)) as { body: string }[],
    deliveries,
    exchanges: async () => ((await control(chatbot, 'exchanges')) as { exchanges: Exchange[] }).exchanges,
    merge: (pull: number) => control(github, `pulls/${pull}/merge`, {}),
    shut: (pull: number) => control(github, `pulls/${pull}/close`, {}),
    /** As on its page: another pull request, to be merged. */
    revert: async (pull: number) => ((await control(github, `pulls/${pull}/revert`, {})) as Pull).number,
    githubFaults: (faults: object) => control(github, 'faults', faults),
    chatbotFaults: (faults: object) => control(chatbot, 'faults', faults),
    /** Waits until every webhook that was planned has been sent. */
    sent: () => eventually('webhooks to be sent', async () => ((await deliveries()).some(({ state }) => state === 'waiting') ? undefined : true)),
    /** A webhook again, word for word, under its own id or another. */
    again: ({ event, body }: Delivery, guid: string): Promise<Response> =>
      fetch(`${url}/hooks/github`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-github-event': event, 'x-github-delivery': guid, 'x-hub-signature-256': sign(body, WEBHOOK_SECRET) },
        body,
      }),
    close: async () => {
      await github.close()
      await chatbot.close()
    },
  }
}

/** The school's process, over one folder and at one port however often it dies. */
const keeper = (environment: Record<string, string>) => {
  let child: ChildProcess | undefined
  let aheadSeconds = 0
  const isAlive = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null
  const heard = async (): Promise<Told> => {
    if (!child) throw new Error('There is no school.')
    const over = once(child, 'exit').then(() => [{ passed: undefined }])
    // Its first words and its answers are all that it says.
    const [told] = (await Promise.race([once(child, 'message'), over])) as [Told]
    return told
  }
  return {
    open: async (): Promise<void> => {
      const env = { ...environment, PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }
      child = fork(join(import.meta.dirname, 'host.fixture.ts'), [String(aheadSeconds)], { env, execArgv: [] })
      if ((await heard()).passed !== 0) throw new Error('The school did not open.')
    },
    /** It has died of its own accord. */
    died: () => eventually('the school to die', () => (isAlive() ? undefined : child?.signalCode)),
    /** The clock goes on by so much, and whatever that brings with it has been done. */
    pass: async (seconds: number): Promise<void> => {
      aheadSeconds += seconds
      const passed = heard()
      child?.send(seconds)
      if ((await passed).passed !== seconds) throw new Error('The school did not bear that time passed: its log says why.')
    },
    close: async (): Promise<void> => {
      if (!child || !isAlive()) return
      const over = once(child, 'exit')
      child.disconnect()
      await over
    },
  }
}

/** A published course of its own with one lesson by hand, which somebody has enrolled in and somebody else has not. */
const aCourse = async (title: string, { teacher, learner }: { teacher: Someone; learner: Someone }): Promise<{ course: string; section: string }> => {
  const { id: course } = await teacher.client.courses.create({ title })
  const { sections } = await teacher.client.courses.addSection({ course, title: 'Beginnings' })
  const section = sections[0]?.id ?? ''
  await teacher.client.courses.addLesson({ course, section, title: 'By hand', kind: 'article' })
  await teacher.client.courses.publish({ course })
  await learner.client.learning.enrol({ course })
  return { course, section }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>

/** A school whose process, and whose programs, can be killed at a point, with a teacher who has series written. */
export const openDesk = async () => {
  const data = await mkdtemp(join(tmpdir(), 'lectern-killed-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const outside = await openOutside(data, url)
  const school = keeper({ ...outside.environment, LECTERN_DATA: data, PORT: String(port), LECTERN_URL: url })
  await school.open()
  // Its clock may be days ahead.
  const at = { data, url, seconds: 30 * 24 * 3600 }
  const [teacher, learner, stranger] = [await someone(at, 'Theo', 'instructor'), await someone(at, 'Lena'), await someone(at, 'Sam')]
  const { series } = teacher.client
  const newest = async (id: string): Promise<Run> => {
    const [run] = (await series.runs({ series: id })).runs
    if (!run) throw new Error('There is no run of it.')
    return run
  }
  /** For a course of its own, and paused: it is written when somebody asks for it. */
  const aSeries = async (outline: string[], of: Partial<SeriesBrief> = {}): Promise<string> => {
    const title = `Of ${outline[0]}`
    const place = await aCourse(title, { teacher, learner })
    return (await series.create(aBrief({ ...place, title, outline, ...of }))).id
  }
  /** Waits until its newest run is so. */
  const until = (id: string, what: string, isSo: (run: Run) => boolean): Promise<Run> =>
    eventually(`a run that is ${what}`, async () => {
      const run = await newest(id)
      if (isSo(run)) return run
      if (['failed', 'refused', 'closed'].includes(run.state)) throw new Error(`It is ${run.state}: ${JSON.stringify(run.reason)}`)
      return undefined
    })
  const isDoomed = (whom: string): boolean => existsSync(join(data, 'dooms', whom))
  return {
    ...{ data, outside, school, teacher, learner, stranger, series, newest, aSeries, until, isDoomed, eventually },
    /** As it is now. */
    run: async (of: Run): Promise<Run> => {
      const found = (await series.runs({ series: of.series })).runs.find(({ id }) => id === of.id)
      if (!found) throw new Error(`There is no ${of.id}.`)
      return found
    },
    /** `whom`: a series, whose programs it is for, or the school. */
    doom: (whom: string, point: string) => doom(data, whom, point),
    proposed: async (point: string): Promise<Run> => {
      const id = await aSeries([point])
      await series.start({ series: id, isTrial: false })
      return until(id, 'proposed', ({ state }) => state === 'proposed')
    },
    /** The school dies at a point, and is opened again over what it has left. */
    killedAt: async (point: string, deed: () => Promise<unknown>): Promise<void> => {
      doom(data, 'school', point)
      // It may die before it answers.
      await deed().catch(() => undefined)
      await school.died()
      if (isDoomed('school')) throw new Error('The school has died before its time.')
      await school.open()
    },
    /** What somebody who is enrolled finds in the course that a series writes for. */
    lessonsOf: async (id: string): Promise<{ id: string; title: string }[]> => {
      const { brief } = await series.get({ series: id })
      return (await learner.client.learning.curriculum({ course: brief.course })).sections.flatMap(({ lessons }) => lessons)
    },
    close: async () => {
      await school.close()
      await outside.close()
      await rm(data, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
