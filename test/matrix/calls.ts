import { ORPCError } from '@orpc/client'
import type { AnyContractProcedure } from '@orpc/contract'
import type { EndpointMeta } from '#contract/base.ts'
import { contract } from '#contract/contract.ts'
import { type TokenScope, tokenScopeOf } from '#contract/token-scopes.ts'
import type { Caller } from './row.ts'
import type { Scene, Things } from './scene.ts'

export type Route = {
  name: string
  feature: string
  verb: string
  access: EndpointMeta['access']
  method: string
  scope: TokenScope | undefined
  fields: readonly string[]
}

const fieldsOf = (endpoint: AnyContractProcedure): string[] => {
  const { inputSchema } = endpoint['~orpc']
  // Inputs are objects of zod, which have a shape.
  return Object.keys((inputSchema as unknown as { shape: object }).shape)
}

/** Every route there is, from the contract itself. */
export const routes = (): Route[] =>
  Object.entries(contract).flatMap(([feature, endpoints]) =>
    Object.entries<AnyContractProcedure>(endpoints).map(([verb, endpoint]) => {
      // Every endpoint is declared through `endpoint()`, which writes exactly this meta.
      const { access } = endpoint['~orpc'].meta as EndpointMeta
      const { method = '' } = endpoint['~orpc'].route
      return { name: `${feature}.${verb}`, feature, verb, access, method, scope: tokenScopeOf(`${feature}.${verb}`), fields: fieldsOf(endpoint) }
    }),
  )

/** `stored`: all that the tables hold afterwards, where the call has changed anything. */
export type Outcome = { code: string; text: string; stored: string | undefined }
export type Call = (who: Caller, input: unknown) => Promise<Outcome>

const TABLES = ['items', 'outbox', 'deliveries']

/** Puts the tables and the accounts back as they are now, as often as one likes; and tells what they hold where that is not so any more. */
const keeping = ({ school: { database, people } }: Scene) => {
  const kept = new Map(people)
  const accounts = (): string => JSON.stringify([...people])
  const accountsKept = accounts()
  const changes = (): number => Number(database.prepare('SELECT total_changes() AS count').get()?.['count'])
  for (const name of TABLES) database.exec(`CREATE TEMP TABLE kept_${name} AS SELECT * FROM ${name}`)
  let at = changes()
  return {
    changed: (): string | undefined => {
      const now = accounts()
      if (changes() === at && now === accountsKept) return undefined
      return JSON.stringify(database.prepare('SELECT pk, sk, body, ipk, isk FROM items').all()) + now
    },
    putBack: (): void => {
      people.clear()
      for (const [id, person] of kept) people.set(id, person)
      if (changes() === at) return
      for (const name of TABLES.toReversed()) database.exec(`DELETE FROM ${name}`)
      for (const name of TABLES) database.exec(`INSERT INTO ${name} SELECT * FROM kept_${name}`)
      at = changes()
    },
  }
}

/** The same ids in every call, so that two calls can be compared. */
const countingIds = () => {
  let count = 0
  const next = (): string => {
    count += 1
    return String(count)
  }
  return {
    restart: (): void => {
      count = 0
    },
    ids: {
      make: (kind: string): string => `${kind}_made${next().padStart(6, '0')}`,
      secret: (bytes: number): string => `made${next()}`.padEnd(Math.ceil((bytes * 4) / 3), '0'),
    },
  }
}

type AnyClient = Record<string, Record<string, (input: unknown) => Promise<unknown>>>

/** Calls a route as somebody, on the school as it was when the scene was set; by their sign-in, or however `by` lets them in. */
export const caller = (scene: Scene): ((route: Route, by?: (who: Caller) => unknown) => Call) => {
  const { changed, putBack } = keeping(scene)
  const { ids, restart } = countingIds()
  scene.school.world.ids = ids
  const clientOf = (who: Caller): AnyClient => {
    const client = who === 'visitor' ? scene.school.visitor : scene.people[who].client
    // The client of the contract, whose routes are called by their names here.
    return client as unknown as AnyClient
  }
  return ({ feature, verb }, by = clientOf) =>
    async (who, input) => {
      putBack()
      restart()
      // Whichever it is, a client of the contract.
      const route = (by(who) as AnyClient)[feature]?.[verb]
      if (!route) throw new Error(`The client has no ${feature}.${verb}.`)
      try {
        const text = JSON.stringify(await route(input))
        return { code: 'answered', text, stored: changed() }
      } catch (error) {
        if (!(error instanceof ORPCError)) throw error
        const { code, status, message, data } = error
        return { code: String(code), text: JSON.stringify({ code, status, message, data }), stored: changed() }
      }
    }
}

/** Of the same shape, and nobody's. */
const nobodys = (value: string): string => {
  if (value.includes('@')) return 'nobody@lectern.test'
  const kind = /^[a-z]{3}_/.exec(value)?.[0] ?? ''
  return kind + '0'.repeat(value.length - kind.length)
}

/** The same things, none of which exists. */
export const missingOf = (things: Things): Things =>
  // Each of them is a text, under its own name.
  Object.fromEntries(Object.entries(things).map(([name, value]) => [name, nobodys(value)])) as Things

/** The things that a row makes its call of. */
export const usedBy = (input: (it: Things) => unknown, things: Things): (keyof Things)[] => {
  const used = new Set<keyof Things>()
  input(
    new Proxy(things, {
      get: (target, name) => {
        // Rows name nothing but things.
        const key = name as keyof Things
        used.add(key)
        return target[key]
      },
    }),
  )
  return [...used]
}
