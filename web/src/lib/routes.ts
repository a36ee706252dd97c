import visitors from 'virtual:addresses/visitors'
import type { Contract } from '#contract/contract.ts'

const procedure = (address: string) => {
  const [method, path] = address.split(' ')
  return { '~orpc': { route: { method, path }, meta: {}, errorMap: {} } }
}

type Addresses = typeof visitors
const known: Record<string, Record<string, ReturnType<typeof procedure>>> = {}

/** What comes inside: the client looks an endpoint up when it is called. */
export const takeAddresses = (addresses: Addresses): void => {
  for (const [feature, verbs] of Object.entries(addresses))
    known[feature] = { ...known[feature], ...Object.fromEntries(Object.entries(verbs).map(([verb, at]) => [verb, procedure(at)])) }
}
takeAddresses(visitors)

export const isKnown = ([feature = '', verb = '']: readonly string[]): boolean => known[feature]?.[verb] !== undefined

/** The contract as far as a client needs it: what is asked where. Its schemas stay at the school, which checks what it takes and what it tells. */
export const routes =
  // Made from the contract itself by the build, feature for feature; the client reads nothing of it but these routes.
  known as unknown as Contract
