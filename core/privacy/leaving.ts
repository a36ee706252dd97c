import { type Leaving, mayName, mentions, replacing } from '#core/personal.ts'
import type { KeptKind } from '#core/records.ts'
import type { Change, Item, Json } from '#ports/tables.ts'

/** What becomes of one item when somebody leaves. `same`: it says nothing of them, or what it says has to stay as it is. */
export type Left = { what: 'same' } | { what: 'removed' | 'changed'; changes: Change[] }

const SAME: Left = { what: 'same' }

/** The same JSON, whatever order its fields are in. */
const isSame = (one: Json, other: Json): boolean => {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other
  const [fields, others] = [Object.entries(one), Object.entries(other).filter(([, value]) => value !== undefined)]
  const known = new Map(others)
  return Array.isArray(one) === Array.isArray(other) && fields.length === known.size && fields.every(([name, value]) => isSame(value, known.get(name) ?? null))
}

const rewritten = (kind: KeptKind, item: Item, leaving: Leaving): Change | 'goes' => {
  const before = kind.parse(item.body)
  const after = kind.parse(replacing(leaving, kind.people)(item.body))
  const mended = kind.people.mend ? kind.people.mend(after, leaving, before) : after
  if (mended === 'goes') return 'goes'
  const { pk, sk } = kind.key(mended)
  return kind.put(mended, pk === item.pk && sk === item.sk ? { version: item.version } : undefined)
}

/** By the rule of its kind; what there is besides, its objects and its neighbours, is `effects.ts`'s. */
export const left = (kind: KeptKind, item: Item, leaving: Leaving): Left => {
  if (!mentions(item, leaving) && !mayName(item, leaving, kind.people)) return SAME
  const away: Change = { kind: 'remove', key: { pk: item.pk, sk: item.sk }, expect: { version: item.version } }
  const { what, whose } = kind.people
  const isOwn = !whose || whose(kind.parse(item.body)) === leaving.person
  if (what === 'goes' && isOwn) return { what: 'removed', changes: [away] }
  const put = rewritten(kind, item, leaving)
  if (put === 'goes') return { what: 'removed', changes: [away] }
  if (put.kind !== 'put') return SAME
  if (put.key.pk !== item.pk || put.key.sk !== item.sk) return { what: 'changed', changes: [away, put] }
  return isSame(put.body, item.body) ? SAME : { what: 'changed', changes: [put] }
}
