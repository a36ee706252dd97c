/** A shape of the SDK's own model (Smithy's, as its clients carry it): a struct's members by name, with the name each has on the wire. */
type Shape = number | (() => Shape) | readonly unknown[]

const STRUCT = 3
const LIST = 1
const MAP = 2
const STRING_LIST = 64
const STRING_MAP = 128

export class ModelFault extends Error {}

const isSchema = (shape: unknown): shape is readonly unknown[] => Array.isArray(shape) && typeof shape[1] === 'string'

/** Without its traits, and no longer lazy. */
const plain = (shape: unknown): Shape => {
  if (typeof shape === 'function') return plain(shape())
  if (Array.isArray(shape) && !isSchema(shape)) return plain(shape[0])
  // What is left is a schema or a number that stands for a simple type.
  return shape as Shape
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const readStruct = (members: readonly string[], shapes: readonly unknown[], value: unknown, path: string): Record<string, unknown> => {
  if (!isRecord(value)) throw new ModelFault(`${path} must be an object`)
  const onWire = new Map(members.map((name, index) => [name.charAt(0).toLowerCase() + name.slice(1), [name, shapes[index]] as const]))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const member = onWire.get(key)
      if (!member) throw new ModelFault(`${path}/${key} is not a property MediaConvert knows`)
      return [member[0], read(member[1], inner, `${path}/${key}`)]
    }),
  )
}

const readSimple = (shape: number, value: unknown, path: string): unknown => {
  const expected = shape === 0 ? 'string' : shape === 1 ? 'number' : shape === 2 ? 'boolean' : undefined
  if (expected && typeof value !== expected) throw new ModelFault(`${path} must be a ${expected}`)
  if (shape >= STRING_LIST && shape < STRING_MAP && !Array.isArray(value)) throw new ModelFault(`${path} must be a list`)
  return value
}

/**
 * A body as it came over the wire, in the SDK's own spelling.
 * @throws ModelFault for a property the model does not know, or one of another type.
 */
export const read = (schema: unknown, value: unknown, path = ''): unknown => {
  const shape = plain(schema)
  if (typeof shape === 'number') return readSimple(shape, value, path)
  if (!isSchema(shape)) return value
  const [kind, , , , first, second] = shape
  // A struct's fifth and sixth entries are its members' names and shapes.
  if (kind === STRUCT) return readStruct(first as string[], second as unknown[], value, path)
  if (kind === LIST) {
    if (!Array.isArray(value)) throw new ModelFault(`${path} must be a list`)
    return value.map((each, index) => read(first, each, `${path}/${index}`))
  }
  if (kind !== MAP || !isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, read(second, inner, `${path}/${key}`)]))
}

/** An answer as it goes over the wire: names begin with a small letter, save the keys of maps of strings. */
export const written = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(written)
  if (value instanceof Date) return value.getTime() / 1000
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), key === 'UserMetadata' ? inner : written(inner)]),
  )
}
