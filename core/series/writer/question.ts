import * as z from 'zod/mini'
import type { ChatbotQuestion } from '#ports/chatbot.ts'
import type { Json, JsonObject } from '#ports/tables.ts'
import { type Brief, Written } from '../papers.ts'
import { marked, SYSTEM, taskWords } from './prompts.ts'

/** Lessons that are named, newest last: enough not to repeat them, and a bound on what a long course costs. */
const MOST_EARLIER = 60

/** What services that hold a model to a schema do not all take. Bounds of text are in the words of the prompt, and checked when it comes back. */
const NOT_FOR_MODELS = new Set(['$schema', 'minLength', 'maxLength', 'pattern', 'format'])

const forModels = (given: Json): Json => {
  if (Array.isArray(given)) return given.map(forModels)
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (NOT_FOR_MODELS.has(name) ? [] : [[name, forModels(value)]])))
}

// zod makes JSON, of an object's schema an object.
const WRITTEN_SCHEMA = forModels(z.toJSONSchema(Written) as JsonObject) as JsonObject

const seriesOf = ({ series, brief, course, section }: Brief): string =>
  [
    ...[`Series: ${series.title}`, `Course: ${course.title}. ${course.summary}`, `Section: ${section.title}`],
    ...[`For whom: ${series.audience || 'anybody'}`, `Tone: ${series.tone || 'plain and friendly'}`],
    `All points of the series, in their order:\n${brief.outline.map((point, place) => `${place + 1}. ${point}`).join('\n')}`,
  ].join('\n')

/** What is asked for a brief, save how much may be spent on it. */
export const questionOf = (brief: Brief): Omit<ChatbotQuestion, 'maxOutputTokens'> => {
  const { examples, sources, minutes, questions } = brief.brief
  const material = [
    marked('brief', seriesOf(brief)),
    marked('example', examples),
    ...sources.map(({ title, url }) => marked('source', `${title}\n${url}`)),
    ...brief.earlier.slice(-MOST_EARLIER).map(({ title, summary }) => marked('earlier', `${title}\n${summary}`)),
    marked('point', brief.point),
  ]
  const task = taskWords({ language: brief.series.language, minutes, questions })
  return { name: 'lesson', system: SYSTEM, prompt: `${material.filter((piece) => piece !== '').join('\n\n')}\n\n${task}`, schema: WRITTEN_SCHEMA }
}
