import type { ChatbotTokens } from '#ports/chatbot.ts'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import type { DraftStore } from '#ports/world.ts'
import type { Tell } from '../bus.ts'
import { type Brief, type Draft, dropAsked, keepAsked, keepDraft, readAsked, readBrief, readDraft, type Written } from '../papers.ts'
import { type Author, askForLesson } from './asking.ts'
import { costMicros, NO_TOKENS } from './cost.ts'

export type WritersRoom = {
  /** Undefined where nobody has been set up who could write. */
  author: Author | undefined
  drafts: DraftStore
  tell: Tell
  clock: Clock
  log: Log
}

/** Of a teacher's page, and of a message on the bus. */
const DETAIL_CHARACTERS = 500

const draftOf = (brief: Brief, { title, text, questions, ...about }: Written, spent: Pick<Draft, 'tokens' | 'costMicros' | 'model' | 'writtenAt'>): Draft => ({
  ...{ run: brief.run, attempt: brief.attempt, title, text, questions },
  about: { ...about, language: brief.series.language, licence: brief.brief.licence },
  ...spent,
})

/** Afterwards nothing is paid for that nobody knows of. */
const tellWritten = async (room: WritersRoom, brief: Brief, draft: Draft): Promise<void> => {
  const { run, attempt, lesson, isTrial } = brief
  const { tokens, costMicros: cost, model, title } = draft
  await room.tell({ type: 'draft.written', detail: { run, attempt, tokens, costMicros: cost, model, title, path: lesson.path, toPropose: !isTrial } })
  await dropAsked(room, run)
  room.log.info('a draft was written', { run, attempt, tokens, costMicros: cost })
}

type Failure = Extract<Parameters<Tell>[0], { type: 'draft.failed' }>['detail']

const tellFailed = async (room: WritersRoom, { run, attempt }: Brief, why: Omit<Failure, 'run' | 'attempt' | 'by'>): Promise<void> => {
  const reason = { ...why.reason, detail: why.reason.detail.slice(0, DETAIL_CHARACTERS) }
  await room.tell({ type: 'draft.failed', detail: { run, attempt, by: 'writer', ...why, reason } })
  await dropAsked(room, run)
  room.log.warn('no draft was written', { run, attempt, reason: reason.code, isFinal: why.isFinal })
}

/**
 * What an earlier life of this program left: a draft that nobody was told of, or one of this very attempt, is told instead of being asked for again.
 * `spent` is what may have been paid for meanwhile.
 */
const leftBehind = async (room: WritersRoom, brief: Brief): Promise<{ draft: Draft } | { spent: ChatbotTokens }> => {
  const [asked, draft] = await Promise.all([readAsked(room, brief.run), readDraft(room, brief.run)])
  if (draft && (draft.attempt === brief.attempt || draft.attempt === asked?.attempt)) return { draft }
  return { spent: asked?.most ?? NO_TOKENS }
}

const writeAnew = async (room: WritersRoom, brief: Brief, author: Author, spent: ChatbotTokens): Promise<void> => {
  const note = (most: ChatbotTokens): Promise<void> => keepAsked(room, { run: brief.run, attempt: brief.attempt, most })
  const outcome = await askForLesson({ brief, author, spent, note })
  const { tokens, model } = outcome
  const cost = costMicros(tokens, author.prices)
  if (!('written' in outcome)) return tellFailed(room, brief, { tokens, costMicros: cost, model, reason: outcome.reason, isFinal: outcome.isFinal })
  const draft = draftOf(brief, outcome.written, { tokens, costMicros: cost, model, writtenAt: room.clock.now().toISOString() })
  await keepDraft(room, draft)
  await tellWritten(room, brief, draft)
}

/**
 * Writes the lesson of a run's brief: the draft is kept before anybody is told of it. Whatever comes of it is told to the bus, a fault of the
 * chatbot's too; what is thrown is a fault of ours.
 */
export const writeDraft = async (room: WritersRoom, run: string): Promise<void> => {
  const brief = await readBrief(room, run)
  if (!brief) throw new Error(`There is no brief of the run ${run}.`)
  const left = await leftBehind(room, brief)
  if ('draft' in left) {
    const draft = { ...left.draft, attempt: brief.attempt }
    if (left.draft.attempt !== brief.attempt) await keepDraft(room, draft)
    return tellWritten(room, brief, draft)
  }
  if (room.author) return writeAnew(room, brief, room.author, left.spent)
  const reason = { code: 'no-chatbot' as const, detail: 'No chatbot has been set up.' }
  return tellFailed(room, brief, { tokens: left.spent, costMicros: 0, model: 'none', reason, isFinal: true })
}
