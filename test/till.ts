import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type HookAnswer, stripeHook } from '#api/webhooks.ts'
import type { World } from '#ports/world.ts'
import { eventBody, sign } from '#sandbox/stripe/deliveries.ts'
import type { Faults } from '#sandbox/stripe/faults.ts'
import type { StripeEvent } from '#sandbox/stripe/store.ts'
import { startStripeSandbox } from '#sandbox/stripe.ts'
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

  const post = async (path: string, body: unknown): Promise<void> => {
    const { status } = await fetch(`${sandbox.url}/api/${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (status !== 200) throw new Error(`The stand-in answered ${status} to ${path}.`)
  }
  const list = async (): Promise<StripeEvent[]> => {
    const response = await fetch(`${sandbox.apiUrl}/v1/events?limit=100`, { headers: { authorization: 'Bearer sk_test_till' } })
    // The stand-in answers Stripe's list of events, newest first.
    return ((await response.json()) as { data: StripeEvent[] }).data
  }
  const ageNow = (): number => Math.floor(clock.now().getTime() / 1000)
  const deliver = (body: string, signature: string | undefined): Promise<HookAnswer> => stripeHook(world)({ body: bytes(body), signature })

  return {
    ...school,
    ...{ sandbox, hooks, deliver },
    faults: (faults: Partial<Faults>) => post('faults', faults),
    /** Pays as a learner would, on the checkout page an order points to. */
    pay: (checkoutUrl: string | undefined, paidWith: Record<string, unknown> = {}) => post(`sessions/${checkoutUrl?.split('/').at(-1)}/pay`, paidWith),
    /** Gives back what was paid on the page, or an amount of it, as the school would on the provider's dashboard. */
    refund: (checkoutUrl: string | undefined, amount?: number) => post(`sessions/${checkoutUrl?.split('/').at(-1)}/refund`, { amount }),
    expire: (checkoutUrl: string | undefined) =>
      fetch(`${sandbox.apiUrl}/v1/checkout/sessions/${checkoutUrl?.split('/').at(-1)}/expire`, {
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
