import { SCOPES, type Scope } from '#contract/scopes.ts'
import type { School } from '#test/school.ts'
import type { Person } from './desk.ts'

/** Whose access tokens are tried: a learner's, a teacher's and an admin's. */
export const HOLDERS = ['lena', 'theo', 'ada', 'oona'] as const
export type Holder = (typeof HOLDERS)[number]

/** Clients of somebody's access tokens: one with each scope alone, and one with all but it. */
type Pass = { only: ReadonlyMap<Scope, unknown>; allBut: ReadonlyMap<Scope, unknown>; all: unknown }

const passOf = async ({ client: signedIn }: Person, client: School['client']): Promise<Pass> => {
  const withScopes = async (scopes: readonly Scope[]) => {
    const { secret } = await signedIn.tokens.create({ name: scopes.join(' '), scopes: [...scopes], days: 30 })
    const made = client(secret)
    // Its first use is written down: later ones change nothing.
    await made.accounts.me({})
    return made
  }
  const [only, allBut] = [new Map<Scope, unknown>(), new Map<Scope, unknown>()]
  for (const scope of SCOPES) {
    only.set(scope, await withScopes([scope]))
    allBut.set(scope, await withScopes(SCOPES.filter((each) => each !== scope)))
  }
  return { only, allBut, all: await withScopes(SCOPES) }
}

export const openPasses = async (people: Record<Holder, Person>, client: School['client']): Promise<Record<Holder, Pass>> => ({
  oona: await passOf(people.oona, client),
  lena: await passOf(people.lena, client),
  theo: await passOf(people.theo, client),
  ada: await passOf(people.ada, client),
})
