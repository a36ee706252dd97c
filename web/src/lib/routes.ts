import addresses from 'virtual:addresses'
import type { Contract } from '#contract/contract.ts'

const procedure = (address: string) => {
  const [method, path] = address.split(' ')
  return { '~orpc': { route: { method, path }, meta: {}, errorMap: {} } }
}

/** The contract as far as a client needs it: what is asked where. Its schemas stay at the school, which checks what it takes and what it tells. */
export const routes =
  // Made from the contract itself by the build, feature for feature; the client reads nothing of it but these routes.
  Object.fromEntries(
    Object.entries(addresses).map(([feature, verbs]) => [feature, Object.fromEntries(Object.entries(verbs).map(([verb, at]) => [verb, procedure(at)]))]),
  ) as unknown as Contract
