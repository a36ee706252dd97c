import { type Criterion, type Grade, mostPoints } from '#contract/assignments.ts'

/** Which level each criterion has been given; undefined where none has. */
export type Levels = readonly (number | undefined)[]

/** What was given before, as far as the rubric still has it. */
export const levelsOf = (rubric: readonly Criterion[], grade: Pick<Grade, 'judged'> | undefined): Levels =>
  rubric.map(({ title, levels }) => {
    const given = grade?.judged.find(({ criterion }) => criterion === title)?.level
    const place = levels.findIndex((level) => level.title === given)
    return place === -1 ? undefined : place
  })

export type Score = { earned: number; of: number; given: number[] | undefined; mayPass: boolean }

/** What the levels come to. `given` once each criterion has one. */
export const scoreOf = (rubric: readonly Criterion[], levels: Levels, passPercent: number): Score => {
  const earned = rubric.reduce((sum, criterion, place) => sum + (criterion.levels[levels[place] ?? -1]?.points ?? 0), 0)
  const of = mostPoints(rubric)
  const given = rubric.map((_, place) => levels[place])
  const whole = given.flatMap((level) => (level === undefined ? [] : [level]))
  const isWhole = whole.length === rubric.length
  return { earned, of, given: isWhole ? whole : undefined, mayPass: isWhole && earned * 100 >= passPercent * of }
}
