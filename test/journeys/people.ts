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

type Place = Pick<Program, 'data' | 'url'>
type Directory = Awaited<ReturnType<typeof identity>>

/** Has a program's own directory open, as an operator would, for as long as it is looked into. */
const inDirectory = async <T>({ data, url }: Place, look: (people: Directory) => Promise<T>): Promise<T> => {
  const people = await identity({
    ...{ folder: data, url, clock: systemClock, ids: randomIds(systemClock), log: silentLog, schoolName: 'The Lectern School' },
    mail: { send: () => Promise.reject(new Error('The operator sends no mail.')) },
  })
  try {
    return await look(people)
  } finally {
    people.close()
  }
}

/** A client that asks a school in somebody's name. */
export const clientOf = ({ url }: Pick<Place, 'url'>, token: string): ContractRouterClient<Contract> =>
  createORPCClient(new OpenAPILink(contract, { url: `${url}/api`, headers: { authorization: `Bearer ${token}` } }))

/** Makes a person in a program's own directory, and a token to act for them without a browser for so many seconds. */
export const someone = ({ seconds = 3600, ...place }: Place & { seconds?: number }, name: string, ...roles: Role[]): Promise<Someone> =>
  inDirectory(place, async (people) => {
    const email = `${name.toLowerCase()}@lectern.test`
    const password = `${name}-and-a-long-word`
    const made = await people.create({ email, name, password, roles: ['learner', ...roles] })
    if (made === 'taken') throw new Error(`${email} is there already.`)
    const token = await people.mint(made.id, seconds)
    return { ...made, password, token, client: clientOf(place, token) }
  })

/** To act for somebody who is there already. */
export const clientFor = (place: Place, email: string): Promise<ContractRouterClient<Contract>> =>
  inDirectory(place, async (people) => {
    const person = await people.findByEmail(email)
    if (!person) throw new Error(`Nobody has the address ${email}.`)
    return clientOf(place, await people.mint(person.id, 3600))
  })
