import type { Enrolled } from '#contract/learning.ts'

export const isFinished = ({ lessons, completed }: Enrolled): boolean => lessons > 0 && completed === lessons
export const isBegun = ({ lastAt }: Enrolled): boolean => lastAt !== undefined

/** What somebody learns, as their desk shows it: `on` is where to go on, the course they were last in, or the newest where none is begun. */
export type Desk = { on: Enrolled | undefined; begun: Enrolled[]; waiting: Enrolled[]; finished: Enrolled[] }

const lastFirst = (one: Enrolled, other: Enrolled): number => Date.parse(other.lastAt ?? other.since) - Date.parse(one.lastAt ?? one.since)

export const deskOf = (enrolled: readonly Enrolled[]): Desk => {
  const open = enrolled.filter((each) => !isFinished(each))
  const begun = open.filter(isBegun).toSorted(lastFirst)
  const waiting = open.filter((each) => !isBegun(each))
  const on = begun[0] ?? waiting[0]
  const others = (list: readonly Enrolled[]): Enrolled[] => list.filter((each) => each !== on)
  return { on, begun: others(begun), waiting: others(waiting), finished: enrolled.filter(isFinished).toSorted(lastFirst) }
}
