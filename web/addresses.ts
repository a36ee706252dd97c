import type { Plugin } from 'vite'
import { contract } from '#contract/contract.ts'
import { visitorsSources } from './visitors.ts'

export type Addresses = Record<string, Record<string, string>>

/** Method and path of each endpoint, for the browser: the schemas beside them would be a third of what a visitor loads. */
const whole = (): Addresses =>
  Object.fromEntries(
    Object.entries(contract).map(([feature, endpoints]) => [
      feature,
      Object.fromEntries(
        Object.entries(endpoints).map(
          ([
            verb,
            {
              '~orpc': { route },
            },
          ]) => [verb, `${route.method} ${route.path}`],
        ),
      ),
    ]),
  )

/** What visitors' sources call by name, as `feature.verb`. */
const named = (): ReadonlySet<string> =>
  new Set([...visitorsSources().values()].flatMap((text) => [...text.matchAll(/\bclient\.(\w+)\.(\w+)/g)].map(([, feature, verb]) => `${feature}.${verb}`)))

const those = (all: Addresses, isMeant: (name: string) => boolean): Addresses =>
  Object.fromEntries(
    Object.entries(all).flatMap(([feature, verbs]) => {
      const meant = Object.entries(verbs).filter(([verb]) => isMeant(`${feature}.${verb}`))
      return meant.length === 0 ? [] : [[feature, Object.fromEntries(meant)]]
    }),
  )

/** Addresses that visitors' pages call, and all others. */
export const splitAddresses = (): { visitors: Addresses; inside: Addresses } => {
  const [all, calls] = [whole(), named()]
  return { visitors: those(all, (name) => calls.has(name)), inside: those(all, (name) => !calls.has(name)) }
}

const PARTS: Record<string, () => Addresses> = {
  'virtual:addresses/visitors': () => splitAddresses().visitors,
  'virtual:addresses/inside': () => splitAddresses().inside,
}

export const addressesOfTheContract = (): Plugin => ({
  name: 'lectern:addresses',
  resolveId: (id) => (id in PARTS ? `\0${id}` : undefined),
  load(id) {
    const part = id.startsWith('\0') ? PARTS[id.slice(1)] : undefined
    if (!part) return undefined
    for (const path of visitorsSources().keys()) this.addWatchFile(path)
    return `export default ${JSON.stringify(part())}`
  },
})
