import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Item } from '#ports/tables.ts'
import { holdingOf } from './objects.ts'
import type { Side } from './side.ts'

const bytesOf = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  // A function called for each of millions takes a second.
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + (at >> 8)) & 255
  return bytes
}
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const PASSWORD = 'four quiet words here'

/** A school with people of every kind, items that name them, and objects small and large, named and not. */
export const aSchool = async (side: Side): Promise<{ ada: string }> => {
  const made = async (email: string, roles: ('learner' | 'admin')[]): Promise<string> => {
    const person = await side.identity.create({ email, name: `Name of ${email}`, password: PASSWORD, roles })
    return person === 'taken' ? assert.fail(email) : person.id
  }
  const [ada, bert] = [await made('ada@lectern.test', ['learner', 'admin']), await made('bert@lectern.test', ['learner'])]
  await side.identity.disable(bert)
  const body = { learner: ada, note: `paid by ${bert}, not prs_other`, nested: [{ of: [ada] }], left: null, amountMinor: 4900 }
  await side.tables.commit([
    { kind: 'put', key: { pk: `learner#${ada}`, sk: 'enrolment#crs_1' }, body, index: { ipk: 'learners-of#crs_1', isk: `2026#${ada}` } },
  ])
  for (let at = 0; at < 11; at += 1)
    await side.tables.commit(
      Array.from({ length: 60 }, (_, each) => ({
        kind: 'put',
        key: { pk: `lesson#${at}`, sk: `draft#${each}` },
        body: { text: 'x'.repeat(each), byBert: bert },
      })),
    )
  const fileName = '../Übungsblatt №1 – 練習.pdf'
  await side.take('files/fil_1/content', once(Buffer.from('a file')), { type: 'application/pdf', fileName })
  await side.take('sources/vid_1/original.mp4', once(bytesOf(17 * 1024 ** 2 + 7)), { type: 'video/mp4', cacheControl: 'no-store' })
  await side.take('empty', once(new Uint8Array()), { type: 'text/plain' })
  return { ada }
}

export const everything = async (side: Side): Promise<Item[]> => {
  const items: Item[] = []
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const found = await side.every(page)
    items.push(...found.items)
    page = found.next
  }
  return items
}

const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  )

/** A whole school in one digest, its people called by their addresses: the same in whichever home it is. */
export const digestOf = async (side: Side): Promise<string> => {
  const { items: people } = await side.identity.list()
  const named = (text: string): string => people.reduce((found, { id, email }) => found.replaceAll(id, email), text)
  const items = (await everything(side)).map(({ version: _, ...item }) => named(sortedJson(item)))
  const keys: string[] = []
  await holdingOf(side.objects, ({ key }) => void keys.push(key))
  const objects = await Promise.all(
    keys.map(async (key) => {
      const { etag: _, ...meta } = (await side.objects.head(key)) ?? assert.fail(key)
      const bytes = (await side.objects.range(key, 0, meta.size - 1)) ?? assert.fail(key)
      return named(sortedJson([meta, createHash('sha256').update(bytes).digest('hex')]))
    }),
  )
  const persons = people.map(({ email, name, roles, isDisabled }) => sortedJson([email, name, roles.toSorted(), isDisabled]))
  return createHash('sha256')
    .update([...persons.sort(), ...items.sort(), ...objects.sort()].join('\n'))
    .digest('hex')
}
