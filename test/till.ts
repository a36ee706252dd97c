import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type HookAnswer, stripeHook } from '#api/webhooks.ts'
import type { World } from '#ports/world.ts'
import { eventBody, sign } from '#sandbox/stripe/deliveries.ts'
import type { Faults } from '#sandbox/stripe/faults.ts'
import type { Rules } from '#sandbox/stripe/rules.ts'
import type { StripeEvent } from '#sandbox/stripe/store.ts'
import { type StripeSandbox, startStripeSandbox } from '#sandbox/stripe.ts'
import type { StripeOptions } from '#vendors/stripe/client.ts'
import { stripePayments } from '#vendors/stripe/stripe.ts'
import { aCourse, aLesson } from './builders.ts'
import { buy } from './buy.ts'
import { openSchool, type School } from './school.ts'

export const WEBHOOK_SECRET = 'whsec_of_the_till'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A webhook endpoint on loopback, as a home has one, that counts what it has answered. */
const hookServer = async (world: World) => {
  const answers: number[] = []
  let heard = (): void => {}
  const receive = stripeHook(world)
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const signature = request.headers['stripe-signature']
    const { status, body } = await receive({ body: Buffer.concat(chunks), signature: Array.isArray(signature) ? signature[0] : signature })
    response.writeHead(status).end(body)
    answers.push(status)
    heard()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The hook server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}/hooks/stripe`,
    answers,
    /** Once so many deliveries have been answered in all. */
    async arrived(count: number): Promise<void> {
      while (answers.length < count)
        await new Promise<void>((next) => {
          heard = next
        })
    },
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      await closed
    },
  }
}

const pageOf = (checkoutUrl: string | undefined): string => checkoutUrl?.split('/').at(-1) ?? ''

/** What happens with the provider rather than in the school: people pay, banks dispute, cards fail. */
const providerOf = (sandbox: StripeSandbox) => {
  const post = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${sandbox.url}/api/${path}`, { method: 'POST', body: JSON.stringify(body) })
    const told = await answer.text()
    if (answer.status !== 200) throw new Error(`The stand-in answered ${answer.status} to ${path}: ${told}`)
    return JSON.parse(told)
  }
  const ask = async (path: string): Promise<unknown> =>
    (await fetch(`${sandbox.apiUrl}/v1/${path}`, { headers: { authorization: 'Bearer sk_test_till' } })).json()
  /** Payments that went through, newest first: the page's own, or those of the subscription it began. */
  const paymentsOf = async (checkoutUrl: string | undefined): Promise<string[]> => {
    // The fields of a session, and of a list of invoices, that are read here.
    const session = (await ask(`checkout/sessions/${pageOf(checkoutUrl)}`)) as { payment_intent: string | null; subscription: string | null }
    if (session.subscription === null) return session.payment_intent === null ? [] : [session.payment_intent]
    const path = `invoices?subscription=${session.subscription}&status=paid&limit=100&expand[]=data.payments`
    const { data } = (await ask(path)) as { data: { payments: { data: { payment: { payment_intent: string } }[] } }[] }
    return data.flatMap(({ payments }) => payments.data.map(({ payment }) => payment.payment_intent))
  }

  return {
    faults: (faults: Partial<Faults>) => post('faults', faults),
    /** What is set in the provider's dashboard: when failed renewals are tried again, and what becomes of them. */
    rules: (rules: Partial<Rules>) => post('rules', rules),
    /** Pays as a learner would, on the checkout page an order points to; `card` is the number of a test card. */
    pay: (checkoutUrl: string | undefined, paidWith: Record<string, unknown> = {}) => post(`sessions/${pageOf(checkoutUrl)}/pay`, paidWith),
    /** Gives back what was paid on the page, or an amount of it, as the school would on the provider's dashboard. */
    refund: (checkoutUrl: string | undefined, amount?: number) => post(`sessions/${pageOf(checkoutUrl)}/refund`, { amount }),
    /** Disputes what was paid on the page; with an outcome, one that is open is decided (or one is opened and decided). */
    async dispute(checkoutUrl: string | undefined, outcome?: 'won' | 'lost'): Promise<Record<string, unknown>> {
      const [payment] = await paymentsOf(checkoutUrl)
      // A list of disputes, newest first.
      const { data } = (await ask(`disputes?payment_intent=${payment}`)) as { data: { id: string; status: string }[] }
      const open = data.find(({ status }) => status === 'needs_response')
      return open ? post(`disputes/${open.id}/close`, { outcome }) : post(`payments/${payment}/dispute`, { outcome })
    },
    /** The bank asks about what was paid on the page, and takes nothing yet; asked again, it asks no more. */
    async inquire(checkoutUrl: string | undefined): Promise<Record<string, unknown>> {
      const [payment] = await paymentsOf(checkoutUrl)
      // A list of disputes, newest first.
      const { data } = (await ask(`disputes?payment_intent=${payment}`)) as { data: { id: string }[] }
      return data[0] ? post(`disputes/${data[0].id}/close`, { outcome: 'won' }) : post(`payments/${payment}/dispute`, { isInquiry: true })
    },
    /** The card's bank warns of fraud. */
    warn: (checkoutUrl: string | undefined) => post(`sessions/${pageOf(checkoutUrl)}/warn`, {}),
    /** From now on every card kept fails when it is charged by itself; or acts as the test card of that number does. */
    failCards: (number = '4000 0000 0000 0341') => post('cards', { number }),
    fixCards: () => post('cards', {}),
    /** Pays an open invoice on its page; with a card, by that one. */
    payInvoice: (invoice: string, card?: string) => post(`invoices/${invoice}/pay`, { card }),
    paymentsOf,
    ask,
  }
}

export type Till = Awaited<ReturnType<typeof openTill>>

/** A school that sells: the real client of Stripe talking over loopback to the stand-in, and the stand-in's webhooks coming back. */
export const openTill = async (options: Partial<StripeOptions> = {}) => {
  const school: School = await openSchool()
  const { world, clock } = school
  const folder = await mkdtemp(join(tmpdir(), 'lectern-till-'))
  const hooks = await hookServer(world)
  const open = () =>
    startStripeSandbox({
      folder,
      webhookUrl: hooks.url,
      webhookSecret: WEBHOOK_SECRET,
      publicUrl: 'http://school.test',
      schoolName: 'Test School',
      now: () => clock.now().getTime(),
    })
  const sandbox = await open()
  world.payments = stripePayments({ secretKey: 'sk_test_till', webhookSecrets: [WEBHOOK_SECRET], apiUrl: sandbox.apiUrl, clock, ...options })

  const { ask, ...verbs } = providerOf(sandbox)
  // The stand-in answers Stripe's list of events, newest first.
  const list = async (): Promise<StripeEvent[]> => ((await ask('events?limit=100')) as { data: StripeEvent[] }).data
  const ageNow = (): number => Math.floor(clock.now().getTime() / 1000)
  const deliver = (body: string, signature: string | undefined): Promise<HookAnswer> => stripeHook(world)({ body: bytes(body), signature })

  return {
    ...school,
    ...{ ...verbs, ask, sandbox, hooks, deliver },
    /**
     * So many seconds later, for the school and the provider, which does what came due in between, each thing at its own
     * moment, and tells of it. A renewal is charged an hour after its period began, as Stripe does.
     */
    async later(seconds: number): Promise<void> {
      // What is on its way arrives first: signed before the leap, it would be stale after it.
      await sandbox.run()
      clock.pass(seconds)
      await sandbox.run()
    },
    expire: (checkoutUrl: string | undefined) =>
      fetch(`${sandbox.apiUrl}/v1/checkout/sessions/${pageOf(checkoutUrl)}/expire`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_till' },
      }),
    event: async (type: string): Promise<StripeEvent> => {
      const found = (await list()).find((event) => event.type === type)
      if (!found) throw new Error(`The stand-in has made no ${type}.`)
      return found
    },
    sessions: async (): Promise<number> => ((await (await fetch(sandbox.url)).text()).match(/data-label="Order"/g) ?? []).length,
    /** Delivers an event as Stripe would, signed now. */
    tell: (event: StripeEvent) => deliver(eventBody(event), sign(eventBody(event), WEBHOOK_SECRET, ageNow())),
    stored: (prefix: string): number =>
      Number(school.database.prepare('SELECT count(*) AS count FROM items WHERE substr(pk, 1, ?) = ?').get(prefix.length, prefix)?.['count']),
    happened: (name: string): number => Number(school.database.prepare('SELECT count(*) AS count FROM outbox WHERE name = ?').get(name)?.['count']),
    close: async () => {
      await sandbox.close()
      await hooks.close()
      await school.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** A published course with a price, and someone who would learn from it. */
export const aSale = async (till: Till, { amountMinor = 4900, currency = 'EUR' }: { amountMinor?: number; currency?: string } = {}) => {
  const teacher = await till.person('Tove', 'instructor')
  const { course, section } = await aCourse(teacher, { title: 'Colour' })
  await aLesson(teacher, { course, section })
  await teacher.client.courses.update({ course, summary: 'Seeing colour.', description: 'All of it.', price: { amountMinor, currency } })
  const { slug } = await teacher.client.courses.publish({ course })
  await till.settle()
  const learner = await till.person('Lena')
  const isEnrolled = async (): Promise<boolean> => (await till.world.tables.get({ pk: `learner#${learner.id}`, sk: `enrolment#${course}` })) !== undefined
  return { teacher, learner, course, slug, isEnrolled }
}

/** A till that closes when the test is over. */
export const aTill = async (t: TestContext, options: Partial<StripeOptions> = {}): Promise<Till> => {
  const till = await openTill(options)
  t.after(() => till.close())
  return till
}

/** An order whose page has been paid while no webhook came. */
export const aPaidPage = async (till: Till, paidWith: Record<string, unknown> = {}) => {
  const sale = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  const order = await buy(sale.learner, sale.course)
  await till.pay(order.checkoutUrl, paidWith)
  return { ...sale, order }
}
