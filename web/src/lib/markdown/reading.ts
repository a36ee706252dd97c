import type { Token } from 'markdown-it'
import type { Picture } from './addresses.ts'

export const CALLOUTS = ['note', 'tip', 'important', 'warning', 'caution'] as const
export type CalloutKind = (typeof CALLOUTS)[number]

/** What a text is read with; it goes from rule to rule as markdown-it's `env`. */
export type Reading = {
  /** Stands in front of every id, so that nothing a text names is taken for a part of the page. */
  prefix: string
  words: Words
  pictureAt: (address: string) => Picture | undefined
  /** HTML of the code, its parts told apart by classes; undefined while, or where, nothing can do it. */
  highlight?: ((code: string, language: string) => string | undefined) | undefined
  /** MathML of a formula. */
  typeset?: ((formula: string, isBlock: boolean) => string | undefined) | undefined
}

/** A text that is being read: its notes are found before what refers to them. */
export type Note = { text: string; number?: number }
export type Reader = Reading & { notes: Map<string, Note>; isInNote: boolean }

export type Words = {
  callout: (kind: CalloutKind) => string
  done: string
  open: string
  footnotes: string
  footnote: (number: number) => string
  backToText: string
  playFrom: (host: string) => string
  privacy: (host: string) => string
}

// markdown-it knows nothing of it; every text is read by `htmlOf`, which gives a Reader.
export const readerIn = (env: unknown): Reader => env as Reader

export const attributeOf = (token: Token | undefined, name: string): string => String(token?.attrGet(name) ?? '')
