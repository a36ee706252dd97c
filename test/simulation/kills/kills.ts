import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { publicationRecords } from '#core/courses/records.ts'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { orderRecords, soldRecords, unpaidRecords } from '#core/payments/records.ts'
import { systemClock } from '#homes/machine/clock.ts'
import { events } from '#homes/machine/events.ts'
import { silentLog } from '#homes/machine/log.ts'
import { openSchoolFile } from '#homes/machine/school-file.ts'
import { tables } from '#homes/machine/tables.ts'
import type { PaymentNews } from '#ports/payments.ts'
import { anOrder } from '#test/payments.ts'
import { aPublication } from '../goods.ts'
import { seeded } from '../random.ts'
import { type Begin, COURSE, type Listening, orderOf, POINTS, type Point, PRICE } from './points.ts'

const ORDERS_A_LIFE = 6
const AT_ONCE = 4
const DRAINED_WITHIN_MS = 60_000
const LONGEST_LIFE_MS = 1000

export type Killed = {
  kills: number
  acknowledged: number
  lost: string[]
  doubled: string[]
  torn: string[]
  lettersAgain: number
  drainedMs: number
  /** Points at which it was killed on purpose; the others came to their end anywhere. */
  atPoints: string[]
}

/** Orders whose pages are open, each of a learner of its own. */
const prepared = async (folder: string, orders: number): Promise<void> => {
  const file = openSchoolFile(join(folder, 'school.sqlite'))
  const store = tables({ file, outbox: events({ file, clock: systemClock, log: silentLog }) })
  await store.commit([publicationRecords.put({ ...aPublication(COURSE.id, PRICE), ...COURSE })])
  for (let first = 1; first <= orders; first += 30) {
    const numbers = Array.from({ length: Math.min(30, orders - first + 1) }, (_, place) => first + place)
    const changes = numbers.flatMap((number) => {
      const learner = `prs_${number}`
      const order = anOrder({
        id: orderOf(number),
        learner,
        email: `${learner}@lectern.test`,
        courses: [COURSE],
        price: PRICE,
        unit: PRICE,
        session: sessionOf(number),
      })
      const { id, createdAt } = order
      return [
        orderRecords.add(order),
        soldRecords.add({ order: id, createdAt }),
        unpaidRecords.add({ learner, wanted: COURSE.id, order: id, dueAt: createdAt }),
      ]
    })
    await store.commit(changes)
  }
  await file.close()
}

const sessionOf = (number: number): string => orderOf(number).replace('ord_', 'cs_')

const newsOf = (number: number): PaymentNews => ({
  ...{
    id: `evt_${number}`,
    type: 'checkout.session.completed',
    createdAt: '2026-05-04T09:00:00.000Z',
    isLive: false,
    account: undefined,
    apiVersion: undefined,
  },
  ...{ subject: sessionOf(number), payment: undefined, subscription: undefined, invoice: undefined },
})

/** Whether the machine has said 2xx. */
const posted = (port: number, number: number, agent: Agent): Promise<boolean> =>
  new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', path: '/hooks/stripe', method: 'POST', agent }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    sent.on('error', () => resolve(false))
    sent.end(JSON.stringify(newsOf(number)))
  })

type Parent = { folder: string; isSplit: boolean; acknowledged: Set<number>; orders: number }

/** Sends what is not acknowledged yet, and now and then again what is, as long as the machine lives. */
const sending = async ({ acknowledged, orders }: Parent, port: number, isDead: () => boolean): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  let sent = 0
  const one = async (): Promise<void> => {
    while (!isDead() && acknowledged.size < orders) {
      sent += 1
      const oldest = acknowledged.size === 0 ? 1 : Math.max(1, acknowledged.size - 3)
      const number = sent % 5 === 0 ? oldest : ((acknowledged.size + sent) % orders) + 1
      if (await posted(port, number, agent)) acknowledged.add(number)
      else await pause(2)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  agent.destroy()
}

const CHILD = new URL('./child.ts', import.meta.url)

/** A program that has read its code and waits for its turn. */
const loaded = async (folder: string): Promise<ChildProcess> => {
  const child = fork(CHILD, { execArgv: [], env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled'), NODE_OPTIONS: '' } })
  await once(child, 'message')
  return child
}

const begun = async (child: ChildProcess, begin: Begin): Promise<number | undefined> => {
  const dead = once(child, 'exit').then(() => undefined)
  child.send(begin)
  const listening = once(child, 'message').then(([said]) => (said as Listening).port)
  return Promise.race([listening, dead])
}

const waiting = (folder: string): number => {
  const database = new DatabaseSync(join(folder, 'school.sqlite'), { readOnly: true })
  const row = database.prepare('SELECT count(*) AS count FROM deliveries').get()
  database.close()
  return Number(row?.['count'])
}

/** A last life that nobody ends, until nothing is left to be delivered; answers how long that took. */
const drained = async (child: ChildProcess, folder: string): Promise<number> => {
  const began = performance.now()
  await begun(child, { folder, isSplit: false })
  while (waiting(folder) > 0 && performance.now() - began < DRAINED_WITHIN_MS) await pause(50)
  const took = performance.now() - began
  const left = waiting(folder)
  child.kill('SIGKILL')
  if (left > 0) throw new Error(`${left} deliveries are left after ${Math.round(took / 1000)} s.`)
  return took
}

const linesOf = async (folder: string, name: string): Promise<string[]> =>
  (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')

/** What the disk says of each order, against what was acknowledged. */
const judged = async ({ folder, acknowledged, orders }: Parent): Promise<Pick<Killed, 'lost' | 'doubled' | 'torn' | 'lettersAgain'>> => {
  const file = openSchoolFile(join(folder, 'school.sqlite'))
  const store = tables({ file, outbox: events({ file, clock: systemClock, log: silentLog }) })
  const letters = (await linesOf(folder, 'letters')).filter((line) => line.endsWith('.enrolled'))
  const [lost, doubled, torn]: [string[], string[], string[]] = [[], [], []]
  for (let number = 1; number <= orders; number += 1) {
    const id = orderOf(number)
    const state = (await orderRecords.get(store, { id }))?.value.state
    const facts = (await enrolmentRecords.get(store, { learner: `prs_${number}`, course: COURSE.id }))?.value.facts.length ?? 0
    const entries = (await store.list(`order#${id}`, { prefix: 'entry#' })).items.length
    const written = new Set(letters.filter((letter) => letter.startsWith(id))).size
    const says = `${id} is ${state}: ${facts} facts, ${entries} entries, ${written} letters`
    if (facts > 1 || entries > 1 || written > 1) doubled.push(says)
    if (acknowledged.has(number) && (state !== 'paid' || facts < 1 || entries < 1 || written < 1)) lost.push(says)
    if ((state === 'paid') !== (facts === 1) || facts !== entries || facts !== written) torn.push(says)
  }
  await file.close()
  return { lost, doubled, torn, lettersAgain: letters.length - new Set(letters).size }
}

/** One life: it is sent news of payments until it is killed, at its point, or whenever it happens to be. */
const life = async (
  parent: Parent,
  child: ChildProcess,
  { point, nth, afterMs }: { point: Point | undefined; nth: number; afterMs: number },
): Promise<void> => {
  const gone = once(child, 'exit')
  let isDead = false
  child.once('exit', () => {
    isDead = true
  })
  const port = await begun(child, { folder: parent.folder, isSplit: parent.isSplit, ...(point && { killAt: { point, nth } }) })
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
  if (port !== undefined) await sending(parent, port, () => isDead)
  await gone
  clearTimeout(timer)
}

/** `isSplit`: with commits broken in two, which must be found out. */
type Wanted = { kills: number; seed: number; isSplit?: boolean }

/** Lives of a machine over one disk, each killed -9: at each point by turns, and every third time whenever it happens to be. */
export const survive = async ({ kills, seed, isSplit = false }: Wanted, tell: (killed: number, acknowledged: number) => void = () => {}): Promise<Killed> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-kills-'))
  const random = seeded(seed)
  const parent: Parent = { folder, isSplit, acknowledged: new Set(), orders: kills * ORDERS_A_LIFE }
  await prepared(folder, parent.orders)
  let next = loaded(folder)
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const child = await next
      next = loaded(folder)
      const point = kill % 3 === 2 ? undefined : POINTS[(kill - Math.floor(kill / 3)) % POINTS.length]
      // Whoever never comes by its point is killed all the same.
      await life(parent, child, { point, nth: random.between(1, 4), afterMs: point ? LONGEST_LIFE_MS : random.between(1, 80) })
      tell(kill + 1, parent.acknowledged.size)
    }
    const drainedMs = await drained(await next, folder)
    return { kills, acknowledged: parent.acknowledged.size, ...(await judged(parent)), drainedMs, atPoints: await linesOf(folder, 'killed') }
  } finally {
    ;(await next).kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}
