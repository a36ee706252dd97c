/** In the place of `node:test`: what is registered is written down, and nothing is run. */

type Options = { skip?: string | boolean }
export type Registered = { port: string; name: string; skip?: string }

const port = new URL(import.meta.url).searchParams.get('port') ?? ''
const registered: Registered[] = []
let reasons: string[] = []

const parts = (given: readonly unknown[]): { options: Options; body: (() => unknown) | undefined } => {
  const body = given.find((each): each is () => unknown => typeof each === 'function')
  const options = given.find((each): each is Options => typeof each === 'object' && each !== null)
  return { options: options ?? {}, body }
}

const reasonOf = ({ skip }: Options): string[] => (skip === undefined || skip === false ? [] : [String(skip)])

export const test = (name: string, ...given: readonly unknown[]): void => {
  const [reason] = [...reasons, ...reasonOf(parts(given).options)]
  registered.push({ port, name, ...(reason !== undefined && { skip: reason }) })
}
export const it = test

export const describe = (_name: string, ...given: readonly unknown[]): void => {
  const { options, body } = parts(given)
  const outside = reasons
  reasons = [...outside, ...reasonOf(options)]
  body?.()
  reasons = outside
}
export const suite = describe

const nothing = (): void => {}
export const before = nothing
export const after = nothing
export const beforeEach = nothing
export const afterEach = nothing
export const mock = {}

/** What has been registered since it was asked for last. */
export const taken = (): Registered[] => registered.splice(0)
