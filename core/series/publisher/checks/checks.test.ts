import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChoiceQuestion } from '#contract/questions.ts'
import type { Brief, Draft } from '../../papers.ts'
import { aBrief, aDraft, someFacts, someWords } from '../draft.fixture.ts'
import { fingerprint } from '../similarity.ts'
import { checkDraft } from './checks.ts'

type Change = { brief?: Partial<Brief>; draft?: Partial<Draft> }

const text = (added: string): Change => ({ draft: { text: `${added}\n\n${someWords(400)}` } })
const about = (of: Partial<Draft['about']>): Change => ({ draft: { about: { ...aDraft().about, ...of } } })
const path = (at: string): Change => ({ brief: { lesson: { id: 'les_0000000001', path: at } } })
const asked = (of: Partial<Brief['brief']>): Partial<Brief> => ({ brief: { ...aBrief().brief, ...of } })
const question = (of: Partial<ChoiceQuestion>): Change => ({ draft: { questions: aDraft().questions.map((each) => ({ ...each, ...of })) } })
const option = (words: string, isRight: boolean) => ({ text: words, isRight })
const options = (...keys: boolean[]): ChoiceQuestion['options'] => keys.map((isRight, at) => option(`Answer ${at}`, isRight))
const earlier = (share: number): Change => ({
  brief: { earlier: [{ title: 'Functions', summary: '', fingerprint: fingerprint(`${someWords(400 * share)} ${someWords(400 * (1 - share), 'other')}`) }] },
})

/** Each finding of a changed draft as `check severity`, or nothing for one that stays sound. */
const CASES: [says: string, change: Change, ...found: string[]][] = [
  ['as it is', {}],
  ['without an objective', about({ objectives: [] }), 'schema error'],
  ['without a summary', about({ summary: undefined }), 'schema error'],
  ['with a title of 121 characters', { draft: { title: 'x'.repeat(121) } }, 'schema error'],
  ['of another run', { draft: { run: 'run_0000000009' } }, 'schema error'],
  ['with a line without an end', text('x'.repeat(10_001)), 'schema error'],
  ['with an id that is none', { brief: { lesson: { id: 'les_..', path: 'courses/javascript/first-steps/03-closures.md' } } }, 'schema error'],
  ['of a lesson in the whole repository', { brief: { proposals: { branch: 'main', aDay: 3, folder: '' } } }, 'path error'],
  ['for another branch', { brief: { proposals: { branch: 'live', aDay: 3, folder: 'courses' } } }, 'path error'],
  ['in another course', path('courses/python/first-steps/03-closures.md'), 'path error'],
  ['in the place of the course', path('courses/javascript/first-steps/course.md'), 'path error'],
  ['under the name of a device', path('courses/javascript/con/03-closures.md'), 'path error'],
  ['in no section', path('courses/javascript/03-closures.md'), 'path error'],
  ['under a name with decomposed letters', path('courses/javascript/first-steps/u\u0308ber.md'), 'path error'],
  ['under a long name', path(`courses/javascript/first-steps/${'x'.repeat(200)}.md`), 'path error'],
  ['with another licence', about({ licence: 'MIT' }), 'licence error'],
  ['without a licence', about({ licence: undefined }), 'licence error'],
  ['with an emoji of several people and letters that are joined', text('👩‍👩‍👧 ☝️ می‌خواهم क्‍ष')],
  ['with lines that end as on Windows', text('a\r\nb\r')],
  ['with a lone carriage return', text('a\rb'), 'characters error'],
  ['with a title of two lines', { draft: { title: 'One\ntwo' } }, 'characters error'],
  ['with a joiner between Latin letters', text('a\u200db'), 'characters error'],
  ['with a tag in code', text('Write `<script>` or\n\n```html\n<img onerror="x">\n```')],
  ['with less and greater', text('a < b and b > a, 1 <2, -> and <-')],
  ['with plain entities', text('Salt &amp; pepper, 3 &times; 4')],
  ['with a tag in the explanation', question({ explanation: '<b>so</b>' }), 'html error'],
  ['with a link on the list', text('[it](https://en.wikipedia.org/wiki/Closure_(computer_programming)) and <https://wikipedia.org/>')],
  ['with a link to a heading', text('[above](#what-it-remembers)')],
  ['with a link in code', text('Call `fetch("http://127.0.0.1")`.')],
  ['with a link to nobody on the list', text('[it](https://evil.example/)'), 'links error'],
  ['with an address in its words', text('See https://evil.example/ for more.'), 'links error'],
  ['with the name of a site', text('It is like Booking.com in that.'), 'links warning'],
  ['with the name of a site that is on the list', text('It is on wikipedia.org too.')],
  ['with a source that is not on the list', about({ sources: [{ title: 'Evil', url: 'https://evil.example/' }] }), 'links error'],
  ['with a source that is not secured', about({ sources: [{ title: 'The book', url: 'http://book.example/closures' }] }), 'links error'],
  ['with forty-one links', text(Array.from({ length: 41 }, (_, at) => `<https://wikipedia.org/${at}>`).join(' ')), 'links error'],
  ['with an image that says what it shows', text('![A box in a box](https://wikipedia.org/box.png)'), 'images warning'],
  ['with an image that says nothing', text('![ ](https://wikipedia.org/box.png)'), 'images error'],
  ['with an image that says the name of its file', text('![box.png](https://wikipedia.org/box.png)'), 'images error'],
  ['with a commit’s hash and a long name', text(`${'0123456789abcdef'.repeat(4)} and aVeryLongNameOfAFunctionThatSaysWhatItDoesIn2Or3Words`)],
  ['with words on secrets', text('password: "changeme" and `secret = process.env.SECRET`')],
  ['without its question', { draft: { questions: [] } }, 'quiz warning'],
  ['of which no answer is right', question({ options: options(false, false) }), 'schema error'],
  ['of which every answer is right', question({ kind: 'multiple', options: options(true, true) }), 'quiz error'],
  ['of which two answers are the right one', question({ options: options(true, true, false) }), 'schema error'],
  ['of which two answers are right, where any number may be', question({ kind: 'multiple', options: options(true, true, false) })],
  ['with the same option twice', question({ options: [option('Yes', true), option('no', false), option('No ', false)] }), 'quiz error'],
  ['with nothing explained', question({ explanation: ' ' }), 'quiz error'],
  ['with a question that says its answer', question({ prompt: 'Does it keep the variables around it?' }), 'quiz error'],
  ['with a question that may say its answer', question({ prompt: 'Is it a let?', options: [option('let', true), option('var', false)] }), 'quiz warning'],
  ['with a question that names all answers', question({ prompt: 'Is it let or var?', options: [option('let', true), option('var', false)] })],
  ['asked twice', { brief: asked({ questions: 2 }), draft: { questions: [...aDraft().questions, ...aDraft().questions] } }, 'quiz error'],
  [
    'that is too long by half',
    { brief: asked({ minutes: 2 }), draft: { text: someWords(800), about: { ...aDraft().about, readingMinutes: 4 } } },
    'reading-time warning',
  ],
  ['that says it is longer than it is', about({ readingMinutes: 10 }), 'reading-time warning'],
  ['that is a note', { draft: { text: someWords(40) } }, 'reading-time error', 'reading-time warning'],
  ['that is a book', { draft: { text: someWords(2000) } }, 'reading-time error', 'reading-time warning'],
  ['like an earlier one in a part', earlier(0.3)],
  ['like an earlier one in most', earlier(0.82), 'similarity warning'],
  ['like an earlier one in all', earlier(1), 'similarity error'],
]

describe('a draft', () => {
  for (const [says, change, ...found] of CASES)
    it(`${says} is ${found.length === 0 ? 'sound' : `found to have ${found.join(', ')}`}`, async () => {
      const findings = await checkDraft(someFacts(change))
      assert.deepEqual(
        findings.map(({ check, severity }) => `${check} ${severity}`),
        found,
        JSON.stringify(findings),
      )
    })

  it('with a dead link is unsound, and with one that nobody could look at is not', async () => {
    const severities = async (reached: 'missing' | 'unknown') => (await checkDraft(someFacts({ reached }))).map(({ check, severity }) => `${check} ${severity}`)
    assert.deepEqual(await severities('missing'), ['links error'])
    assert.deepEqual(await severities('unknown'), ['links warning'])
  })

  it('that is wrong in very many places is told in a few', async () => {
    const findings = await checkDraft(someFacts(text(Array.from({ length: 60 }, (_, at) => `<b${at}>`).join('\n'))))
    assert.equal(findings.length, 11)
    assert.equal(findings.at(-1)?.says, 'And 50 more.')
  })

  it('with a tag of the outline in its every part is told so once, with a count', async () => {
    const facts = someFacts({ draft: { title: 'The <b> tag', text: 'It is <b> indeed.\n\nAnd <b> again.' } })
    const findings = await checkDraft({ ...facts, brief: { ...facts.brief, point: 'Why <b> is bold' } })
    assert.deepEqual(
      findings.filter(({ check }) => check === 'html').map(({ says }) => says),
      [
        'The title, line 1, and in 2 other places: "<b" is HTML. What is meant as code goes between backticks. The point of the outline has it too: change it there.',
      ],
    )
  })

  it('in Chinese is read for about as long as one in English', async () => {
    const signs = Array.from({ length: 1000 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('')
    assert.deepEqual(await checkDraft(someFacts({ draft: { text: signs } })), [])
  })

  for (const piece of ['a', 'a.', 'a-', '`a``', '[', '](', 'https://', '//', '<a', '&a', '@a', 'AKIA', 'password="', 'aws_secret', '- [', ' ', '|`', '\\'])
    it(`made to take long of ${JSON.stringify(piece)} is looked at in no time`, { timeout: 5000 }, async () => {
      const line = piece.repeat(Math.floor(9900 / piece.length))
      await checkDraft(someFacts({ draft: { text: `x${`${line}\n`.repeat(6)}`.slice(0, 59_000) } }))
    })
})
