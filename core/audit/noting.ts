import type { AuditChange } from '#contract/audit.ts'
import type { Actor } from '#core/handlers.ts'
import { kindFinder } from '#core/privacy/kinds.ts'
import type { KeptKind } from '#core/records.ts'
import { type Change, type Item, TABLE_LIMITS, type Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { actRecords, type StoredAct } from './records.ts'
import { askedOf, bounded, differences, namedIn } from './told.ts'

export type Act = { name: string; by: Actor; request: string; input: unknown }

/** What a commit still takes beside a record of at most so many bytes. */
const RECORD_BYTES = 24 * 1024
const hasRoom = (changes: readonly Change[], events: number): boolean =>
  changes.length + events < TABLE_LIMITS.commitEntries &&
  changes.reduce((sum, change) => sum + (change.kind === 'put' ? Buffer.byteLength(JSON.stringify(change.body)) : 0), 0) <
    TABLE_LIMITS.commitBytes * 0.9 - RECORD_BYTES

/** More than this is a tidying up, which its question says better than its parts. */
const MOST_LOOKED_AT = 12
const MOST_NAMES = 5

/** Whose the record is that a change is about. */
const whoseIs = (kind: KeptKind | undefined, change: Change, before: Item | undefined): string[] => {
  const bodies = [before?.body, change.kind === 'put' ? change.body : undefined]
  return bodies.flatMap((body) => (body && kind?.people.whose?.(kind.parse(body))) ?? [])
}

/**
 * The world as one act of the staff sees it: its first commit takes the note of the act with it, so that none is done and not
 * written down, and none is written down that was refused. What further commits change is added when the act is over.
 */
export const noting = (world: World, { name, by, request, input }: Act): { world: World; settle(): Promise<void> } => {
  const { tables, clock, ids } = world
  const found: AuditChange[] = []
  const names = new Set<string>()
  const whom = new Set<string>()
  const at = clock.now().toISOString()
  const id = ids.make('act')
  const noted = (): StoredAct => ({
    ...{
      id,
      at,
      act: name,
      request,
      asked: askedOf(input),
      about: [...names].slice(0, MOST_NAMES),
      changes: bounded(found),
      whom: [...whom].slice(0, MOST_LOOKED_AT),
    },
    by: { id: by.id, name: by.name, email: by.email },
  })
  let written: 'not' | 'whole' | 'in part' = 'not'

  const lookedAt = async (changes: readonly Change[]): Promise<AuditChange[]> => {
    // Made of every kind there is: once for all of them.
    const kindOf = kindFinder()
    const some = changes.filter(({ kind }) => kind !== 'check').slice(0, MOST_LOOKED_AT)
    const all = some.map(async (change): Promise<AuditChange[]> => {
      const before = await tables.get(change.key)
      for (const each of namedIn(change, before)) names.add(each)
      for (const each of whoseIs(kindOf(change.key), change, before)) whom.add(each)
      return differences(change, before)
    })
    return (await Promise.all(all)).flat()
  }

  const commit: Tables['commit'] = async (changes, events = []) => {
    const news = await lookedAt(changes)
    const isFirst = written === 'not' && hasRoom(changes, events.length)
    const before = found.length
    found.push(...news)
    const outcome = await tables.commit(isFirst ? [...changes, actRecords.put(noted())] : changes, events)
    if (outcome === 'done') written = isFirst ? 'whole' : news.length > 0 && written === 'whole' ? 'in part' : written
    // It is tried again with what is true by then.
    else found.length = before
    return outcome
  }

  return {
    world: { ...world, tables: { ...tables, commit } },
    settle: async () => {
      if (written !== 'whole') await tables.commit([actRecords.put(noted())])
    },
  }
}
