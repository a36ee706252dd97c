import { certificateRecords } from '#core/certificates/records.ts'
import { courseRecords } from '#core/courses/records.ts'
import { orderRecords } from '#core/payments/records.ts'
import type { JsonObject } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'

type Told = Record<string, unknown>

/** What a receiver is told of each thing that an event names, besides its id. Of what has gone since, the id alone. */
const OF: Record<string, (world: World, id: string) => Promise<Told | undefined>> = {
  learner: async ({ identity }, id) => {
    const person = await identity.find(id)
    return person && { email: person.email, name: person.name }
  },
  course: async ({ tables }, id) => {
    const course = (await courseRecords.get(tables, { id }))?.value
    return course && { title: course.title, slug: course.slug }
  },
  order: async ({ tables }, id) => {
    const order = (await orderRecords.get(tables, { id }))?.value
    return order && { title: order.title, price: order.price, refundedMinor: order.refundedMinor ?? 0, isLive: order.isLive }
  },
  certificate: async ({ tables, settings }, id) => {
    const certificate = (await certificateRecords.get(tables, { id }))?.value
    return certificate && { url: `${settings.url}/certificates/${id}` }
  },
  lesson: async () => ({}),
  membership: async () => ({}),
}

const told = async (world: World, name: string, value: unknown): Promise<unknown> => {
  const look = Object.hasOwn(OF, name) ? OF[name] : undefined
  return look && typeof value === 'string' ? { id: value, ...(await look(world, value)) } : value
}

/** An event as it is told outside: each thing it names is an object with its id. */
export const dataOf = async (world: World, payload: JsonObject): Promise<Told> => {
  const entries = Object.entries(payload).map(async ([name, value]) => [name, await told(world, name, value)] as const)
  return Object.fromEntries(await Promise.all(entries))
}
