import { useDebounceFn } from '@vueuse/core'
import { computed, type ShallowRef, shallowRef } from 'vue'
import type { Question, QuestionKind } from '#contract/questions.ts'
import { useSaveOnLeave } from '../courses/useSaveOnLeave.ts'
import { type Draft, draftOf, lacking, movedDraft, newDraft, sendable, withIds } from './drafts.ts'

const PAUSE_MS = 1000
const MOST_UNDONE = 100

type Save = (questions: Draft['question'][]) => Promise<readonly Question[] | undefined>
type Shown = { drafts: ShallowRef<Draft[]>; past: ShallowRef<Draft[][]> }

const json = (of: readonly Draft[]): string => JSON.stringify(of.map(({ question }) => question))

/** Sends what differs from what is stored; asked again and again, it does so once. */
const useSending = (stored: readonly Question[], { drafts, past }: Shown, save: Save) => {
  let known = new Map(stored.map((question) => [question.id, question]))
  let sentLast = JSON.stringify(stored)
  const send = async (): Promise<void> => {
    const sending = sendable(drafts.value, known)
    if (json(sending) === sentLast) return
    sentLast = json(sending)
    const now = await save(sending.map(({ question }) => question))
    if (!now) return
    known = new Map(now.map((question) => [question.id, question]))
    drafts.value = withIds(drafts.value, sending, now)
    past.value = past.value.map((step) => withIds(step, sending, now))
    sentLast = json(withIds(sending, sending, now))
    // What was typed meanwhile.
    if (json(sendable(drafts.value, known)) !== sentLast) void sendSoon()
  }
  const sendSoon = useDebounceFn(() => send(), PAUSE_MS)
  useSaveOnLeave(() => void send())
  return sendSoon
}

/** Questions on a desk: changed at once, sent a moment later, taken back step by step. `save` answers what is stored then; undefined where it was refused. */
export const useDrafts = (stored: () => readonly Question[], save: Save) => {
  const drafts = shallowRef<Draft[]>(stored().map(draftOf))
  const past = shallowRef<Draft[][]>([])
  const open = shallowRef<string>()
  const sendSoon = useSending(stored(), { drafts, past }, save)
  let lastTouched = ''

  /** One step back for each thing that is done; what is typed in one question is one thing. */
  const change = (next: Draft[], touched = ''): void => {
    if (touched === '' || touched !== lastTouched) past.value = [...past.value.slice(-MOST_UNDONE), drafts.value]
    lastTouched = touched
    drafts.value = next
    void sendSoon()
  }
  return {
    ...{ drafts, open },
    canUndo: computed(() => past.value.length > 0),
    unfinished: computed(() => drafts.value.filter((draft) => lacking(draft) !== undefined).length),
    add: (kind: QuestionKind): void => {
      const draft = newDraft(crypto.randomUUID(), kind)
      change([...drafts.value, draft])
      open.value = draft.key
    },
    edit: (key: string, question: Draft['question']): void =>
      change(
        drafts.value.map((draft) => (draft.key === key ? { key, question } : draft)),
        key,
      ),
    copy: (key: string): void => {
      const place = drafts.value.findIndex((draft) => draft.key === key)
      const found = drafts.value[place]
      if (!found) return
      const { id: _, ...question } = found.question
      const copied = { key: crypto.randomUUID(), question }
      change(drafts.value.toSpliced(place + 1, 0, copied))
      open.value = copied.key
    },
    remove: (key: string): void => change(drafts.value.filter((draft) => draft.key !== key)),
    move: (from: number, by: -1 | 1): void => change(movedDraft(drafts.value, from, by)),
    undo: (): void => {
      const before = past.value.at(-1)
      if (!before) return
      past.value = past.value.slice(0, -1)
      lastTouched = ''
      drafts.value = before
      void sendSoon()
    },
  }
}
