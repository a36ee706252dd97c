import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import type { DraftStore } from '#ports/world.ts'
import { aRepository } from '#test/repository.ts'
import type { BusNews } from '../bus.ts'
import { type Brief, type Draft, keepBrief, keepDraft } from '../papers.ts'
import { type Facts, fieldsOf, type Reached } from './checks/check.ts'
import { type Publisher, publish } from './propose.ts'

export const RUN = 'run_0000000001'
export const PATH = 'courses/javascript/first-steps/03-closures.md'
const NOW = '2026-05-04T09:00:00.000Z'

/** About two minutes of plain text, no five words of which come again. */
export const someWords = (count: number, seed = 'closure'): string =>
  Array.from({ length: Math.ceil(count / 10) }, (_, line) => Array.from({ length: 10 }, (__, at) => `${seed}${line * 10 + at}`).join(' ')).join('\n')

export const aBrief = (of: Partial<Brief> = {}): Brief => ({
  ...{ run: RUN, attempt: 1, isTrial: false, point: 'Closures', earlier: [], limits: { tokens: 20_000, micros: 200_000 } },
  series: { id: 'ser_0000000001', title: 'A lesson a week', audience: 'People who write some JavaScript', tone: 'calm', language: 'en' },
  brief: {
    ...{ examples: '', minutes: 2, questions: 1, licence: 'CC-BY-4.0', outline: ['Closures', 'Promises'] },
    sources: [{ title: 'The book', url: 'https://book.example/closures' }],
  },
  course: { id: 'crs_0000000001', slug: 'javascript', title: 'JavaScript', summary: '' },
  section: { id: 'sec_0000000001', title: 'First steps' },
  lesson: { id: 'les_0000000001', path: PATH },
  proposals: { branch: 'main', aDay: 3, folder: 'courses' },
  previewUrl: 'https://school.example/teach/runs/run_0000000001',
  ...of,
})

export const aDraft = (of: Partial<Draft> = {}): Draft => ({
  ...{ run: RUN, attempt: 1, title: 'Closures', tokens: { input: 900, output: 1100 }, costMicros: 4200, model: 'writer-1', writtenAt: NOW },
  about: {
    ...{ summary: 'What a function remembers.', objectives: ['Say what a closure is'], readingMinutes: 2, language: 'en', licence: 'CC-BY-4.0' },
    sources: [{ title: 'The book', url: 'https://book.example/closures' }],
  },
  text: `## What it remembers\n\n${someWords(400)}\n\nMore of it is [in the book](https://book.example/closures).\n`,
  questions: [
    {
      ...{ prompt: 'What does a function keep hold of?', kind: 'single', explanation: 'It keeps the variables around it.' },
      options: [
        { text: 'The variables around it', isRight: true },
        { text: 'Nothing at all', isRight: false },
      ],
    },
  ],
  ...of,
})

type Of = { brief?: Partial<Brief>; draft?: Partial<Draft>; reached?: Reached }

export const LINK_HOSTS = ['wikipedia.org']

export const someFacts = ({ brief, draft, reached = 'reachable' }: Of = {}): Facts => ({
  ...{ brief: aBrief(brief), draft: aDraft(draft), fields: fieldsOf(aDraft(draft)), linkHosts: LINK_HOSTS },
  repository: { folder: 'courses', branch: 'main' },
  reach: async () => reached,
})

const memoryDrafts = (): DraftStore => {
  const kept = new Map<string, Uint8Array>()
  const entry = (key: string) => ({ key, size: kept.get(key)?.length ?? 0, etag: key })
  return {
    put: async (key, body, { type }) => {
      kept.set(key, typeof body === 'string' ? new TextEncoder().encode(body) : body)
      return { ...entry(key), type }
    },
    get: async (key) => {
      const bytes = kept.get(key)
      return bytes && { ...entry(key), type: 'application/json', bytes }
    },
    list: async (prefix) => ({ items: [...kept.keys()].filter((key) => key.startsWith(prefix)).map(entry) }),
    remove: async (key) => void kept.delete(key),
  }
}

/** A publisher with its repository in memory, a clock to pass, and an ear at the content bus. */
export const aPublisher = (of: Partial<Publisher> = {}) => {
  let milliseconds = Date.parse(NOW)
  const clock: Clock = { now: () => new Date(milliseconds) }
  const repository = aRepository({ clock })
  const told: BusNews[] = []
  const visited: string[] = []
  const log: Log = { info: () => {}, warn: () => {}, error: () => {} }
  const publisher: Publisher = {
    ...{ repository, drafts: memoryDrafts(), clock, log, linkHosts: LINK_HOSTS },
    tell: async (news) => void told.push(news),
    reach: async (url) => {
      visited.push(url)
      return 'reachable'
    },
    ...of,
  }
  return {
    ...{ publisher, repository, told, visited },
    pass: (seconds: number): void => {
      milliseconds += seconds * 1000
    },
    /** Lays a run's papers down and publishes them; answers what was told of it. */
    publish: async (papers: { brief?: Brief; draft?: Draft } = {}): Promise<BusNews | undefined> => {
      const before = told.length
      if (papers.brief) await keepBrief(publisher, papers.brief)
      if (papers.draft) await keepDraft(publisher, papers.draft)
      await publish(publisher, papers.brief?.run ?? papers.draft?.run ?? RUN)
      return told.slice(before).at(-1)
    },
  }
}
