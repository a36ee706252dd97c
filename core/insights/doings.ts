import type { LearnerLesson } from '#contract/insights.ts'
import { handingRecords, workRecords } from '#core/assignments/records.ts'
import { attemptRecords, standingRecords } from '#core/quizzes/records.ts'
import { all } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

/** What somebody has begun in a quiz or an assignment, which is no progress until it is passed. */
export type Doing = { lesson: string; at: string } & Pick<LearnerLesson, 'quiz' | 'work'>

type Of = { learner: string; course: string }

const quizzesOf = async (tables: Tables, { learner, course }: Of): Promise<Doing[]> => {
  const stood = await all((page) => standingRecords.list(tables, `learner#${learner}`, { prefix: `quiz#${course}#`, ...(page !== undefined && { page }) }))
  const last = await Promise.all(stood.map(({ lesson, begun }) => attemptRecords.get(tables, { learner, lesson, number: begun })))
  return stood.flatMap(({ lesson, begun, best }, place) => {
    const attempt = last[place]?.value
    // A teacher who has tried it has not learnt in it.
    if (!attempt || attempt.isStaff) return []
    return [{ lesson, at: attempt.handedInAt ?? attempt.startedAt, quiz: { attempts: begun, ...(best && { percent: best.percent }) } }]
  })
}

const worksOf = async (tables: Tables, { learner, course }: Of): Promise<Doing[]> => {
  const works = await all((page) => workRecords.list(tables, `learner#${learner}`, { prefix: `work#${course}#`, ...(page !== undefined && { page }) }))
  const last = await Promise.all(works.map(({ handings }) => handingRecords.get(tables, { id: handings.at(-1) ?? 'none' })))
  return works.flatMap(({ lesson, savedAt, handings, state }, place) => {
    const handing = last[place]?.value
    const at = savedAt ?? handing?.at
    return at === undefined ? [] : [{ lesson, at, work: { handed: handings.length, state, ...(handing && { handing: handing.id }) } }]
  })
}

export const doingsIn = async (tables: Tables, of: Of): Promise<Doing[]> => (await Promise.all([quizzesOf(tables, of), worksOf(tables, of)])).flat()
