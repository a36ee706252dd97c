import type { AnyContractProcedure } from '@orpc/contract'
import { implement, ORPCError, ValidationError } from '@orpc/server'
import { type EndpointMeta, REFUSALS, type RefusalCode } from '#contract/base.ts'
import { contract } from '#contract/contract.ts'
import { type Actor, hasRole } from '#core/handlers.ts'
import { features } from '#core/platform.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

/** What an adapter knows of one request. Handlers add to `cookies`; the adapter sends them as `Set-Cookie`. */
export type ApiContext = { world: World; authorization: string | undefined; cookies: string[] }

type AnyHandler = (world: World, actor: Actor | undefined, input: unknown) => Promise<unknown>

const refuse = (code: RefusalCode, message: string): ORPCError<RefusalCode, undefined> => new ORPCError(code, { status: REFUSALS[code], message })

const actorOf = async ({ world, authorization }: ApiContext): Promise<Actor | undefined> => {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
  return token === undefined ? undefined : world.identity.verify(token)
}

/** The first gate: who may call this at all. What they may touch is the handler's own first line. */
const admit = (access: EndpointMeta['access'], actor: Actor | undefined): void => {
  if (access === 'anyone') return
  if (!actor) throw new Refusal('not-signed-in', 'Sign in first.')
  if (access !== 'person' && !hasRole(actor, access)) throw new Refusal('not-allowed', 'Your account may not do this.')
}

const mounted = (endpoint: AnyContractProcedure, handler: AnyHandler) =>
  implement(endpoint)
    .$context<ApiContext>()
    .handler(async ({ input, context }) => {
      // Every endpoint is declared through `endpoint()`, which writes exactly this meta.
      const { access, setsCookies } = endpoint['~orpc'].meta as EndpointMeta
      const actor = await actorOf(context)
      admit(access, actor)
      const answer = await handler(context.world, actor, input)
      if (!setsCookies) return answer
      // `Handlers` makes a handler of such an endpoint answer WithCookies.
      const withCookies = answer as { answer: unknown; cookies: string[] }
      context.cookies.push(...withCookies.cookies)
      return withCookies.answer
    })

/** The contract with its handlers, for whichever adapter a home uses. */
export const apiRouter = () =>
  Object.fromEntries(
    Object.entries(contract).map(([name, endpoints]) => {
      // `features` is a mapped type over the contract: the same names, a handler for each endpoint, checked where it is declared.
      const handlers = features[name as keyof typeof features].handlers as unknown as Record<string, AnyHandler>
      const procedures = Object.entries<AnyContractProcedure>(endpoints).map(([verb, endpoint]) => {
        const handler = handlers[verb]
        if (!handler) throw new Error(`Endpoint ${name}.${verb} has no handler.`)
        return [verb, mounted(endpoint, handler)]
      })
      return [name, Object.fromEntries(procedures)]
    }),
  )

const inWords = (error: ValidationError): string =>
  error.issues
    .map(({ message, path }) => `${(path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'input'}: ${message}`)
    .join('; ')

/** Turns whatever was thrown into the one answer its code stands for; faults are logged whole and say little. */
export const answerFor = (error: unknown, { world }: Pick<ApiContext, 'world'>): ORPCError<string, unknown> => {
  if (error instanceof Refusal) return refuse(error.code, error.message)
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return refuse('bad-input', error.cause instanceof ValidationError ? inWords(error.cause) : 'The request cannot be read.')
  }
  if (error instanceof ORPCError && error.code === 'PAYLOAD_TOO_LARGE') return refuse('too-large', 'The request is too large.')
  world.log.error('request failed', error)
  return refuse('fault', 'Something went wrong on our side. It has been noted.')
}

/** Options every adapter passes to its handler. */
export const adapterOptions = {
  clientInterceptors: [
    async <T>({ next, context }: { next(): Promise<T>; context: ApiContext }): Promise<T> => {
      try {
        return await next()
      } catch (error) {
        throw answerFor(error, context)
      }
    },
  ],
}
