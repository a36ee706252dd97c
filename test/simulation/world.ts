import type { Hearing } from '#core/events.ts'
import type { Timer } from '#core/handlers.ts'
import type { Alert } from '#ports/alerts.ts'
import type { Person } from '#ports/identity.ts'
import type { Letter } from '#ports/mail.ts'
import type { Payments } from '#ports/payments.ts'
import type { Tables } from '#ports/tables.ts'
import type { Settings, World } from '#ports/world.ts'
import { type Delivery, emptyOutbox, type OutboxNow, outboxNow } from './memory-events.ts'
import { emptyRows, type TablesNow, tablesNow } from './memory-tables.ts'
import type { Random } from './random.ts'
import type { Machine, Runner, Scheduler } from './scheduler.ts'

/** What of the school is on trial; a test of the simulation itself puts a broken part here. */
export type Parts = { hearings: readonly Hearing[]; timers: readonly Timer[]; tables(tables: Tables): Tables }

/** How a request to a machine went, as its caller sees it. `lost`: it was killed, and nobody knows how far it came. */
export type Outcome<T> = { is: 'answered'; value: T } | { is: 'failed'; error: unknown } | { is: 'lost' }

export type Disk = {
  tables: TablesNow
  outbox: OutboxNow
  letters: Letter[]
  alerts: Alert[]
  logged: { message: string; error: unknown }[]
  people: Map<string, Person>
}

const SETTINGS: Settings = {
  ...{
    home: 'machine',
    encoders: 2,
    schoolName: 'Test School',
    url: 'http://school.test',
    currency: 'EUR',
    ownerEmail: 'owner@lectern.test',
    securityContact: 'mailto:owner@lectern.test',
  },
  ...{ mediaUrl: 'http://school.test', connects: [], chatbot: undefined, chatbotMonthMicros: 0, content: { proposalsADay: 0, isStandIn: false } },
  ...{ upload: { maxBytes: 1024, fileMaxBytes: 1024, partBytes: 1024, quotaBytes: undefined, straight: undefined }, playbackTtlSeconds: 600 },
}

/** A port that nothing about money has a use for. */
const unused = <T extends object>(port: string): T =>
  // Whatever is asked of it throws: nothing of the shape is ever used.
  new Proxy({} as T, {
    get: (_, name) => {
      throw new Error(`${port}.${String(name)} is not simulated.`)
    },
  })

const never = (): Promise<never> => Promise.reject(new Error('Signing in is not simulated.'))
const ABSENT_IDENTITY = {
  settings: { authority: '', clientId: '', audience: '', scope: '' },
  ...{ verify: never, create: never, setRoles: never, disable: never, enable: never, erase: never, endSessions: never, desk: undefined },
}

const neverDelivered = (): never => {
  throw new Error('The simulation delivers by itself.')
}
/** Delivering is the scheduler’s. */
const ABSENT_EVENTS = {
  ...{ listen: neverDelivered, start: neverDelivered, drain: neverDelivered, stop: neverDelivered, discard: neverDelivered },
  ...{ remembered: neverDelivered, rewrite: neverDelivered },
}

/** What all machines share and no kill takes away. */
export const aDisk = (scheduler: Scheduler, random: Random, owes: (delivery: Delivery) => void): Disk => {
  const clock = { now: () => new Date(scheduler.now()) }
  const outbox = outboxNow({ rows: emptyOutbox(), clock, random: random.split(), owes })
  return { tables: tablesNow(emptyRows(), outbox.append), outbox, letters: [], alerts: [], logged: [], people: new Map() }
}

type Given = { scheduler: Scheduler; disk: Disk; parts: Parts; payments(runner: Runner): Payments; makeId(kind: string): string }

const stepping = ({ scheduler, disk }: Given, runner: Runner): Tables => {
  const { tables } = disk
  return {
    get: (key) => scheduler.step(runner, `get ${key.pk}/${key.sk}`, () => tables.get(key)),
    list: (pk, options) => scheduler.step(runner, `list ${pk}`, () => tables.list(pk, options)),
    every: () => scheduler.step(runner, 'every item', () => ({ items: tables.every() })),
    listIndex: (ipk, options) => scheduler.step(runner, `list index ${ipk}`, () => tables.listIndex(ipk, options)),
    commit: (changes, events = []) => {
      const what = [...changes.map(({ kind, key }) => `${kind} ${key.pk}/${key.sk}`), ...events.map(({ name }) => `tell ${name}`)].join(', ')
      return scheduler.step(runner, `commit ${what}`, () => {
        const outcome = tables.commit(changes, events)
        if (outcome === 'conflict') scheduler.say(`${runner.machine.name} … conflict`)
        return outcome
      })
    },
  }
}

/** The world as one machine has it in one of its lives: every call of a port is a step. */
const worldOf = (given: Given, runner: Runner): World => {
  const { scheduler, disk, parts, payments, makeId } = given
  const tables = stepping(given, runner)
  const note = (message: string, error: unknown): void => void disk.logged.push({ message, error })
  return {
    tables: parts.tables(tables),
    payments: payments(runner),
    pages: undefined,
    identity: {
      ...ABSENT_IDENTITY,
      list: () => scheduler.step(runner, 'list people', () => ({ items: [...disk.people.values()] })),
      find: (id) => scheduler.step(runner, `find ${id}`, () => disk.people.get(id)),
      findByEmail: (email) => scheduler.step(runner, `find ${email}`, () => [...disk.people.values()].find((person) => person.email === email)),
    },
    mail: { send: (letter) => scheduler.step(runner, `letter ${letter.id} to ${letter.to}: ${letter.subject}`, () => void disk.letters.push(letter)) },
    alerts: { tell: (alert) => scheduler.step(runner, `alert ${alert.id}`, () => void disk.alerts.push(alert)), send: neverDelivered },
    clock: { now: () => new Date(scheduler.now()) },
    ids: { make: makeId, secret: () => makeId('secret') },
    log: { info: () => {}, warn: () => {}, error: note },
    settings: SETTINGS,
    transcription: undefined,
    events: {
      ...ABSENT_EVENTS,
      deadLetters: () => scheduler.step(runner, 'dead letters', () => disk.outbox.dead()),
      replay: (event, listener) => scheduler.step(runner, `replay ${event} to ${listener}`, () => disk.outbox.replay(event, listener)),
    },
    ...{
      objects: unused('objects'),
      webhooks: unused('webhooks'),
      transcoder: unused('transcoder'),
      keys: unused('keys'),
      tasks: unused('tasks'),
      drafts: unused('drafts'),
      premises: unused('premises'),
      repository: undefined,
    },
  }
}

export type School = {
  /** Has a machine that is up do something; undefined when none is. */
  run<T>(what: string, work: (world: World, runner: Runner) => Promise<T>): Promise<Outcome<T>> | undefined
}

/** The machines that run the school's code over one disk. Each piece of work goes to one of those that are up, by chance. */
export const aSchool = (given: Given, random: Random): School => {
  const { scheduler } = given
  const lives = new Map<Machine, { world: World; runner: Runner }>()
  const lifeOf = (machine: Machine): { world: World; runner: Runner } => {
    const known = lives.get(machine)
    if (known?.runner.life === machine.life) return known
    const runner = { machine, life: machine.life }
    const begun = { world: worldOf(given, runner), runner }
    lives.set(machine, begun)
    return begun
  }
  return {
    run: (what, work) => {
      const up = scheduler.machines.filter(({ isUp }) => isUp)
      if (up.length === 0) return undefined
      const machine = random.pick(up)
      scheduler.say(`${machine.name} begins: ${what}`)
      const { world, runner } = lifeOf(machine)
      return new Promise((resolve) => {
        const lost = (): void => resolve({ is: 'lost' })
        machine.whenKilled.add(lost)
        work(world, runner)
          .then(
            (value) => resolve({ is: 'answered', value }),
            (error: unknown) => {
              scheduler.say(`${machine.name} failed at ${what}: ${error instanceof Error ? error.message : String(error)}`)
              resolve({ is: 'failed', error })
            },
          )
          .finally(() => machine.whenKilled.delete(lost))
      })
    },
  }
}
