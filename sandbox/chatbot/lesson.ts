import { createHash } from 'node:crypto'
import { type Asked, CLOSINGS, MORE_QUESTIONS, OPENINGS, PASSAGES, type Passage } from './passages.ts'

export type Lesson = {
  title: string
  summary: string
  objectives: string[]
  text: string
  questions: { prompt: string; kind: 'single' | 'multiple'; options: { text: string; isRight: boolean }[]; explanation: string }[]
  readingMinutes: number
  sources: { title: string; url: string }[]
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&amp;': '&' }
/** Words between marks of a prompt, as they were before they were kept from closing a mark. */
export const plain = (text: string): string => text.replace(/&lt;|&amp;/g, (sign) => ENTITIES[sign] ?? sign).trim()

/** What stands between such marks, each time. */
const between = (prompt: string, name: string): string[] =>
  [...prompt.matchAll(new RegExp(`<${name}>\\n?([\\s\\S]*?)\\n?</${name}>`, 'g'))].map(([, text = '']) => plain(text))

/** A number from the text, the same each time. */
const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE()

const MOST_TITLE = 100

/** A prompt of anybody's is about its first line that says something. */
const pointOf = (prompt: string): string => {
  const point = between(prompt, 'point')[0] ?? prompt.split('\n').find((line) => line.trim() !== '' && !line.startsWith('<')) ?? 'Something new'
  return point
    .replace(/[\s.]+$/, '')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
}

const titleOf = (point: string): string => {
  const whole = point.length <= MOST_TITLE ? point : `${point.slice(0, MOST_TITLE).replace(/\s+\S*$/, '')}…`
  return whole.charAt(0).toUpperCase() + whole.slice(1)
}

/** Which lesson of its series it is: its place in the outline, so that no two are made of the same parts. */
const placeOf = (prompt: string, point: string): number => {
  const numbered =
    between(prompt, 'brief')[0]
      ?.split('\n')
      .flatMap((line) => /^(\d+)\. (.*)$/.exec(line)?.slice(1, 3) ?? []) ?? []
  const at = numbered.findIndex((text) => text.replace(/[\s.]+$/, '') === point)
  return at > 0 ? Number(numbered[at - 1]) - 1 : numberOf(point)
}

/** A perfect difference set of 13: any two of thirteen lessons share exactly one passage of their four. */
const DIFFERENCES = [0, 1, 3, 9]

const at = <T>(all: readonly [T, ...T[]] | readonly T[], place: number): T => {
  const found = all[place % all.length]
  if (found === undefined) throw new RangeError('There is nothing to choose from.')
  return found
}

const sourceOf = (text: string): { title: string; url: string }[] => {
  const lines = text.split('\n')
  const url = lines.find((line) => /^https?:\/\//.test(line))
  return url === undefined ? [] : [{ title: lines.find((line) => line !== url) ?? url, url }]
}

const questionOf = ({ prompt, right, wrong, explanation }: Asked, seed: number): Lesson['questions'][number] => {
  const options = [...right.map((text) => ({ text, isRight: true })), ...wrong.map((text) => ({ text, isRight: false }))]
  // The key is not always the first.
  const turned = options.map((_, place) => at(options, place + seed))
  return { prompt, kind: right.length > 1 ? 'multiple' : 'single', options: turned, explanation }
}

const WORDS_A_MINUTE = 200
const LINKED = 2

const textOf = (passages: readonly Passage[], { title, place, sources }: { title: string; place: number; sources: Lesson['sources'] }): string => {
  const about = (text: string): string => text.replaceAll('…', title)
  const further = sources.slice(0, LINKED).map(({ title: name, url }) => `- [${name}](${url})`)
  return [
    about(at(OPENINGS, place)),
    ...passages.map(({ heading, text }) => `## ${heading}\n\n${about(text)}`),
    `## In short\n\n${about(at(CLOSINGS, place))}`,
    ...(further.length > 0 ? [`## Further reading\n\n${further.join('\n')}`] : []),
  ].join('\n\n')
}

const askedFor = (prompt: string): number => {
  const exactly = /"questions" has exactly (\d+)/.exec(prompt)?.[1]
  return exactly === undefined ? (/"questions" is empty/.test(prompt) ? 0 : 3) : Number(exactly)
}

/** A whole little lesson, the same for the same prompt. It is in English whichever language is asked for. */
export const lessonFor = (prompt: string): Lesson => {
  const point = pointOf(prompt)
  const [title, place] = [titleOf(point), placeOf(prompt, point)]
  const passages = DIFFERENCES.map((difference) => at(PASSAGES, place + difference))
  const sources = between(prompt, 'source').flatMap(sourceOf)
  const text = textOf(passages, { title, place, sources })
  const questions = [...passages.map(({ question }) => question), ...MORE_QUESTIONS].slice(0, askedFor(prompt))
  return {
    title,
    summary: `${title}: ${passages
      .slice(0, 3)
      .map(({ objective }) => objective.charAt(0).toLowerCase() + objective.slice(1))
      .join('; ')}.`.slice(0, 400),
    objectives: passages.map(({ objective }) => objective),
    text,
    questions: questions.map((question, number) => questionOf(question, place + number)),
    readingMinutes: Math.max(1, Math.round(text.split(/\s+/).length / WORDS_A_MINUTE)),
    sources: sources.slice(0, LINKED),
  }
}
