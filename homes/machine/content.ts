import { join } from 'node:path'
import { type BusNews, startedBy } from '#core/series/bus.ts'
import { tellBusNews, tellTaskEnd } from '#core/series/news.ts'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import { secret } from '#ports/secret.ts'
import type { TaskName } from '#ports/tasks.ts'
import type { DraftStore, Settings, World } from '#ports/world.ts'
import { startChatbotSandbox } from '#sandbox/chatbot.ts'
import { startGithubSandbox } from '#sandbox/github.ts'
import { github } from '#vendors/github/github.ts'
import type { ChatbotSettings, ContentSettings } from '../content-environment.ts'
import { programEnvironment } from '../content-programs.ts'
import { headersFor } from '../proxy-door.ts'
import { openSpool } from './content-bus.ts'
import { objects } from './objects.ts'
import type { Secrets } from './secrets.ts'
import type { MachineSettings } from './settings.ts'
import { tasks } from './tasks.ts'

/** What the stand-in's model would cost, in millionths of a dollar per million tokens: as much as a small model does. */
const STAND_IN_PRICES = { inputMicros: 150_000, outputMicros: 600_000 }
const STAND_IN_REPOSITORY = 'lectern/courses'

export type Programs = Readonly<Record<TaskName, string>>

const PROGRAMS: Programs = {
  writer: join(import.meta.dirname, '..', '..', 'tasks', 'writer', 'main.ts'),
  publisher: join(import.meta.dirname, '..', '..', 'tasks', 'publisher', 'main.ts'),
}

type Given = {
  settings: MachineSettings
  secrets: Secrets
  clock: Clock
  log: Log
  /** Entries of the programs that write and propose, where not the school's own. */
  programs?: Programs | undefined
}

const isThisMachine = (url: string): boolean => /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname)

/**
 * Whoever reaches the pages of the stand-in repository publishes by them, and needs no account. A school that others reach, and that has mail or
 * payments of its own, goes without: it is no trial any more, and its owner may never have thought of a repository.
 */
export const mayStandIn = ({ url, mail, stripe }: Pick<MachineSettings, 'url' | 'mail' | 'stripe'>): boolean => isThisMachine(url) || !(mail || stripe)

const openChatbot = async ({ settings }: Given) => {
  if (settings.content.chatbot || !mayStandIn(settings)) return { chatbot: settings.content.chatbot, standIn: undefined }
  const standIn = await startChatbotSandbox({ folder: join(settings.data, 'sandbox', 'chatbot'), publicUrl: settings.url })
  return { chatbot: { provider: 'openai-compatible' as const, url: standIn.apiUrl, key: undefined, model: standIn.model, ...STAND_IN_PRICES }, standIn }
}

const openGithub = async ({ settings, secrets }: Given) => {
  if (settings.content.github || !mayStandIn(settings)) return { github: settings.content.github, standIn: undefined }
  const webhookSecret = secrets.standInWebhookSecret.reveal()
  const standIn = await startGithubSandbox({
    folder: join(settings.data, 'sandbox', 'github'),
    ...{ repository: STAND_IN_REPOSITORY, branch: 'main', publicUrl: settings.url, webhookSecret },
    home: { url: settings.url, words: 'Back to the school' },
    webhookUrl: `http://127.0.0.1:${settings.port}/hooks/github`,
    webhookHeaders: headersFor(settings.proxySecret),
  })
  return {
    github: {
      ...{ repository: STAND_IN_REPOSITORY, branch: 'main', folder: 'courses', apiUrl: standIn.apiUrl, auth: { token: secret(standIn.token) } },
      ...{ webhookSecrets: [secret(webhookSecret)], webUrl: `${settings.url}/sandbox/github` },
    },
    standIn,
  }
}

export type Content = Pick<World, 'tasks' | 'drafts' | 'repository'> & {
  settings: Pick<Settings, 'chatbot' | 'chatbotMonthMicros' | 'content'>
  standIns: { chatbot: { url: string } | undefined; github: { url: string; repositoryFolder: string } | undefined }
  /** From here on programs are heard; `world` is what their news is written to. */
  begin(world: World): Promise<void>
  close(): Promise<void>
}

const writerOf = ({ model, inputMicros, outputMicros }: ChatbotSettings, { isStandIn }: { isStandIn: boolean }): NonNullable<Settings['chatbot']> => ({
  ...{ model, inputMicros, outputMicros, isStandIn },
})

/** Everything that drafts come and go by on this machine: programs, their papers, the bus between them, and whom they talk to. */
export const openContent = async (given: Given): Promise<Content> => {
  const { settings, clock, log, programs: entries = PROGRAMS } = given
  const [chatbot, repository] = await Promise.all([openChatbot(given), openGithub(given)])
  const folders = { drafts: join(settings.data, 'drafts'), spool: join(settings.data, 'content-bus') }
  const drafts: DraftStore & { close(): Promise<void> } = await objects({ folder: folders.drafts, url: settings.url, clock })
  const whole: ContentSettings = { ...settings.content, chatbot: chatbot.chatbot, github: repository.github }
  let world: World | undefined
  const awake = (): World => {
    if (!world) throw new Error('The school is not open yet.')
    return world
  }
  const programs = tasks({
    folder: join(settings.data, 'tasks'),
    programs: entries,
    environment: (name) => ({ ...programEnvironment(name, whole), DRAFTS_FOLDER: folders.drafts, CONTENT_SPOOL: folders.spool, LECTERN_URL: settings.url }),
    tell: (end) => tellTaskEnd(awake(), end),
    ...{ clock, log },
  })
  const hear = async (news: BusNews): Promise<void> => {
    await tellBusNews(awake(), news)
    for (const task of startedBy(news)) await programs.start(task)
  }
  const spool = await openSpool({ folder: folders.spool, hear, log })
  return {
    ...{ tasks: programs, drafts, repository: repository.github && github(repository.github) },
    settings: {
      chatbot: chatbot.chatbot && writerOf(chatbot.chatbot, { isStandIn: chatbot.standIn !== undefined }),
      chatbotMonthMicros: settings.content.monthMicros,
      content: { proposalsADay: settings.content.proposalsADay, isStandIn: repository.standIn !== undefined },
    },
    standIns: { chatbot: chatbot.standIn, github: repository.standIn },
    begin: async (opened) => {
      world = opened
      await programs.begin()
      spool.begin()
    },
    close: async () => {
      await spool.close()
      await programs.close()
      await Promise.all([chatbot.standIn?.close(), repository.standIn?.close()])
      await drafts.close()
    },
  }
}
