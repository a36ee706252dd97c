import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import { courseRecords, publicationRecords } from './records.ts'

const MOST_LOOKED_AT = 100

/** Whether a course asks, itself or through others, for one of its own; looked at as their drafts have it. */
const asksFor = async (tables: Tables, from: readonly string[], sought: string): Promise<boolean> => {
  const [seen, left] = [new Set<string>(), [...from]]
  for (let next = left.shift(); next !== undefined && seen.size < MOST_LOOKED_AT; next = left.shift()) {
    if (next === sought) return true
    if (seen.has(next)) continue
    seen.add(next)
    left.push(...((await courseRecords.get(tables, { id: next }))?.value.requires ?? []))
  }
  return false
}

/** Only what learners can complete may be asked of them, and no course may wait for itself. */
export const checkRequired = async (tables: Tables, course: string, requires: readonly string[]): Promise<void> => {
  if (new Set(requires).size !== requires.length) throw new Refusal('bad-input', 'A course is named twice.')
  for (const id of requires) {
    if (!(await publicationRecords.get(tables, { id }))?.value.isListed) throw missing('published course')
  }
  if (await asksFor(tables, requires, course)) throw new Refusal('bad-input', 'That course asks for this one already: nobody could begin either.')
}
