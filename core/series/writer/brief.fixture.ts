import type { Brief } from '../papers.ts'

export const RUN = 'run_01k0000000000000000000000a'

/** A brief of a lesson of four minutes, with room enough in its budget. */
export const aBrief = (
  given: Partial<Omit<Brief, 'brief' | 'series'>> & { brief?: Partial<Brief['brief']>; series?: Partial<Brief['series']> } = {},
): Brief => ({
  ...{ run: RUN, attempt: 1, isTrial: false, point: 'Where the weight falls' },
  course: { id: 'crs_01k0000000000000000000000a', slug: 'sentences', title: 'The Shape of a Sentence', summary: 'Writing that is read to its end.' },
  section: { id: 'sec_01k0000000000000000000000a', title: 'Weight and order' },
  lesson: { id: 'les_01k0000000000000000000000a', path: 'courses/sentences/weight-and-order/04-where-the-weight-falls.md' },
  earlier: [{ title: 'Before you write', summary: 'What to decide first.', fingerprint: [] }],
  limits: { tokens: 60_000, micros: 100_000 },
  proposals: { branch: 'main', aDay: 3, folder: 'courses' },
  previewUrl: 'http://localhost:4600/teach/runs/x',
  ...given,
  series: {
    id: 'ser_01k0000000000000000000000a',
    title: 'A sentence a day',
    audience: 'People who write at work',
    tone: 'Calm',
    language: 'en',
    ...given.series,
  },
  brief: {
    ...{ examples: 'Short sentences. Then a long one.', minutes: 4, questions: 3, licence: 'CC-BY-4.0' },
    ...{ outline: ['Before you write', 'Where the weight falls', 'What to leave out'] },
    sources: [{ title: 'Sentence (linguistics)', url: 'https://en.wikipedia.org/wiki/Sentence_(linguistics)' }],
    ...given.brief,
  },
})
