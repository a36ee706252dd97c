import type { Finding } from '#contract/series.ts'
import type { Check, Facts } from './check.ts'
import { images, links } from './links.ts'
import { quiz } from './quiz.ts'
import { readingTime, similarity } from './reading.ts'
import { secrets } from './secrets.ts'
import { licence, path, schema } from './shape.ts'
import { characters, html } from './text.ts'

/** All that a draft is looked at for, in the order of the report. */
export const CHECKS: readonly Check[] = [schema, path, licence, characters, html, links, images, secrets, quiz, readingTime, similarity]

const MOST_OF_A_CHECK = 10
const MOST_CHARACTERS = 300

const findingsOf = async ({ name, find }: Check, facts: Facts): Promise<Finding[]> => {
  const found = await find(facts)
  const told = found.slice(0, MOST_OF_A_CHECK).map(({ severity, says }) => ({ check: name, severity, says: says.slice(0, MOST_CHARACTERS) }))
  const severity = found.slice(MOST_OF_A_CHECK).some((each) => each.severity === 'error') ? 'error' : 'warning'
  return found.length > MOST_OF_A_CHECK ? [...told, { check: name, severity, says: `And ${found.length - MOST_OF_A_CHECK} more.` }] : told
}

export const hasErrors = (findings: readonly Finding[]): boolean => findings.some(({ severity }) => severity === 'error')

/** What is wrong with a draft. One that is no lesson, or has no bounds, is looked at no further. */
export const checkDraft = async (facts: Facts): Promise<Finding[]> => {
  const first = [...(await findingsOf(schema, facts)), ...(await findingsOf(path, facts))]
  if (hasErrors(first)) return first
  const rest = CHECKS.filter((check) => check !== schema && check !== path)
  const found = await Promise.all(rest.map((check) => findingsOf(check, facts)))
  return [...first, ...found.flat()]
}
