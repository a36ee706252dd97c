import type { Finding } from '#contract/series.ts'
import { asCode, asFinding, asMarkdown, asPlain } from '#core/content/escape.ts'
import type { Proposal } from '#ports/repository.ts'
import { type Brief, branchOf, type Draft } from '../papers.ts'
import { CHECKS } from './checks/checks.ts'
import { readingMinutes } from './checks/reading.ts'

/** A comment of ours is known by it, and changed in place. */
export const REPORT_MARK = 'lectern-report'
export const STATUS_CONTEXT = 'lectern/draft'

const MICROS = 1_000_000
const dollars = (micros: number): string => `${(micros / MICROS).toFixed(micros < MICROS ? 4 : 2)} US dollars`

const counted = (number: number, one: string, many = `${one}s`): string => `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n')

/** With their keys: who reviews has to see whether they are right. A box is mark enough, so options are lines and no list. */
const quizPart = ({ questions }: Draft): string[] =>
  questions.map(({ prompt, kind, options }, at) => {
    const answers = options.map(({ text, isRight }) => `   ${isRight ? '☑' : '☐'} ${asMarkdown(text)}`)
    return [`${at + 1}. ${asMarkdown(prompt)}${kind === 'multiple' ? ' *(any number)*' : ''}`, ...answers].join('\\\n')
  })

const part = (title: string, text: string): string[] => (text === '' ? [] : [`## ${title}`, text])

const facts = ({ brief, draft }: Proposed): string => {
  const { tokens, costMicros, model, about } = draft
  const minutes = Math.max(1, Math.round(readingMinutes(draft.text)))
  return [
    '| | |\n|---|---|',
    `| File | ${asCode(brief.lesson.path)} |`,
    `| Course | ${asMarkdown(brief.course.title)} › ${asMarkdown(brief.section.title)} |`,
    `| Reading | ${counted(minutes, 'minute')} |`,
    `| Language | ${asMarkdown(about.language ?? brief.series.language)} |`,
    `| Licence | ${asMarkdown(about.licence ?? '')} |`,
    `| Written by | ${asMarkdown(model)}, with ${counted(tokens.input + tokens.output, 'token')} for ${dollars(costMicros)} |`,
  ].join('\n')
}

type Proposed = { brief: Brief; draft: Draft }

const bodyOf = ({ brief, draft }: Proposed): string => {
  const { series, point } = brief
  return [
    `A chatbot has drafted this lesson for the series **${asMarkdown(series.title)}**. It was asked to write about:`,
    `> ${asMarkdown(point)}`,
    '**Merging publishes this lesson.** Nothing here is published before it is merged, and closing this pull request turns the lesson down.',
    `[See the draft as learners would](<${new URL(brief.previewUrl).href}>)`,
    asMarkdown(draft.about.summary ?? ''),
    ...part('What learners can do afterwards', list(draft.about.objectives.map(asMarkdown))),
    ...part('Questions', quizPart(draft).join('\n')),
    // Not as links: an address of this very service would leave its mark on what it names.
    ...part('Sources', list(draft.about.sources.map(({ title, url }) => `${asMarkdown(title)}: ${asCode(url)}`))),
    ...part('About it', facts({ brief, draft })),
  ].join('\n\n')
}

export const proposalOf = ({ brief, draft }: Proposed, files: Proposal['files']): Proposal => ({
  branch: branchOf(brief.run),
  title: asPlain(draft.title),
  body: bodyOf({ brief, draft }),
  files,
})

const SIGNS = { error: '✗', warning: '⚠' } as const
const signOf = (findings: readonly Finding[]): string =>
  findings.some(({ severity }) => severity === 'error') ? SIGNS.error : findings.length > 0 ? SIGNS.warning : '✓'

/** What was looked at and what was found, a row for each check. */
export const reportOf = (findings: readonly Finding[]): string => {
  const rows = CHECKS.map(({ name, title }) => {
    const own = findings.filter(({ check }) => check === name)
    return `| ${signOf(own)} | ${title} | ${own.map(({ says }) => asFinding(says)).join('<br>')} |`
  })
  return ['## What Lectern has looked at', ['| | | |', '|---|---|---|', ...rows].join('\n')].join('\n\n')
}

export const summed = (findings: readonly Finding[]): string =>
  findings.length === 0 ? 'All is sound.' : `Sound; ${counted(findings.length, 'thing')} to look at.`
