import { caseOf, wordsOf } from '../../lib/api.ts'
import { isText, text } from '../../lib/i18n.ts'

/** Why the school would not, in words of a series' own where there are some for the case. */
export const saidOf = (error: unknown): string => {
  const key = `series.said.${caseOf(error) ?? ''}`
  return isText(key) ? text(key) : wordsOf(error)
}
