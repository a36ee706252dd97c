import * as z from 'zod/mini'
import { Fact } from '#contract/grants.ts'
import { momentIn } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { BOOKS } from '#core/personal.ts'
import { records, type Stored } from '#core/records.ts'
import type { Change, Tables } from '#ports/tables.ts'

const Written = z.object({
  learner: z.string(),
  course: z.string(),
  since: z.string(),
  /** The ledger: what has happened to the right, in the order it was written. Facts are added and never changed. */
  facts: z.optional(z.array(Fact)),
  /** Of records older than the ledger: the order that paid. */
  order: z.optional(z.string()),
})

/** A learner's right to follow a course: everything that has happened to it. Whether it holds is `core/grants/decide.ts`'s to say. */
export type Enrolment = { learner: string; course: string; since: string; facts: Fact[] }

const firstFact = ({ learner, course, since, order }: z.infer<typeof Written>): Fact => ({
  ...{ id: `fct_${learner}_${course}`, at: since },
  ...(order === undefined ? { kind: 'enrolled' } : { kind: 'paid', order }),
})

const Enrolment = z.pipe(
  Written,
  z.transform((written): Enrolment => {
    const { learner, course, since, facts } = written
    return { learner, course, since, facts: facts ?? [firstFact(written)] }
  }),
)

export const enrolmentRecords = records<{ learner: string; course: string }, Enrolment>({
  schema: Enrolment,
  key: ({ learner, course }) => ({ pk: `learner#${learner}`, sk: `enrolment#${course}` }),
  index: ({ course, learner, since }) => ({ ipk: `learners-of#${course}`, isk: `${since}#${learner}` }),
  people: {
    what: 'stays',
    says: 'Your access to courses, and what has happened to it',
    because: BOOKS,
    whose: ({ learner }) => learner,
    // A right that nothing was paid for proves nothing; one that was paid for stays, ended, beside its order.
    mend: (enrolment, { alias, at }) => {
      const { learner, course, facts } = enrolment
      if (learner !== alias.id) return enrolment
      if (!facts.some(({ order }) => order !== undefined)) return 'goes'
      const bare = facts.map(({ note: _, ...fact }) => fact)
      const end: Fact = { id: `fct_left_${learner}_${course}`, kind: 'ended', at: momentIn(facts, at) }
      return { ...enrolment, facts: bare.at(-1)?.id === end.id ? bare : [...bare, end] }
    },
  },
})

export const enrolmentOf = (tables: Tables, learner: string, course: string): Promise<Stored<Enrolment> | undefined> =>
  enrolmentRecords.get(tables, { learner, course })

/** A fact more in the ledger, at its own moment or the last's, whichever is later; fails the commit when somebody else has added one since `before` was read. */
export const withFact = (before: Stored<Enrolment> | undefined, of: { learner: string; course: string }, fact: Fact): Change => {
  if (before) {
    const { facts } = before.value
    return enrolmentRecords.replace(before, { ...before.value, facts: [...facts, { ...fact, at: momentIn(facts, fact.at) }] })
  }
  return enrolmentRecords.add({ learner: of.learner, course: of.course, since: fact.at, facts: [fact] })
}

/** Who did it, as a fact keeps it. */
export const doneBy = ({ id, name }: Pick<Actor, 'id' | 'name'>): NonNullable<Fact['by']> => ({ id, name })
