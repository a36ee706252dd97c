import { type KeptKind, keptKinds } from '#core/records.ts'
import type { Key } from '#ports/tables.ts'

/** A kind's keys as a pattern: what stands in braces is anything, and `letters` counts what does not. */
type Shape = { kind: KeptKind; pk: RegExp; sk: RegExp; letters: number }

const spelled = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split(/\{[^}]*\}/)
      .map((text) => RegExp.escape(text))
      .join('.*')}$`,
    's',
  )
const lettersOf = ({ pk, sk }: Key): number => `${pk}${sk}`.replaceAll(/\{[^}]*\}/g, '').length

/** The most exact first. */
const shapesOf = (kinds: readonly KeptKind[]): Shape[] =>
  kinds
    .map((kind) => ({ kind, pk: spelled(kind.pattern.pk), sk: spelled(kind.pattern.sk), letters: lettersOf(kind.pattern) }))
    .toSorted((one, other) => other.letters - one.letters)

/** Tells of an item, by its key, which kind of record it is; undefined where no module that has been loaded makes any such. */
export const kindFinder = (kinds: readonly KeptKind[] = keptKinds()): ((key: Key) => KeptKind | undefined) => {
  const shapes = shapesOf(kinds)
  return ({ pk, sk }) => shapes.find((shape) => shape.pk.test(pk) && shape.sk.test(sk))?.kind
}
