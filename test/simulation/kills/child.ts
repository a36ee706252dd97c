import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { listeners } from '#core/events.ts'
import { notices } from '#core/notices/notices.ts'
import { payments as selling } from '#core/payments/payments.ts'
import { receipts } from '#core/receipts/receipts.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { events } from '#homes/machine/events.ts'
import { hooks } from '#homes/machine/hooks.ts'
import { silentLog } from '#homes/machine/log.ts'
import { openSchoolFile } from '#homes/machine/school-file.ts'
import { tables } from '#homes/machine/tables.ts'
import type { Checkout, PaymentNews, Payments } from '#ports/payments.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { noPayments } from '#test/no-payments.ts'
import { splitInTwo } from '../split.ts'
import { type Begin, type Point, PRICE } from './points.ts'

/** What is done about a payment; the rest of the school only makes each start slower. */
const HEARINGS = [...selling.hearings, ...receipts.hearings, ...notices.hearings]

/** The provider: whoever asks is told the same by every life of the machine, for all of it follows from the page's number. */
const checkoutOf = (session: string): Checkout => {
  const number = session.slice('cs_'.length)
  return {
    ...{ session, order: `ord_${number}`, url: undefined, status: 'complete', isPaid: true, paid: PRICE, taxMinor: 0, isLive: false },
    ...{ payment: `pi_${number}`, customer: undefined, subscription: undefined, buyer: { name: undefined, country: undefined, taxId: undefined } },
  }
}

const payments: Payments = {
  ...noPayments(),
  readCheckout: async (session) => checkoutOf(session),
  // The parent sends what a verified webhook tells.
  readNews: (body) => JSON.parse(new TextDecoder().decode(body)) as PaymentNews,
}

/** Ends this program as a power cut would when it comes by a point for the nth time. */
const killing = ({ folder, killAt }: Begin) => {
  let passed = 0
  return (point: Point): void => {
    if (point !== killAt?.point) return
    passed += 1
    if (passed !== killAt.nth) return
    appendFileSync(join(folder, 'killed'), `${point}\n`)
    process.kill(process.pid, 'SIGKILL')
  }
}

const writes = (changes: readonly Change[], pk: string, sk: string): boolean =>
  changes.some(({ kind, key }) => kind === 'put' && key.pk.startsWith(pk) && key.sk.startsWith(sk))

/** What a commit is for, in the words of the points. */
const whatIs = (changes: readonly Change[]): 'the insert' | 'settling' | 'the receipt' | 'the mark' | undefined => {
  if (writes(changes, 'order#', 'order')) return 'settling'
  if (writes(changes, 'hook#', 'hook')) return 'the insert'
  if (writes(changes, 'letter#', 'sent')) return 'the mark'
  return writes(changes, 'receipt', '') ? 'the receipt' : undefined
}

const watched = (inner: Tables, pass: (point: Point) => void): Tables => ({
  ...inner,
  commit: async (changes, told) => {
    const what = whatIs(changes)
    if (what) pass(`before ${what}`)
    const outcome = await inner.commit(changes, told)
    if (what && outcome === 'done') pass(`after ${what}`)
    return outcome
  },
})

const absent = <T extends object>(): T =>
  // Nothing about money has a use for it: whatever is asked of it throws.
  ({}) as T

const open = (begin: Begin): void => {
  const pass = killing(begin)
  const [clock, log] = [systemClock, silentLog]
  const file = openSchoolFile(join(begin.folder, 'school.sqlite'))
  const outbox = events({ file, clock, log })
  const post = join(begin.folder, 'letters')
  const store = watched(tables({ file, outbox }), pass)
  const world: World = {
    ...{
      clock,
      ids: randomIds(clock),
      log,
      payments,
      events: outbox,
      tables: begin.isSplit ? splitInTwo(store) : store,
      transcription: undefined,
      pages: undefined,
    },
    identity: {
      ...absent<World['identity']>(),
      find: async (id) => ({ id, name: id, email: `${id}@lectern.test`, roles: ['learner'], isVerified: true, isDisabled: false }),
    },
    mail: {
      send: async ({ id }) => {
        pass('before the letter')
        appendFileSync(post, `${id}\n`)
        pass('after the letter')
      },
    },
    alerts: { tell: async ({ id }) => appendFileSync(join(begin.folder, 'alerts'), `${id}\n`), send: async () => {} },
    ...{
      objects: absent(),
      webhooks: absent(),
      transcoder: absent(),
      keys: absent(),
      tasks: absent(),
      drafts: absent(),
      premises: absent(),
      repository: undefined,
    },
    settings: {
      ...{
        home: 'machine',
        encoders: 1,
        schoolName: 'Test School',
        url: 'http://school.test',
        currency: 'EUR',
        ownerEmail: 'owner@lectern.test',
        securityContact: 'mailto:owner@lectern.test',
      },
      ...{ mediaUrl: 'http://school.test', connects: [], chatbot: undefined, chatbotMonthMicros: 0, content: { proposalsADay: 0, isStandIn: false } },
      ...{ upload: { maxBytes: 1, fileMaxBytes: 1, partBytes: 1, quotaBytes: undefined, straight: undefined }, playbackTtlSeconds: 600 },
    },
  }
  outbox.listen(listeners(world, HEARINGS))
  const receive = hooks(world)
  const server = createServer((request, response) => void receive(request, response))
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    outbox.start()
    process.send?.({ port: typeof address === 'object' ? (address?.port ?? 0) : 0 })
  })
}

// Whoever is killed leaves no cache behind: the first writes it down for all of them now.
flushCompileCache()
// Loaded, and waiting: the machine before may still be alive.
process.once('message', (begin: Begin) => open(begin))
process.send?.('loaded')
