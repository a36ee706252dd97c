import type { AnyContractProcedure } from '@orpc/contract'
import { implement, ORPCError, ValidationError } from '@orpc/server'
import { ResponseHeadersPlugin } from '@orpc/server/plugins'
import type { EndpointMeta, RefusalData } from '#contract/base.ts'
import { contract } from '#contract/contract.ts'
import { REFUSALS, type RefusalCode } from '#contract/refusals.ts'
import { hasRole } from '#contract/roles.ts'
import type { Scope } from '#contract/scopes.ts'
import { type TokenScope, tokenScopeOf } from '#contract/token-scopes.ts'
import { noting } from '#core/audit/noting.ts'
import { isSecret, isTriedDoor, noteSecurity } from '#core/audit/security.ts'
import { type Deed, isNoted } from '#core/audit/which.ts'
import type { Actor, WithCookies } from '#core/handlers.ts'
import { helpsAnywhere } from '#core/helpers/records.ts'
import { features } from '#core/platform.ts'
import { Refusal } from '#core/refusal.ts'
import { bearerOf, isAccessToken } from '#core/tokens/bearer.ts'
import { Unkept } from '#ports/unkept.ts'
import type { World } from '#ports/world.ts'

/** What an adapter knows of one request. `resHeaders` go out with the answer, by a plugin of `adapterOptions`. */
export type ApiContext = {
  world: World
  authorization: string | undefined
  request: string
  resHeaders: Headers
  /** Told the template of the endpoint that answers, `/api/courses/{course}`, before it does: what answers are counted by. */
  found?: ((route: string) => void) | undefined
}

/** What an endpoint reads of a body; files go to the store by parts. */
export const MOST_BODY_BYTES = 1024 * 1024

/** Answers are one person's and of this moment. */
const EVERY_ANSWER = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** `request`: its name in the log, in the answer and in what is written down of acts; a home that has one already gives it. */
export const contextFor = (world: World, authorization: string | undefined, request: string = world.ids.make('req')): ApiContext => ({
  ...{ world, authorization, request },
  resHeaders: new Headers({ ...EVERY_ANSWER, 'x-request-id': request }),
})

/** The answer to a path no endpoint has. */
export const NO_ENDPOINT = JSON.stringify({ code: 'not-found', message: 'There is no such endpoint.' })

type AnyHandler = (world: World, actor: Actor | undefined, input: unknown) => Promise<unknown>

const refuse = (code: RefusalCode, message: string, data?: RefusalData): ORPCError<RefusalCode, RefusalData | undefined> =>
  new ORPCError(code, { status: REFUSALS[code], message, data })

/** `scopes`: of one who comes by an access token of their own; who has signed in may do all that they may. */
type Caller = { actor: Actor | undefined; scopes?: readonly Scope[] }

const callerOf = async ({ world, authorization }: ApiContext): Promise<Caller> => {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return { actor: undefined }
  if (isAccessToken(token)) return (await bearerOf(world, token)) ?? { actor: undefined }
  return { actor: await world.identity.verify(token) }
}

/** Before all else: a program is let at what its token names, whatever its person may do. */
const keepToScope = (scope: TokenScope | undefined, { scopes }: Caller): void => {
  if (scopes === undefined || scope === 'any') return
  if (scope === undefined) throw new Refusal('not-in-scope', 'No access token opens this: sign in for it.')
  if (!scopes.includes(scope)) throw new Refusal('not-in-scope', `This access token was not given “${scope}”.`)
}

/** The first gate: who may call this at all. What they may touch is the handler's own first line. */
const admit = async ({ tables }: World, access: EndpointMeta['access'], actor: Actor | undefined): Promise<void> => {
  if (access === 'anyone') return
  if (!actor) throw new Refusal('not-signed-in', 'Sign in first.')
  if (access === 'person') return
  const isIn = access === 'teaching' ? hasRole(actor, 'instructor') || (await helpsAnywhere(tables, actor.id)) : hasRole(actor, access)
  if (!isIn) throw new Refusal('not-allowed', 'Your account may not do this.')
}

/** Calls the handler; what staff do about others is written down with it. */
const called = async (
  deed: Omit<Deed, 'input'>,
  handler: AnyHandler,
  { context, actor, input }: { context: ApiContext; actor: Actor | undefined; input: unknown },
) => {
  const { world, request } = context
  if (!actor || !isNoted({ ...deed, input })) return handler(world, actor, input)
  const act = noting(world, { name: deed.name, by: actor, request, input })
  const answer = await handler(act.world, actor, input)
  await act.settle()
  return answer
}

/** What is refused to whom, and what they change of how they are let in, is a line of the log. */
const watched = async <T>(name: string, { world: { log }, authorization }: ApiContext, work: (knows: (actor: Actor) => void) => Promise<T>): Promise<T> => {
  let person: { person?: string } = {}
  try {
    const answer = await work(({ id }) => {
      person = { person: id }
    })
    if (isSecret(name)) noteSecurity(log, 'secret-changed', { ...person, what: name })
    return answer
  } catch (error) {
    // Whoever shows nothing has not been refused; a browser asks so before its person signs in.
    if (error instanceof Refusal && authorization !== undefined) {
      if (error.code === 'too-many') noteSecurity(log, 'bounds-held', { ...person, what: name })
      else if (isTriedDoor(error.code, 'person' in person)) noteSecurity(log, 'refused', { ...person, what: name, code: error.code })
    }
    throw error
  }
}

const mounted = (name: string, endpoint: AnyContractProcedure, handler: AnyHandler) => {
  const scope = tokenScopeOf(name)
  return implement(endpoint)
    .$context<ApiContext>()
    .handler(({ input, context }) =>
      watched(name, context, async (knows) => {
        // Every endpoint is declared through `endpoint()`, which writes exactly this meta.
        const { access, setsCookies, keptSeconds } = endpoint['~orpc'].meta as EndpointMeta
        const caller = await callerOf(context)
        const { actor } = caller
        if (actor) knows(actor)
        keepToScope(scope, caller)
        await admit(context.world, access, actor)
        const answer = await called({ name, access, method: endpoint['~orpc'].route.method ?? '' }, handler, { context, actor, input })
        if (keptSeconds !== undefined) context.resHeaders.set('cache-control', `public, max-age=${keptSeconds}`)
        if (!setsCookies) return answer
        // `Handlers` makes a handler of such an endpoint answer WithCookies.
        const withCookies = answer as WithCookies<unknown>
        for (const cookie of withCookies.cookies) context.resHeaders.append('set-cookie', cookie)
        return withCookies.answer
      }),
    )
}

/** The contract with its handlers, for whichever adapter a home uses. */
export const apiRouter = () =>
  Object.fromEntries(
    Object.entries(contract).map(([name, endpoints]) => {
      // `features` is a mapped type over the contract: the same names, a handler for each endpoint, checked where it is declared.
      const handlers = features[name as keyof typeof features].handlers as unknown as Record<string, AnyHandler>
      const procedures = Object.entries<AnyContractProcedure>(endpoints).map(([verb, endpoint]) => {
        const handler = handlers[verb]
        if (!handler) throw new Error(`Endpoint ${name}.${verb} has no handler.`)
        return [verb, mounted(`${name}.${verb}`, endpoint, handler)]
      })
      return [name, Object.fromEntries(procedures)]
    }),
  )

const inWords = (error: ValidationError): string =>
  error.issues
    .map(({ message, path }) => `${(path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'input'}: ${message}`)
    .join('; ')

const FULL = 'The school’s disk is full, so nothing was saved. Reading and watching go on; its owner can make room.'
const SHUT = 'The school can save nothing at this moment, and nothing was changed. Try again in a while.'

/** Turns whatever was thrown into the one answer its code stands for; faults are logged whole and say little. */
const answerFor = (error: unknown, { world, request }: Pick<ApiContext, 'world' | 'request'>): ORPCError<string, unknown> => {
  if (error instanceof Refusal) return refuse(error.code, error.message, error.data)
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return refuse('bad-input', error.cause instanceof ValidationError ? inWords(error.cause) : 'The request cannot be read.')
  }
  world.log.error('request failed', error, { request })
  if (error instanceof Unkept) return error.why === 'full' ? refuse('no-room', FULL) : refuse('not-kept', SHUT)
  return refuse('fault', `Something went wrong on our side, and has been noted. Should you tell us of it, give this number: ${request}`)
}

type Step<T> = { next(): Promise<T>; context: ApiContext }
type Called<T> = Step<T> & { procedure: { '~orpc': { route: { path?: string | undefined } } } }

/** Around the handler: whatever it throws. */
const answered = async <T>({ next, context, procedure }: Called<T>): Promise<T> => {
  context.found?.(`/api${procedure['~orpc'].route.path ?? ''}`)
  try {
    return await next()
  } catch (error) {
    throw answerFor(error, context)
  }
}

const isAnswer = (error: unknown): boolean => error instanceof ORPCError && error.code in REFUSALS

/** Around that: a body that is too large or no JSON never reaches the handler. Answers have been parsed, so that writing them cannot fail. */
const readable = async <T>({ next }: Step<T>): Promise<T> => {
  try {
    return await next()
  } catch (error) {
    if (isAnswer(error)) throw error
    const isTooLarge = error instanceof ORPCError && error.code === 'PAYLOAD_TOO_LARGE'
    throw isTooLarge ? refuse('too-large', 'The request is too large.') : refuse('bad-input', 'The request cannot be read.')
  }
}

/** Options for one adapter's handler; made anew for each, since plugins write into them. */
export const adapterOptions = () => ({
  plugins: [new ResponseHeadersPlugin<ApiContext>()],
  interceptors: [readable],
  clientInterceptors: [answered],
})
