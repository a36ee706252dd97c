import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Json, JsonObject } from '#ports/tables.ts'

/** As JSON writes it: what is undefined in an object is left out. */
const attribute = (value: Json): AttributeValue => {
  if (value === null) return { NULL: true }
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  return Array.isArray(value) ? { L: value.map(attribute) } : { M: attributes(value) }
}

/** An object of JSON as DynamoDB keeps it. */
export const attributes = (body: JsonObject): Record<string, AttributeValue> => {
  // A record's optional values may be there and undefined, whatever the type says.
  const entries = Object.entries<Json | undefined>(body).flatMap(([name, value]) => (value === undefined ? [] : [[name, attribute(value)] as const]))
  // Entries, not assignments: `__proto__` is a name like any other.
  return Object.fromEntries(entries)
}

const json = (value: AttributeValue): Json => {
  if (value.S !== undefined) return value.S
  if (value.N !== undefined) return Number(value.N)
  if (value.BOOL !== undefined) return value.BOOL
  if (value.L) return value.L.map(json)
  if (value.M) return jsonObject(value.M)
  if (value.NULL) return null
  throw new Error(`An item holds what JSON does not know: ${Object.keys(value).join(', ')}.`)
}

export const jsonObject = (map: Record<string, AttributeValue>): JsonObject =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, json(value)]))

/** An attribute that every item of its kind has; an item without it is a fault, not an absence. */
export const textIn = (item: Record<string, AttributeValue>, name: string): string => {
  const text = item[name]?.S
  if (text === undefined) throw new Error(`An item has no ${name}.`)
  return text
}

export const numberIn = (item: Record<string, AttributeValue>, name: string): number => {
  const digits = item[name]?.N
  if (digits === undefined) throw new Error(`An item has no ${name}.`)
  return Number(digits)
}
