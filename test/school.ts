import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { fetchApi } from '#api/fetch.ts'
import type { RefusalData } from '#contract/base.ts'
import { type Contract, contract } from '#contract/contract.ts'
import { listeners } from '#core/events.ts'
import { loggedMail } from '#core/operations/letters.ts'
import { hearings, timers } from '#core/platform.ts'
import { ensureRecipes } from '#core/recipes/recipe.ts'
import { randomIds } from '#homes/machine/clock.ts'
import { events } from '#homes/machine/events.ts'
import { keys } from '#homes/machine/keys.ts'
import { silentLog } from '#homes/machine/log.ts'
import { objects } from '#homes/machine/objects.ts'
import { openSchoolFile } from '#homes/machine/school-file.ts'
import { openSecrets } from '#homes/machine/secrets.ts'
import { tables } from '#homes/machine/tables.ts'
import { isFoundBy, wordsIn } from '#homes/people-words.ts'
import type { Alert } from '#ports/alerts.ts'
import type { Identity, Person, Role } from '#ports/identity.ts'
import type { Letter } from '#ports/mail.ts'
import type { Task, Tasks } from '#ports/tasks.ts'
import type { Probed, SourceFacts, TranscodeJob, Transcoder } from '#ports/transcoder.ts'
import type { Settings, StraightPlace, World } from '#ports/world.ts'
import { ALL_COOKIES } from './cookies.ts'
import { noPayments } from './no-payments.ts'
import { testDesk } from './sign-in-desk.ts'

export type TestClock = { now(): Date; pass(seconds: number): void }

const testClock = (): TestClock => {
  let milliseconds = Date.parse('2026-05-04T09:00:00Z')
  return {
    now: () => new Date(milliseconds),
    pass: (seconds) => {
      milliseconds += seconds * 1000
    },
  }
}

/** A plain six-second lecture of 1280×720 with sound. */
export const someFacts = (of: Partial<SourceFacts> = {}): SourceFacts => ({
  container: 'mov',
  durationSeconds: 6,
  startSeconds: 0,
  picture: {
    ...{ stream: 0, codec: 'h264', width: 1280, height: 720, rotation: 0, fps: { num: 25, den: 1 }, measuredFps: 25, isSteady: true },
    ...{ isInterlaced: false, hdr: false, isSquare: true, bitDepth: 8, isSubsampled: true, colours: {} },
    ...{ secondsPerKeyFrame: 2, longestGapSeconds: 2, lastFrameSeconds: 6 },
  },
  sound: { stream: 1, codec: 'aac', channels: 2 },
  needsCopy: false,
  canRemux: true,
  chapters: [],
  besides: { hasCover: false, pictures: 0, sounds: 0, subtitles: 0 },
  ...of,
})

/** A directory whose tokens are the people's ids. */
const testIdentity = (people: Map<string, Person>, clock: TestClock): Identity => {
  // Nobody is called as somebody was who has left.
  let made = 0
  const change = (id: string, to: Partial<Person>): 'done' => {
    const person = people.get(id)
    if (person) people.set(id, { ...person, ...to })
    return 'done'
  }
  const unlessLastOwner = (id: string, to: Partial<Person>): 'done' | 'last-owner' => {
    const owners = [...people.values()].filter(({ roles, isDisabled }) => roles.includes('owner') && !isDisabled)
    return owners.length === 1 && owners[0]?.id === id ? 'last-owner' : change(id, to)
  }
  return {
    settings: { authority: 'http://school.test/auth', clientId: 'lectern-web', audience: 'http://school.test/api', scope: 'openid' },
    verify: async (token) => {
      const person = people.get(token)
      // Whoever has signed in has done so this minute.
      return person && !person.isDisabled ? { ...person, session: { id: `here-${person.id}`, since: clock.now().toISOString() } } : undefined
    },
    find: async (id) => people.get(id),
    findByEmail: async (email) => [...people.values()].find((person) => person.email === email),
    list: async ({ search = '', role } = {}) => ({
      items: [...people.values()].filter((person) => isFoundBy(person, wordsIn(search)) && (role === undefined || person.roles.includes(role))),
    }),
    create: async ({ email, name, roles }) => {
      made += 1
      const person: Person = { id: `prs_${made}`, email, name, roles, isVerified: true, isDisabled: false }
      people.set(person.id, person)
      return person
    },
    setRoles: async (id, roles) => (roles.includes('owner') ? change(id, { roles }) : unlessLastOwner(id, { roles })),
    disable: async (id) => unlessLastOwner(id, { isDisabled: true, sessionsSince: clock.now().toISOString() }),
    enable: async (id) => void change(id, { isDisabled: false }),
    endSessions: async (id) => void change(id, { sessionsSince: clock.now().toISOString() }),
    erase: async (id) => void people.delete(id),
    desk: testDesk(),
  }
}

/** What a home's own pages do when somebody sets a new password. */
const sessionsEnding =
  (people: Map<string, Person>, clock: TestClock) =>
  (id: string): void => {
    const person = people.get(id)
    if (person) people.set(id, { ...person, sessionsSince: clock.now().toISOString() })
  }

/** Programs that are begun and do nothing. */
const testTasks = (begun: Task[]): Tasks => ({
  start: async (task) => {
    if (!begun.some(({ id }) => id === task.id)) begun.push(task)
  },
})

/** An encoder that takes jobs and does none. */
const testEncoder = () => {
  const [jobs, cancelled]: [TranscodeJob[], string[]] = [[], []]
  const preferred: { job: string; seconds: number }[] = []
  /** What probing the next source finds; a usable lecture when left out. */
  const probes: { next: Probed | undefined } = { next: undefined }
  const encoder: Transcoder = {
    start: async (job) => {
      if (!jobs.some((each) => each.job === job.job)) jobs.push(job)
    },
    cancel: async (job) => void cancelled.push(job),
    probe: async () => probes.next ?? { kind: 'usable', facts: someFacts() },
    prefer: async (job, seconds) => void preferred.push({ job, seconds }),
    pieces: async () => [],
  }
  return { jobs, cancelled, preferred, probes, encoder }
}

/** What bounds its store, and how pages may send to it, where a test cares. */
type Bounds = { quotaBytes?: number; straight?: StraightPlace }

const testSettings = ({ quotaBytes, straight }: Bounds): Settings => ({
  ...{ home: 'machine', encoders: 2, schoolName: 'Test School', url: 'http://school.test', mediaUrl: 'http://school.test', connects: [] },
  ...{ currency: 'EUR', ownerEmail: 'owner@lectern.test', securityContact: 'mailto:owner@lectern.test', playbackTtlSeconds: 600 },
  upload: { maxBytes: 50 * 1024 ** 2, fileMaxBytes: 20 * 1024 ** 2, partBytes: 1024, quotaBytes, straight },
  chatbot: { model: 'test-model', inputMicros: 150_000, outputMicros: 600_000, isStandIn: false },
  chatbotMonthMicros: 25_000_000,
  content: { proposalsADay: 3, isStandIn: false },
})

export type School = Awaited<ReturnType<typeof openSchool>>

/**
 * The school over the machine's own tables, objects and events, with people, post and encoder in memory. Nothing runs by
 * itself: `settle()` delivers what is due. `freeBytes` tells how much room its disk has, where a test cares.
 */
export const openSchool = async ({ freeBytes, ...bounds }: Bounds & { freeBytes?: () => number } = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-school-'))
  const clock = testClock()
  const ids = randomIds(clock)
  await openSecrets(folder, { ids, clock })
  const file = openSchoolFile(':memory:')
  const outbox = events({ file, clock, log: silentLog })
  const opened = await objects({ folder, url: 'http://school.test', clock, minPartBytes: 1 })
  const store = freeBytes ? { ...opened, freeBytes: async () => freeBytes() } : opened
  const people = new Map<string, Person>()
  const [letters, told, tasks]: [Letter[], Alert[], Task[]] = [[], [], []]
  const { jobs, cancelled, preferred, probes, encoder } = testEncoder()
  const stored = tables({ file, outbox })
  const post: { take(letter: Letter): void } = { take: (letter) => void letters.push(letter) }
  const world: World = {
    ...{ clock, ids, log: silentLog, objects: store, events: outbox, tables: stored, identity: testIdentity(people, clock) },
    keys: await keys({ folder, clock, log: silentLog }),
    mail: loggedMail({ send: async (letter) => post.take(letter) }, { tables: stored, clock, log: silentLog }),
    alerts: { tell: async (alert) => void told.push(alert), send: async (message) => void told.push({ ...message, kind: 'deliveries' }) },
    transcoder: encoder,
    ...{ payments: noPayments(), transcription: undefined, pages: undefined },
    premises: { look: async () => [{ name: 'Node', state: 'well', says: '24' }], databaseBytes: async () => 4096 },
    webhooks: { allows: (url) => url.startsWith('https://'), post: async () => ({ status: 204, said: '' }) },
    ...{ tasks: testTasks(tasks), drafts: await objects({ folder: join(folder, 'drafts'), url: 'http://drafts.invalid', clock }), repository: undefined },
    settings: testSettings(bounds),
  }
  outbox.listen(listeners(world, hearings))
  await ensureRecipes(world)
  const api = fetchApi(world)
  const client = (token?: string): ContractRouterClient<Contract> =>
    createORPCClient(
      new OpenAPILink(contract, {
        url: 'http://school.test/api',
        headers: token === undefined ? { cookie: ALL_COOKIES } : { authorization: `Bearer ${token}` },
        fetch: (request) => api(request),
      }),
    )
  const person = async (name: string, ...roles: Role[]) => {
    const made = await world.identity.create({ email: `${name.toLowerCase()}@lectern.test`, name, password: 'irrelevant', roles: ['learner', ...roles] })
    if (made === 'taken') throw new Error(`${name} is there already.`)
    return { ...made, client: client(made.id) }
  }
  return {
    ...{ world, folder, file, clock, store, letters, post, told, tasks, jobs, cancelled, preferred, probes, timers, api, person, client },
    ...{ database: file.reader, visitor: client() },
    people,
    ...{ endSessions: sessionsEnding(people, clock), settle: () => outbox.drain() },
    close: async () => {
      await file.close()
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The stable code of a refusal, or what else happened. */
export const refusalOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise
    return 'answered'
  } catch (error) {
    if (error instanceof ORPCError) return String(error.code)
    throw error
  }
}

/** Which case of its code a refusal is. */
export const caseOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise
    return 'answered'
  } catch (error) {
    // RefusalData is what every refusal that has cases carries.
    if (error instanceof ORPCError) return (error.data as RefusalData | undefined)?.because ?? String(error.code)
    throw error
  }
}
