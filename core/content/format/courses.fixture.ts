import fc from 'fast-check'
import type { SectionOpening } from '#contract/opening.ts'
import { StoredQuestions } from '#core/quizzes/naming.ts'
import { CourseDocument, LessonDocument } from './documents.ts'

/** Texts that YAML, Git or a careless reader takes for something else. */
const TEMPTING = [
  ...[
    'no',
    'Yes',
    'null',
    '~',
    'true',
    '1e3',
    '0x1F',
    '2026-01-01',
    '12:30',
    '.inf',
    '1_000',
    '01',
    '-',
    '---',
    '...',
    '- a',
    '? a',
    ': b',
    'a: b',
    'a #b',
    '#c',
  ],
  ...[
    '"',
    "'",
    "it's",
    '“q”',
    '[x] a',
    '{a: b}',
    '*a',
    '&a b',
    '!!str a',
    '!a',
    '%TAG',
    '@a',
    '`a`',
    '|',
    '>',
    '<<',
    '__proto__',
    'constructor',
    '\\n',
    '\\',
    '=',
    ',',
  ],
  ...['🦉 Überblick & Öl', 'ＡＢ', '日本語', 'مرحبا', 'e\u0301', '\u200Bx', '\uFEFFx', 'x\u2028y', '\u0085', '\t', 'a\tb', '  a', 'a  ', '\u00A0'],
]
const LINES = ['---', '--- ', '...', '# Heading', '', ' ', '  indented', 'trailing  ', '\ttab', '```', '<b>no</b>', '- [ ] a', '> q', ...TEMPTING]
const ENDS = ['\n', '\n', '\n', '\r\n', '\n\n', '\r']

const piece = fc.oneof(fc.constantFrom(...TEMPTING), fc.string({ unit: 'grapheme', maxLength: 20 }))

/** One that is not empty when it is trimmed. */
const line = (most: number) =>
  fc.array(piece, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' ').replaceAll('\0', '').slice(0, most).toWellFormed().trim() || 'x')

const text = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...LINES), fc.string({ unit: 'grapheme', maxLength: 30 })), fc.constantFrom('', ...ENDS)), { maxLength: 8 })
  .map((lines) =>
    lines
      .map(([words, end]) => words + end)
      .join('')
      .replaceAll('\0', '')
      .toWellFormed(),
  )

export const anId = (kind: string) => fc.stringMatching(/^[0-9a-z]{12}$/).map((rest) => `${kind}_${rest}`)

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const some = <T>(arbitrary: fc.Arbitrary<T>, most = 3) => fc.array(arbitrary, { maxLength: most })
const without = (entries: object) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))

const prompt = fc.oneof(
  line(200),
  text.filter((t) => t.trim() !== ''),
)
const notZero = (least: number) => fc.oneof(fc.integer({ min: least, max: 1000 }), fc.double({ min: least, max: 1e12, noNaN: true })).map((n) => n + 0)

const key = fc.oneof(
  fc
    .record({ options: fc.array(fc.record({ text: line(80), isRight: fc.boolean() }), { minLength: 2, maxLength: 5 }), isSingle: fc.boolean() })
    .map(({ isSingle, options }) => ({ options, kind: isSingle && options.filter(({ isRight }) => isRight).length === 1 ? 'single' : 'multiple' })),
  fc.record({ kind: fc.constant('true-false'), isTrue: fc.boolean() }),
  fc.record({ kind: fc.constant('numeric'), value: notZero(-1e12), tolerance: notZero(0), unit: maybe(line(30)) }),
  fc.record({ kind: fc.constant('text'), accepted: fc.array(line(60), { minLength: 1, maxLength: 3 }), matchesCase: fc.boolean() }),
  fc.record({ kind: fc.constant('ordering'), items: fc.uniqueArray(line(60), { minLength: 2, maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('matching'),
    pairs: fc.uniqueArray(fc.record({ left: line(60), right: line(60) }), { minLength: 2, maxLength: 4, selector: ({ left }) => left }),
  }),
  fc.record({
    kind: fc.constant('blanks'),
    passage: fc.tuple(line(60), line(60)).map(([a, b]) => `${a.replace(/[[\]]/g, '')} [[x|${b.replace(/[[\]]/g, '')}]] c`),
  }),
)

const question = fc
  .record({
    prompt,
    explanation: fc.oneof(fc.constant(''), text),
    points: fc.integer({ min: 1, max: 100 }),
    id: maybe(anId('qst')),
    pause: maybe(fc.record({ atSeconds: fc.integer({ min: 0, max: 86_400 }), canSkip: fc.boolean() })),
    key,
  })
  .map(({ key: own, ...rest }) => without({ ...rest, ...without(own) }))

const quiz = fc
  .record({
    passPercent: fc.integer({ min: 0, max: 100 }),
    attempts: maybe(fc.integer({ min: 1, max: 20 })),
    minutes: maybe(fc.integer({ min: 1, max: 300 })),
    isShuffled: fc.boolean(),
    telling: fc.constantFrom('each', 'handed-in', 'passed', 'never'),
    draws: some(fc.record({ bank: anId('bnk'), count: fc.integer({ min: 1, max: 50 }) })),
  })
  .map(without)

const moment = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2040-01-01') }).map((at) => new Date(at).toISOString())

const assignment = fc
  .record({
    takes: fc.constantFrom('text', 'files', 'both'),
    dueAt: maybe(moment),
    passPercent: fc.integer({ min: 0, max: 100 }),
    tries: maybe(fc.integer({ min: 1, max: 20 })),
    rubric: fc.uniqueArray(
      fc.record({
        title: line(100),
        says: maybe(line(200)),
        levels: fc
          .uniqueArray(fc.record({ title: line(60), points: fc.integer({ min: 0, max: 100 }), says: maybe(line(200)) }).map(without), {
            ...{ minLength: 2, maxLength: 4 },
            selector: (level) => Reflect.get(level, 'title'),
          })
          .map((levels) => [...levels.slice(1), { ...levels[0], points: 7 }]),
      }),
      { maxLength: 3, selector: ({ title }) => title },
    ),
  })
  .map(({ rubric, ...rest }) => without({ ...rest, rubric: rubric.map(without) }))

const live = fc
  .record({
    startsAt: moment,
    minutes: fc.integer({ min: 5, max: 1440 }),
    link: maybe(fc.constantFrom('https://meet.example/a?b=c#d', 'https://meet.example/no')),
    opensMinutes: maybe(fc.integer({ min: 0, max: 1440 })),
  })
  .map(without)

const about = fc
  .record({
    summary: maybe(line(200)),
    objectives: some(line(100)),
    readingMinutes: maybe(fc.integer({ min: 1, max: 240 })),
    language: maybe(fc.constantFrom('en', 'no', 'pt-BR', 'zh-Hant')),
    licence: maybe(fc.constantFrom('CC-BY-4.0', 'All rights reserved', 'MIT OR Apache-2.0')),
    sources: some(fc.record({ title: line(80), url: fc.constantFrom('https://example.org/a?b=c#d: e', 'http://example.com/%20', 'https://example.org') })),
  })
  .map(without)

export const aLessonDocument: fc.Arbitrary<LessonDocument> = fc
  .record({
    id: maybe(anId('les')),
    title: line(100),
    kind: fc.constantFrom('article', 'video', 'quiz', 'assignment', 'live', 'download'),
    isPreview: fc.boolean(),
    about,
    questions: some(question).map((list) => StoredQuestions.parse(list)),
    quiz: maybe(quiz),
    assignment: maybe(assignment),
    live: maybe(live),
    video: maybe(anId('vid')),
    files: some(fc.record({ id: anId('fil'), name: fc.constantFrom('notes.pdf', 'no', '1e3', 'a: b.txt', 'Übung 🦉.zip', '- x') })),
    text,
  })
  // Parsed, as what the school keeps is: trimmed where it trims.
  .map((lesson) => LessonDocument.parse(without(lesson)))

const money = fc.record({ amountMinor: fc.integer({ min: 0, max: 100_000_000 }), currency: fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF', 'USD') })

export const anOpening: fc.Arbitrary<SectionOpening> = fc.oneof(
  fc.integer({ min: 1, max: 3650 }).map((days) => ({ by: 'days' as const, days })),
  fc
    .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true })
    .map((at) => ({ by: 'date' as const, at: at.toISOString() })),
)

export const aCourseDocument: fc.Arbitrary<CourseDocument> = fc
  .record({
    id: maybe(anId('crs')),
    title: line(100),
    summary: fc.oneof(
      fc.constant(''),
      text.map((t) => t.slice(0, 200).toWellFormed()),
    ),
    outcomes: some(line(100)),
    price: maybe(money),
    otherPrices: some(money),
    completion: maybe(
      fc.oneof(
        fc.constant({ by: 'learner' }),
        fc.integer({ min: 10, max: 100 }).map((percent) => ({ by: 'watching', percent })),
      ),
    ),
    teacher: maybe(fc.constantFrom('lena@lectern.test', 'no+1@example.org')),
    isPublished: fc.boolean(),
    isSequential: fc.boolean(),
    requires: fc.uniqueArray(anId('crs'), { maxLength: 5 }),
    sections: fc.uniqueArray(
      fc.record({ folder: fc.stringMatching(/^\d{2}-[a-z]{1,8}$/), title: line(60), id: maybe(anId('sec')), opens: maybe(anOpening) }).map(without),
      { maxLength: 4, selector: (section) => Reflect.get(section, 'folder') },
    ),
    description: text,
  })
  .map((course) => CourseDocument.parse(without(course)))
