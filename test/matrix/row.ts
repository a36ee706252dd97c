import type { ContractProcedure, InferSchemaInput } from '@orpc/contract'
import type { Contract } from '#contract/contract.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import type { Scene, Things } from './scene.ts'

export type Caller = keyof Scene['people'] | 'visitor'

/**
 * Whose things a route is about.
 * `nobody`: about whoever calls, or the school: all whom the contract lets in are answered.
 * `everybody`: a published thing of Theo's: all are answered; of what is not published only Theo.
 * `course`: of those who have the course: Lena, Theo, Ada. Others are told that they do not have it, or nothing where it is not published.
 * `learner`: Lena's own, and nobody else's.
 * `teacher`: Theo's own, and for those who run the school to look after; who helps with his courses does what they are let do (`to`).
 */
export type Whose = 'nobody' | 'everybody' | 'course' | 'learner' | 'teacher'

/** What of a course one does with a route about a teacher's things; who teaches it together with Theo may do all but what is his own. */
export type To = 'see' | 'edit' | 'grade' | 'talk' | 'learners' | 'teach' | 'earn' | 'own'

/** What is not as the rules say, and why that is right. One that is not needed fails. */
export type Exception = { gets: RefusalCode; because: string }

export type Row<I = unknown> = ({ of: 'teacher'; to: To } | { of: Exclude<Whose, 'teacher'>; to?: never }) & {
  /** A call that would be answered, made of what somebody has. */
  input: (it: Things) => I
  /** Of certain callers, with things that are not theirs, or of the owner with their own. */
  but?: Partial<Record<Caller, Exception>>
  /** Whose it is besides. */
  also?: readonly Caller[]
  /** What a look (GET) leaves stored though nobody has asked for a change, and why that is right. One that leaves nothing fails. */
  leaves?: string
  /** It changes what lies beside the tables, which is not put back: such a call is made once. */
  isOnce?: true
}

type InputOf<E> = E extends ContractProcedure<infer I, infer _O, infer _Errors, infer _Meta> ? InferSchemaInput<I> : never

/** A row for each route of a feature: a missing one does not compile either. */
export type Rows<F extends keyof Contract> = { [V in keyof Contract[F]]: Row<InputOf<Contract[F][V]>> }
