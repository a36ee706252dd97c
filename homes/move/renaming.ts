import type { Item, Json, JsonObject } from '#ports/tables.ts'

/** What homes call their people: a ULID with its kind before it, or the UUID of a user pool. */
const ID = /[a-z]{3}_[0-9a-z]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

const isId = (text: string): boolean => text.replace(ID, '') === ''

export type Rename = { text(text: string): string; item(item: Item): Item }

/**
 * People have another id in another home, and are named by it throughout: in keys, in bodies, in the index, by itself or in the
 * middle of a text. All of them are renamed.
 */
export const renaming = (ids: ReadonlyMap<string, string>): Rename => {
  const odd = [...ids.keys()].find((id) => !isId(id))
  if (odd !== undefined) throw new Error(`${odd} is no id of a shape that could be found again in a text.`)
  const text = (old: string): string => old.replace(ID, (id) => ids.get(id) ?? id)
  const value = (old: Json): Json => {
    if (typeof old === 'string') return text(old)
    if (Array.isArray(old)) return old.map(value)
    return typeof old === 'object' && old !== null ? object(old) : old
  }
  const object = (old: JsonObject): JsonObject => Object.fromEntries(Object.entries(old).map(([name, each]) => [text(name), value(each)]))
  return {
    text,
    item: ({ pk, sk, body, version, index }) => ({
      ...{ pk: text(pk), sk: text(sk), body: object(body), version },
      ...(index && { index: { ipk: text(index.ipk), isk: text(index.isk) } }),
    }),
  }
}
