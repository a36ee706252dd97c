import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Question } from '#contract/questions.ts'
import type { Program } from './program.ts'

type School = Pick<Program, 'url'>

/** What is written to a stand-in's controls; its own documented answer. */
export const control = async ({ url }: School, path: string, body: unknown): Promise<Record<string, unknown>> => {
  const answer = await fetch(`${url}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) })
  assert.ok(answer.ok, `${path} was answered ${answer.status}`)
  // An object, by its documentation.
  return (await answer.json()) as Record<string, unknown>
}

/** Five fields of cron, in UTC, of the next minute that is far enough ahead for somebody to finish a form and start the schedule. */
export const comingMinute = (secondsAhead: number): string => {
  const at = new Date(Math.ceil((Date.now() + secondsAhead * 1000) / 60_000) * 60_000)
  return `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`
}

/** Every JSON answer that a page is given, from now on. */
export const answersTo = (page: Page): { all(): Promise<{ url: string; said: unknown; text: string }[]> } => {
  const answers: Promise<{ url: string; said: unknown; text: string } | undefined>[] = []
  page.on('response', (response) => {
    if (!(response.headers()['content-type'] ?? '').includes('json')) return
    // An answer to a page that was left meanwhile has no body any more, and nobody has read it.
    const body = response.text().then(
      (text) => ({ url: response.url(), said: JSON.parse(text) as unknown, text }),
      () => undefined,
    )
    answers.push(body)
  })
  return { all: async () => (await Promise.all(answers)).filter((answer) => answer !== undefined) }
}

/** Options that say which of them is right, wherever in an answer. */
const keysIn = (said: unknown): string[] => {
  if (typeof said !== 'object' || said === null) return []
  const own = 'text' in said && 'isRight' in said ? [JSON.stringify(said)] : []
  return [...own, ...Object.values(said).flatMap(keysIn)]
}

/** Where among answers a key of questions is told, or an explanation before anybody has answered. */
export const keysTold = (answers: readonly { url: string; said: unknown; text: string }[], questions: readonly Question[]): string[] =>
  answers.flatMap(({ url, said, text }) => {
    const isMarking = url.endsWith('/answers')
    const explained = isMarking ? [] : questions.filter(({ explanation }) => text.includes(JSON.stringify(explanation).slice(1, -1)))
    return [...keysIn(said), ...explained.map(({ explanation }) => explanation)].map((key) => `${url}: ${key}`)
  })

/** Answers each question on a lesson’s page, rightly or wrongly. */
export const answer = async (page: Page, questions: readonly Question[], isRight: (place: number) => boolean): Promise<void> => {
  for (const [place, question] of questions.entries()) {
    if (question.kind !== 'single' && question.kind !== 'multiple') throw new Error('Chatbots write no other questions.')
    const { kind, options } = question
    const group = page.getByRole('region', { name: 'Check yourself' }).getByRole('group').nth(place)
    const chosen = options.filter((option) => option.isRight === isRight(place))
    assert.ok(chosen.length > 0)
    for (const { text } of kind === 'multiple' ? chosen : chosen.slice(0, 1)) await group.getByLabel(text, { exact: true }).check()
  }
  await page.getByRole('button', { name: 'Check my answers' }).click()
}
