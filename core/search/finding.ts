import type { HitKind, SearchHit } from '#contract/search.ts'
import type { Actor } from '#core/handlers.ts'
import { noteRecords, notesOf, type StoredNote } from '#core/notes/records.ts'
import { chunks } from '#core/records.ts'
import type { Page } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Candidate, candidatesIn } from './candidates.ts'
import { type Ground, groundOf, groundsOf } from './grounds.ts'
import { rebuild } from './indexing.ts'
import { prover } from './proving.ts'
import { type Query, queryOf } from './words.ts'

const AT_ONCE = 25
const MOST_NOTES_READ = 2000

/** One's own, those of a course or the first two thousand of all. */
const notesWithin = async ({ tables }: World, actor: Actor | undefined, course: string | undefined): Promise<StoredNote[]> => {
  const notes: StoredNote[] = []
  if (!actor) return notes
  const prefix = course === undefined ? {} : { prefix: `${course}#` }
  for (let next: string | undefined, isFirst = true; isFirst || next !== undefined; isFirst = false) {
    const page: Page<StoredNote> = await noteRecords.list(tables, notesOf(actor.id), { limit: 1000, ...prefix, ...(next !== undefined && { page: next }) })
    notes.push(...page.items)
    next = notes.length < MOST_NOTES_READ ? page.next : undefined
  }
  return notes
}

type Wanted = { world: World; actor: Actor | undefined; query: Query; only: HitKind | undefined; upTo: number }

/** Hits in their order, as many as are wanted and one more where there is one, and the courses whose index has to be made anew first. */
const prove = async ({ world, actor, query, upTo }: Wanted, candidates: readonly Candidate[]): Promise<{ hits: SearchHit[]; stale: Set<string> }> => {
  const isHit = prover(world, actor, query)
  const [hits, stale] = [[] as SearchHit[], new Set<string>()]
  for (const some of chunks(candidates, AT_ONCE)) {
    const proven = await Promise.all(some.map(isHit))
    for (const [place, each] of proven.entries()) {
      const candidate = some[place]
      if (each === 'stale' && candidate && candidate.kind !== 'note') stale.add(candidate.ground.course.id)
      else if (each !== undefined && each !== 'stale') hits.push(each)
    }
    if (hits.length > upTo) break
  }
  return { hits, stale }
}

const look = async (wanted: Wanted, course: string | undefined): Promise<{ hits: SearchHit[]; stale: Set<string> }> => {
  const { world, actor, query, only } = wanted
  const grounds: readonly Ground[] = course === undefined ? await groundsOf(world, actor) : [await groundOf(world, actor, course)]
  const notes = only === undefined || only === 'note' ? await notesWithin(world, actor, course) : []
  const candidates = candidatesIn(grounds, notes, query).filter(({ kind }) => only === undefined || kind === only)
  return prove(wanted, candidates)
}

type Question = { words: string; course?: string | undefined; only?: HitKind | undefined; limit: number; skip: number }

export const find = async (world: World, actor: Actor | undefined, { words, course, only, limit, skip }: Question) => {
  const query = queryOf(words)
  // Of signs alone: every text holds all of no words.
  if (query.needles.length === 0) return { hits: [], isMore: false }
  const wanted = { world, actor, query, only, upTo: skip + limit }
  const first = await look(wanted, course)
  for (const stale of first.stale) await rebuild(world, stale)
  // Written once more while we looked: what is stale then is left out, for nothing is better than what may be wrong.
  const { hits } = first.stale.size > 0 ? await look(wanted, course) : first
  return { hits: hits.slice(skip, skip + limit), isMore: hits.length > skip + limit }
}
