import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { type Contract, contract } from '#contract/contract.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { identity } from '#homes/machine/identity.ts'
import { silentLog } from '#homes/machine/log.ts'
import type { Person, Role } from '#ports/identity.ts'
import type { Program } from './program.ts'

export type Someone = Person & { password: string; token: string; client: ContractRouterClient<Contract> }

/** Makes a person in a program's own directory, as an operator would, and a token to act for them without a browser for so many seconds. */
export const someone = async (
  { data, url, seconds = 3600 }: Pick<Program, 'data' | 'url'> & { seconds?: number },
  name: string,
  ...roles: Role[]
): Promise<Someone> => {
  const people = await identity({
    ...{ folder: data, url, clock: systemClock, ids: randomIds(systemClock), log: silentLog, schoolName: 'The Lectern School' },
    mail: { send: () => Promise.reject(new Error('The operator sends no mail.')) },
  })
  try {
    const email = `${name.toLowerCase()}@lectern.test`
    const password = `${name}-and-a-long-word`
    const made = await people.create({ email, name, password, roles: ['learner', ...roles] })
    if (made === 'taken') throw new Error(`${email} is there already.`)
    const token = await people.mint(made.id, seconds)
    const client: ContractRouterClient<Contract> = createORPCClient(
      new OpenAPILink(contract, { url: `${url}/api`, headers: { authorization: `Bearer ${token}` } }),
    )
    return { ...made, password, token, client }
  } finally {
    people.close()
  }
}
