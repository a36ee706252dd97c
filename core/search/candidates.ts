import type { HitKind } from '#contract/search.ts'
import type { StoredNote } from '#core/notes/records.ts'
import { excerptOf } from './excerpt.ts'
import type { Ground } from './grounds.ts'
import type { HeldLesson } from './held.ts'
import { plainOf } from './plain.ts'
import { folded, hasPhrase, holds, type Marked, mayHold, type Query, type Spot, spotsIn } from './words.ts'

type Track = HeldLesson['films'][number]['tracks'][number]

/** What may become a hit. Of titles and of what is written nothing is kept here: it is read again where it is stored. */
export type Candidate = { rank: number } & (
  | { kind: 'course'; ground: Ground }
  | { kind: 'about'; ground: Ground }
  | { kind: 'section'; ground: Ground; section: string }
  | { kind: 'lesson'; ground: Ground; lesson: string }
  | { kind: 'text'; ground: Ground; lesson: string }
  | { kind: 'spoken'; ground: Ground; lesson: string; film: HeldLesson['films'][number]; track: Track; spot: Spot }
  | { kind: 'note'; note: StoredNote; marked: Marked }
)

export type CandidateOf<Kind extends HitKind> = Extract<Candidate, { kind: Kind }>

const TIERS: Readonly<Record<HitKind, number>> = { course: 0, section: 1, lesson: 1, about: 2, text: 2, note: 2, spoken: 3 }

/** Less is better: by what it is, the whole phrase before scattered words, one's own courses before others. */
const rankOf = (kind: HitKind, plain: string, { query, isOwn }: { query: Query; isOwn: boolean }): number =>
  TIERS[kind] * 4 + (hasPhrase(plain, query) ? 0 : 2) + (isOwn ? 0 : 1)

const titles = (ground: Ground, query: Query): Candidate[] => {
  const { isOwn, course, about, sections } = ground
  const ranked = (kind: HitKind, text: string): number[] => {
    const plain = folded(text)
    return holds(plain, query) ? [rankOf(kind, plain, { query, isOwn })] : []
  }
  return [
    ...ranked('course', course.title).map((rank) => ({ kind: 'course' as const, ground, rank })),
    ...ranked('about', about).map((rank) => ({ kind: 'about' as const, ground, rank })),
    ...sections.flatMap(({ id: section, title, lessons }): Candidate[] => [
      ...ranked('section', title).map((rank) => ({ kind: 'section' as const, ground, section, rank })),
      ...lessons.flatMap(({ id: lesson, title: called }) => ranked('lesson', called).map((rank) => ({ kind: 'lesson' as const, ground, lesson, rank }))),
    ]),
  ]
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
