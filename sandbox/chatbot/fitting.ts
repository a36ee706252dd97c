type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  items?: Schema
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  minItems?: number
  minimum?: number
}

const isObject = (given: unknown): given is Record<string, unknown> => typeof given === 'object' && given !== null && !Array.isArray(given)

const filler = (schema: Schema, words: string): unknown => {
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'boolean':
      return true
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'null':
      return null
    default:
      return words
  }
}

/**
 * `have`, in the shape that a schema asks for: what it names and we have is taken as it is, what we have not is made up, and the rest is left
 * out. It knows the words of JSON Schema that schemas of answers are made of.
 */
export const fitted = (schema: Schema, have: unknown, words = 'A few words'): unknown => {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum.includes(have) ? have : schema.enum[0]
  if (schema.anyOf?.[0]) return fitted(schema.anyOf[0], have, words)
  if (schema.type === 'object' || schema.properties) {
    const of = isObject(have) ? have : {}
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, fitted(inner, of[name], words)]))
  }
  if (schema.type === 'array') {
    const { items = {}, minItems = 1 } = schema
    const all: unknown[] = Array.isArray(have) ? have : Array.from({ length: minItems })
    return all.map((each) => fitted(items, each, words))
  }
  return have ?? filler(schema, words)
}

/** A schema somebody sent; one that is none asks for nothing. */
export const schemaIn = (given: unknown): Schema | undefined => (isObject(given) ? given : undefined)
