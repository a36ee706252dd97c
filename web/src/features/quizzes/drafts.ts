import { problemOf, type Question, type QuestionKind, type QuestionProblem, SentQuestion } from '#contract/questions.ts'

/** A question on the desk: it may be unfinished. `key` tells it from the others before it has an id. */
export type Draft = { key: string; question: SentQuestion }

export const KINDS: readonly QuestionKind[] = ['single', 'multiple', 'true-false', 'numeric', 'text', 'ordering', 'matching', 'blanks']

export const KIND_ICON: Record<QuestionKind, string> = {
  ...{ single: 'i-lucide-circle-dot', multiple: 'i-lucide-list-checks', 'true-false': 'i-lucide-scale', numeric: 'i-lucide-hash' },
  ...{ text: 'i-lucide-text-cursor-input', ordering: 'i-lucide-arrow-down-up', matching: 'i-lucide-link', blanks: 'i-lucide-square-dashed' },
}

type Common = Pick<SentQuestion, 'id' | 'prompt' | 'explanation' | 'points' | 'pause'>

/** A question as it is begun, or made another kind of. What was asked stays. */
export const asKind = (common: Common, kind: QuestionKind): SentQuestion => {
  const { id, prompt, explanation, points, pause } = common
  const rest = { prompt, explanation, points, ...(id !== undefined && { id }), ...(pause && { pause }) }
  switch (kind) {
    case 'true-false':
      return { ...rest, kind, isTrue: true }
    case 'numeric':
      return { ...rest, kind, value: 0, tolerance: 0 }
    case 'text':
      return { ...rest, kind, accepted: [''], matchesCase: false }
    case 'ordering':
      return { ...rest, kind, items: ['', '', ''] }
    case 'matching':
      return { ...rest, kind, pairs: Array.from({ length: 3 }, () => ({ left: '', right: '' })) }
    case 'blanks':
      return { ...rest, kind, passage: '' }
    default:
      return { ...rest, kind, options: [true, false, false].map((isRight) => ({ text: '', isRight })) }
  }
}

export const draftOf = (question: Question): Draft => ({ key: question.id, question })

export const newDraft = (key: string, kind: QuestionKind): Draft => ({ key, question: asKind({ prompt: '', explanation: '', points: 1 }, kind) })

/** Why it cannot be kept as it stands; `unfinished`: something is empty. */
export const lacking = ({ question }: Draft): QuestionProblem | 'unfinished' | undefined =>
  SentQuestion.safeParse(question).success ? problemOf(question) : 'unfinished'

/**
 * What is sent of a desk: finished questions as they stand, of those that are being rewritten what was stored last, and of new ones that are
 * unfinished nothing.
 */
export const sendable = (drafts: readonly Draft[], stored: ReadonlyMap<string, Question>): Draft[] =>
  drafts.flatMap((draft) => {
    if (lacking(draft) === undefined) return [draft]
    const last = stored.get(draft.question.id ?? '')
    return last ? [{ key: draft.key, question: last }] : []
  })

/** The desk once something is stored: whatever had no id has one. */
export const withIds = (drafts: readonly Draft[], sent: readonly Draft[], stored: readonly Question[]): Draft[] => {
  const ids = new Map(sent.map(({ key }, place) => [key, stored[place]?.id]))
  return drafts.map((draft) => {
    const id = draft.question.id ?? ids.get(draft.key)
    return id === undefined ? draft : { ...draft, question: { ...draft.question, id } }
  })
}

export const movedDraft = (drafts: readonly Draft[], from: number, by: -1 | 1): Draft[] => {
  const [draft, other] = [drafts[from], drafts[from + by]]
  if (!draft || !other) return [...drafts]
  return drafts.map((each, place) => (place === from ? other : place === from + by ? draft : each))
}

/** `2:05` as seconds; undefined where it is no moment. */
export const secondsOf = (text: string): number | undefined =>
  /^\d{1,2}(:\d{1,2}){0,2}$/.test(text.trim()) || /^\d+$/.test(text.trim()) ? text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) : undefined

export const clockOf = (seconds: number): string => {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const [first = 0, ...rest] = parts[0] === 0 ? parts.slice(1) : parts
  return [String(first), ...rest.map((part) => String(part).padStart(2, '0'))].join(':')
}
