import type { HitKind } from '#contract/search.ts'
import type { StoredNote } from '#core/notes/records.ts'
import { excerptOf } from './excerpt.ts'
import type { Ground } from './grounds.ts'
import type { HeldLesson } from './held.ts'
import { plainOf } from './plain.ts'
import { folded, hasPhrase, holds, type Marked, matchesIn, mayHold, type Query, type Spot, spotsIn } from './words.ts'

type Track = HeldLesson['films'][number]['tracks'][number]

/** What may become a hit. Of what is written in a lesson nothing is kept here: it is read again where the lesson is. */
export type Candidate = { rank: number } & (
  | { kind: 'course' | 'section' | 'about'; ground: Ground; marked: Marked }
  | { kind: 'lesson'; ground: Ground; lesson: Ground['sections'][number]['lessons'][number]; marked: Marked }
  | { kind: 'text'; ground: Ground; lesson: string }
  | { kind: 'spoken'; ground: Ground; lesson: string; film: HeldLesson['films'][number]; track: Track; spot: Spot }
  | { kind: 'note'; note: StoredNote; marked: Marked }
)

const TIERS: Readonly<Record<HitKind, number>> = { course: 0, section: 1, lesson: 1, about: 2, text: 2, note: 2, spoken: 3 }

/** Less is better: by what it is, the whole phrase before scattered words, one's own courses before others. */
const rankOf = (kind: HitKind, plain: string, { query, isOwn }: { query: Query; isOwn: boolean }): number =>
  TIERS[kind] * 4 + (hasPhrase(plain, query) ? 0 : 2) + (isOwn ? 0 : 1)

const titleOf = (title: string, query: Query): { plain: string; marked: Marked } | undefined => {
  const plain = folded(title)
  return holds(plain, query) ? { plain, marked: { text: title, matches: matchesIn(title, query) } } : undefined
}

const titles = (ground: Ground, query: Query): Candidate[] => {
  const { isOwn, course, sections } = ground
  const named = titleOf(course.title, query)
  const about = excerptOf(ground.about, query)
  const found: Candidate[] = named ? [{ kind: 'course', ground, marked: named.marked, rank: rankOf('course', named.plain, { query, isOwn }) }] : []
  if (about) found.push({ kind: 'about', ground, marked: about, rank: rankOf('about', folded(ground.about), { query, isOwn }) })
  for (const section of sections) {
    const headed = titleOf(section.title, query)
    if (headed) found.push({ kind: 'section', ground, marked: headed.marked, rank: rankOf('section', headed.plain, { query, isOwn }) })
    for (const lesson of section.lessons) {
      const called = titleOf(lesson.title, query)
      if (called) found.push({ kind: 'lesson', ground, lesson, marked: called.marked, rank: rankOf('lesson', called.plain, { query, isOwn }) })
    }
  }
  return found
}

const spoken = (ground: Ground, { lesson, films }: HeldLesson, query: Query): Candidate[] =>
  films.flatMap((film) =>
    film.tracks.flatMap((track) => {
      // A phrase may run over the end of a line.
      if (!mayHold(track.plain.replaceAll('\n', ' '), query)) return []
      const plain = track.plain.split('\n')
      return spotsIn(plain, query).map((spot) => {
        const said = spot.isAcross ? `${plain[spot.line]} ${plain[spot.line + 1]}` : (plain[spot.line] ?? '')
        return { kind: 'spoken' as const, ground, lesson, film, track, spot, rank: rankOf('spoken', said, { query, isOwn: ground.isOwn }) }
      })
    }),
  )

const inLessons = (ground: Ground, query: Query): Candidate[] =>
  ground.sections.flatMap(({ lessons }) =>
    lessons.flatMap(({ id }) => {
      const held = ground.within.has(id) ? ground.index?.lessons.get(id) : undefined
      if (!held) return []
      const text: Candidate[] = holds(held.plain, query)
        ? [{ kind: 'text', ground, lesson: id, rank: rankOf('text', held.plain, { query, isOwn: ground.isOwn }) }]
        : []
      return [...text, ...spoken(ground, held, query)]
    }),
  )

const inNotes = (notes: readonly StoredNote[], query: Query): Candidate[] =>
  notes.flatMap((note) => {
    const body = plainOf(note.body)
    const marked = excerptOf(body, query)
    return marked ? [{ kind: 'note' as const, note, marked, rank: rankOf('note', folded(body), { query, isOwn: true }) }] : []
  })

/** The best first; within a rank in the order of courses and lessons. */
export const candidatesIn = (grounds: readonly Ground[], notes: readonly StoredNote[], query: Query): Candidate[] =>
  [...grounds.flatMap((ground) => [...titles(ground, query), ...inLessons(ground, query)]), ...inNotes(notes, query)].sort(
    (one, other) => one.rank - other.rank,
  )
