import type * as z from 'zod/mini'
import type { Finding } from './documents.ts'
import type { Head, LineOf } from './front-matter.ts'
import { shown } from './shown.ts'

/** The keys there are, by place: `''` is the head itself, `questions.options` what an option has. */
export type KnownKeys = Record<string, readonly string[]>

const MOST_FINDINGS = 20
/** Longer words are no key that was mistyped. */
const MOST_LETTERS = 40
/** How many signs have to be changed, added or dropped to make one word of another. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [at, sign] of [...from].entries()) {
    const next = [at + 1]
    for (let column = 1; column <= to.length; column += 1) {
      const swap = (row[column - 1] ?? 0) + (to[column - 1] === sign ? 0 : 1)
      next.push(Math.min(swap, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? to.length
}

/** What other tools, or the school's own words, call the same. */
const OTHERWISE: Record<string, string> = {
  ...{ name: 'title', description: 'summary', goals: 'objectives', readingminutes: 'minutes', readingtime: 'minutes', lang: 'language', license: 'licence' },
  ...{ ispreview: 'preview', free: 'preview', quiz: 'questions', prompt: 'ask', question: 'ask', answers: 'options', correct: 'right', because: 'explanation' },
  ...{ href: 'url', link: 'url', author: 'teacher', status: 'published', draft: 'published', chapters: 'sections', type: 'kind' },
}

const nearest = (name: string, known: readonly string[]): string | undefined => {
  const [word, other] = [name.toLowerCase().slice(0, MOST_LETTERS), OTHERWISE[name.toLowerCase()]]
  if (other !== undefined && known.includes(other)) return other
  const [best] = known.map((key) => ({ key, far: distance(word, key) })).toSorted((a, b) => a.far - b.far)
  return best && best.far <= Math.ceil(best.key.length * 0.4) ? best.key : undefined
}

type Path = readonly PropertyKey[]

const placeOf = (path: Path): string => path.filter((step) => typeof step === 'string').join('.')

/** Every key that nobody knows, with its path. */
const strangers = (said: unknown, known: KnownKeys, path: Path = []): Path[] => {
  if (Array.isArray(said)) return said.flatMap((item, index) => strangers(item, known, [...path, index]))
  if (typeof said !== 'object' || said === null) return []
  const here = known[placeOf(path)]
  if (!here) return []
  return Object.entries(said).flatMap(([key, value]) => (here.includes(key) ? strangers(value, known, [...path, key]) : [[...path, key]]))
}

/** `questions 2, options 1: ` */
const label = (path: Path): string => {
  const words = path.map((step) => (typeof step === 'number' ? ` ${step + 1}` : `, ${String(step)}`)).join('')
  return words === '' ? '' : `${words.slice(2)}: `
}

const valueAt = (head: Head, path: Path): unknown =>
  path.reduce<unknown>((value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined), head)

/** What a key wants that is spelled by a rule. */
const SHAPES: Record<string, string> = {
  ...{ id: 'the id as the school wrote it', video: 'a video’s id, vid_…', language: 'a language’s tag, such as en or pt-BR' },
  ...{ url: 'a whole address, such as https://example.org/page', teacher: 'an e-mail address', folder: 'a folder’s name, such as 01-first-light' },
}

const TYPES: Record<string, string> = { string: 'one text', array: 'a list: lines that begin with -', object: 'a mapping: keys and what they say' }

/** Those of zod's issues that the schemas of this folder can have. */
const saysOf = (issue: z.core.$ZodIssue, head: Head): string => {
  const last = issue.path.findLast((step) => typeof step === 'string')
  if (issue.code === 'invalid_type') return valueAt(head, issue.path) === undefined ? 'is missing' : `has to be ${TYPES[issue.expected] ?? issue.expected}`
  if (issue.code === 'too_small') return issue.origin === 'array' ? `has to have at least ${issue.minimum}` : 'is empty'
  if (issue.code === 'too_big') return issue.origin === 'array' ? `may have at most ${issue.maximum}` : `may have at most ${issue.maximum} characters`
  if (issue.code === 'invalid_value') return `has to be one of: ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_format') return `has to be ${SHAPES[String(last)] ?? 'spelled otherwise'}`
  return issue.message
}

/** At most so many, and how many more there are. */
export const fewest = (findings: readonly Finding[]): Finding[] => {
  const ordered = findings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
  const more = ordered.length - MOST_FINDINGS
  return more > 0 ? [...ordered.slice(0, MOST_FINDINGS), { says: `And ${more} more.` }] : ordered
}

export const unknownKeys = (head: Head, known: KnownKeys, lineOf: LineOf): Finding[] =>
  strangers(head, known).map((path) => {
    const name = String(path.at(-1))
    const here = known[placeOf(path.slice(0, -1))] ?? []
    const near = nearest(name, here)
    const help = near === undefined ? `There are: ${here.join(', ')}.` : `Is “${near}” meant?`
    return { line: lineOf(path), says: `${label(path.slice(0, -1))}“${shown(name)}” is nothing we know. ${help}` }
  })

export const findingsOf = (issues: readonly z.core.$ZodIssue[], head: Head, lineOf: LineOf): Finding[] =>
  issues.map((issue) => ({ line: lineOf(issue.path), says: `${label(issue.path)}${saysOf(issue, head)}.` }))
