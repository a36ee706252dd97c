import type { Finding } from '#contract/series.ts'
import type { Brief, Draft } from '../../papers.ts'
import { secretKinds } from './secret-kinds.ts'

/** What is found at a link: `unknown` where nobody could be asked, or it leads on to a host that may not be visited. */
export type Reached = 'reachable' | 'missing' | 'unknown'

/** Looks whether a link leads somewhere; it goes on to another address only where `mayVisit` says so. */
export type Reach = (url: string, mayVisit: (url: string) => boolean) => Promise<Reached>

/** A text of the draft, with a name that whoever reads a finding knows it by. */
export type Field = { name: string; text: string; isOneLine: boolean }

export type Facts = {
  brief: Brief
  draft: Draft
  fields: readonly Field[]
  /** What the publisher itself was told of the repository, whatever the brief says. */
  repository: { folder: string; branch: string }
  /** Hosts that may be linked to, each with the names below it. */
  linkHosts: readonly string[]
  reach: Reach
}

export type Found = Pick<Finding, 'severity' | 'says'>

/** Looks at a draft for one thing. `title` names it in the report. */
export type Check = { name: string; title: string; find(facts: Facts): Found[] | Promise<Found[]> }

export const error = (says: string): Found => ({ severity: 'error', says })
export const warning = (says: string): Found => ({ severity: 'warning', says })

/** A piece of the draft in a finding: short, on one line, and no secret. */
export const quoted = (text: string): string => {
  if (secretKinds(text).length > 0) return '"…"'
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text)
}

export const fieldsOf = ({ title, about, text, questions }: Draft): Field[] => {
  const line = (name: string, of: string): Field => ({ name, text: of, isOneLine: true })
  return [
    line('The title', title),
    line('The summary', about.summary ?? ''),
    ...about.objectives.map((objective, at) => line(`Objective ${at + 1}`, objective)),
    ...about.sources.map((source, at) => line(`Source ${at + 1}`, source.title)),
    { name: 'The text', text, isOneLine: false },
    ...questions.flatMap(({ prompt, options, explanation }, at) => [
      { name: `Question ${at + 1}`, text: prompt, isOneLine: false },
      ...options.map((option) => line(`Question ${at + 1}, an option,`, option.text)),
      { name: `Question ${at + 1}, its explanation,`, text: explanation, isOneLine: false },
    ]),
  ]
}
