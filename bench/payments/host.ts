import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { courses } from '#core/courses/courses.ts'
import { storeNews } from '#core/payments/inbox.ts'
import { orderRecords, sessionRecords } from '#core/payments/records.ts'
import { chunks } from '#core/records.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { type Home, openHome } from '#homes/machine/home.ts'
import { schoolServer } from '#homes/machine/http.ts'
import { silentLog } from '#homes/machine/log.ts'
import { readSettings } from '#homes/machine/settings.ts'
import { anOrder } from '#test/payments.ts'
import type { Asked, Told } from './messages.ts'
import { eventsOf, saleOf } from './sales.ts'

/** A process with the whole machine home in it, on the disk, whose payments are asked of another process and whose letters go to a third. */
const [folder = '', apiUrl = '', smtpUrl = ''] = process.argv.slice(2)

const ORDERS_A_COMMIT = 40

/** A course for sale; how many others the catalogue lists is of no account. */
const aCourse = async ({ world }: Home): Promise<{ id: string; slug: string; title: string }> => {
  const teacher = await world.identity.create({
    email: 'teacher@lectern.test',
    name: 'Tina',
    password: 'a long enough password',
    roles: ['instructor', 'learner'],
  })
  if (teacher === 'taken') throw new Error('The teacher is there already.')
  const { handlers } = courses
  const { id } = await handlers.create(world, teacher, { title: 'Colour' })
  const { sections } = await handlers.addSection(world, teacher, { course: id, title: 'Beginnings' })
  const { lessons } = (await handlers.addLesson(world, teacher, { course: id, section: sections[0]?.id ?? '', title: 'Red', kind: 'article' })).sections[0] ?? {
    lessons: [],
  }
  await handlers.updateLesson(world, teacher, { lesson: lessons[0]?.id ?? '', text: 'Red is warm.' })
  await handlers.update(world, teacher, { course: id, summary: 'Seeing colour.', description: 'All of it.', price: { amountMinor: 4900, currency: 'EUR' } })
  const { slug } = await handlers.publish(world, teacher, { course: id })
  return { id, slug, title: 'Colour' }
}

const open = async () => {
  await mkdir(join(folder, 'dist'), { recursive: true })
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>School</title>')
  const settings = readSettings({ LECTERN_DATA: folder, SMTP_URL: smtpUrl, MAIL_FROM: 'School <school@lectern.test>' })
  const ids = randomIds(systemClock)
  const secret = ids.secret(24)
  const provider = { secretKey: 'sk_test_bench', webhookSecrets: [secret], apiUrl }
  const home = await openHome({ settings, clock: systemClock, ids, log: silentLog, provider, office: 'apart' })
  const course = await aCourse(home)
  await home.world.events.drain()
  const server = schoolServer(home, join(folder, 'dist'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on TCP has an address with a port.
  return { home, server, secret, course, port: (server.address() as AddressInfo).port }
}

const { home, server, secret, course, port } = await open()
const { world } = home

/** Orders whose page is open, as they are when the buyer is with the provider. */
const sell = async (first: number, count: number): Promise<void> => {
  const sales = Array.from({ length: count }, (_, place) => saleOf(first + place))
  for (const some of chunks(sales, ORDERS_A_COMMIT)) {
    const changes = some.flatMap(({ order, session, learner }) => [
      orderRecords.add(anOrder({ id: order, session, learner, item: { kind: 'course', course: course.id }, title: course.title, courses: [course] })),
      sessionRecords.add({ session, order }),
    ])
    await world.tables.commit(changes)
  }
}

/** What a provider has sent while nothing was worked off. */
const pile = async (first: number, count: number): Promise<void> => {
  const store = async (number: number): Promise<void> => {
    const body = eventsOf(number).at(-1) ?? ''
    const { session } = saleOf(number)
    const none = { account: undefined, apiVersion: undefined, payment: undefined, subscription: undefined, invoice: undefined }
    const at = new Date().toISOString()
    await storeNews(world, { id: `evt_${session}`, type: 'checkout.session.completed', createdAt: at, isLive: false, subject: session, ...none }, body)
  }
  const numbers = Array.from({ length: count }, (_, place) => first + place)
  for (const some of chunks(numbers, 100)) await Promise.all(some.map(store))
}

const answer = async (asked: Asked): Promise<Told> => {
  if (asked.what === 'sell') await sell(asked.first, asked.count)
  if (asked.what === 'pile') await pile(asked.first, asked.count)
  if (asked.what === 'start') await home.start()
  return { what: 'done' }
}

process.send?.({ port, secret })
process.on('message', (asked: Asked) => {
  answer(asked).then(
    (told) => process.send?.(told),
    (error: unknown) => process.send?.({ what: 'failed', why: String(error) }),
  )
})
process.on('disconnect', () => {
  server.closeAllConnections()
  server.close()
  void home.stop().then(() => process.exit(0))
})
