import type { AnyContractProcedure, ContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract'
import type { Access, EndpointMeta } from '#contract/base.ts'
import type { Bearer } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'
import type { Hearing } from './events.ts'

/** Who is asking: verified by the edge, an argument like any other. */
export type Actor = Bearer

type ActorFor<A extends Access> = A extends 'anyone' ? Actor | undefined : Actor

/** An answer and the cookies that go with it; `Set-Cookie` lines, whole. */
export type WithCookies<T> = { answer: T; cookies: string[] }

type Handler<E> =
  E extends ContractProcedure<infer I, infer O, infer _Errors, infer M>
    ? M extends EndpointMeta<infer A, infer C>
      ? (world: World, actor: ActorFor<A>, input: InferSchemaOutput<I>) => Promise<C extends true ? WithCookies<InferSchemaInput<O>> : InferSchemaInput<O>>
      : never
    : never

/** A handler for each endpoint of a feature: a missing one does not compile. */
export type Handlers<C extends Record<string, AnyContractProcedure>> = { [K in keyof C]: Handler<C[K]> }

/** Work that the home runs on its own clock, one run at a time. Must be safe to run twice. */
export type Timer = { name: string; everySeconds: number; run(world: World): Promise<void> }

/** What a feature hands to the platform. */
export type Feature<C extends Record<string, AnyContractProcedure>> = { handlers: Handlers<C>; hearings: readonly Hearing[]; timers: readonly Timer[] }
