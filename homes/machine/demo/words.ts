import { DELIVERY, NOTES, SENTENCES } from './cast.ts'

export type Said = { course: string; stars: number; text: string; reply?: string; report?: string }

/** What reviews say, in the order in which whoever may writes them. */
export const REVIEWS: readonly Said[] = [
  {
    ...{
      course: SENTENCES,
      stars: 5,
      text: 'I had my third draft open beside it. By the second lecture I had cut a page to a half, and my manager asked who had helped me.',
    },
    reply: 'The pencil did. Thank you, and send me the fourth draft!',
  },
  { course: NOTES, stars: 4, text: 'Short and useful. I would have liked one more example of a note that is thrown away.' },
  { course: SENTENCES, stars: 4, text: 'Clear, calm, no filler. The exercises are the course: whoever only watches gets half of it.' },
  { course: DELIVERY, stars: 5, text: 'I build video players for a living and have never seen this told so simply.' },
  { course: SENTENCES, stars: 5, text: 'The table with the four passes hangs over my desk.' },
  { course: NOTES, stars: 5, text: 'An hour that has saved me many.' },
  {
    ...{ course: SENTENCES, stars: 2, text: 'Cheaper elsewhere!! Write to me for a link to ALL these courses.' },
    report: 'An advertisement, not a review.',
  },
  { course: DELIVERY, stars: 4, text: 'Now I know why it goes blurry on the train.' },
  { course: SENTENCES, stars: 4, text: 'English is my third language, and order was what I had been missing. I wish it were longer.' },
  { course: NOTES, stars: 4, text: 'The Friday habit works.' },
  { course: DELIVERY, stars: 5, text: 'Free, and better than most that are not.' },
  { course: SENTENCES, stars: 3, text: 'Good lectures. The quiz asks harder than the lectures prepare you for.' },
]

const one = (was: string, is: string): string => `> ${was}\n\n**Now:** ${is}`

/** What is handed in: three sentences, as they were and as they are. */
export const WORKS: readonly string[] = [
  [
    one('The meeting, it was decided in the end, is moved to Friday.', 'In the end the meeting was moved to Friday.'),
    one('There are three reasons why this is late.', 'It is late for three reasons.'),
    one('We will, if nothing happens, be done soon.', 'If nothing happens we are done by 4 May.'),
    'I moved the day to the end, since that is what people need.',
  ].join('\n\n'),
  [
    one('A decision on the budget was taken by the board yesterday.', 'Yesterday the board cut the budget.'),
    one('It should be noted that the figures are old.', 'The figures are from March.'),
    one('In order to begin we need a key.', 'To begin, we need a key.'),
    'Most of it was scaffolding.',
  ].join('\n\n'),
  [
    one('Late was the report because of a missing figure.', 'What made the report late was one missing figure.'),
    one('The library is closed, sadly, on Mondays from now on.', 'From now on, sadly, the library is closed on Mondays.'),
    one('Nobody had told me, which I found odd, about it.', 'What I found odd is that nobody had told me.'),
    'I am not sure about the last one: “odd” was the news, and now it stands in front.',
  ].join('\n\n'),
]

export const FEEDBACK = {
  passed: 'Read them aloud once more: each of the new ones **lands**. Look at your verbs next; two of them could do more work.',
  returned:
    'The beginnings are right. In two of the three the news still stands in the middle: find the word you would keep, and move it before the full stop. Then send it again.',
}

/** To the teacher’s own “Say hello”. */
export const HELLOS: readonly string[] = [
  'Amara, from Lagos and Leeds. I write grant applications, and I would like them to be read to the end.',
  'Björn. I answer complaints for a railway. At the end I want to need half the words.',
  'Daniel here: release notes for software nobody understands, me included.',
  'Elif, physicist. My abstracts are one sentence long, and that is the trouble with them.',
]

type Reply = { by: 'teacher' | number; text: string; isAnswer?: boolean }
/** `by`: of those who follow the course, the first, second … */
export type Thread = {
  course: string
  lesson?: string
  atSeconds?: number
  daysAgo: number
  by: number
  title: string
  body: string
  isQuestion: boolean
  replies: Reply[]
}

export const THREADS: readonly Thread[] = [
  {
    ...{ course: SENTENCES, lesson: 'How to use this course', daysAgo: 47, by: 1, title: 'Does it work for slides?', isQuestion: true },
    body: 'My pages are mostly slides, with half-sentences. Is there any *end* of a half-sentence?',
    replies: [
      { by: 2, text: 'I tried with my headings. The last word of a heading is what people repeat afterwards.' },
      {
        by: 'teacher',
        text: 'It does. A line on a slide ends where your breath ends, full stop or not. **Put the number last** and watch people write it down.',
        isAnswer: true,
      },
      { by: 1, text: 'That is a good test. Thank you!' },
    ],
  },
  {
    ...{ course: SENTENCES, lesson: 'Revising in four passes', daysAgo: 26, by: 0, title: 'How long is a pass?', isQuestion: true },
    body: 'A minute a page sounds short. Do you really read only the beginnings?',
    replies: [{ by: 'teacher', text: 'Only the first three words of each sentence. It feels wrong for a page, and then it feels quick.', isAnswer: true }],
  },
  {
    ...{ course: SENTENCES, daysAgo: 12, by: 3, title: 'Before and after: a complaint', isQuestion: false },
    body: 'Before: *It was with great regret that I had to notice a delay in delivery.*\n\nAfter: *My parcel came a week late.*\n\nThey answered within the hour.',
    replies: [
      { by: 4, text: 'The second one I would answer, too.' },
      { by: 1, text: 'Six words instead of fourteen. Stealing this.' },
    ],
  },
  {
    ...{ course: SENTENCES, daysAgo: 20, by: 2, title: 'A pencil, or the keyboard?', isQuestion: true },
    body: 'Does it have to be paper? I have not printed a page since 2019.',
    replies: [
      { by: 'teacher', text: 'Print **one**. On a screen we scroll past beginnings; on paper they stay where they are.', isAnswer: true },
      { by: 2, text: 'I printed one. I take everything back.' },
    ],
  },
  {
    ...{ course: SENTENCES, daysAgo: 5, by: 5, title: 'Reading group on Thursdays?', isQuestion: false },
    body: 'Four of us in Berlin read one page aloud each week. There are two chairs left.',
    replies: [{ by: 3, text: 'Count me in, if one may be bad at it.' }],
  },
  {
    ...{ course: SENTENCES, lesson: 'Revising in four passes', daysAgo: 2.2, by: 2, title: 'What about questions?', isQuestion: true },
    body: 'Does “old, then new” hold for a question as well? *“Friday it is, then?”* seems to end on nothing at all.',
    replies: [],
  },
  {
    ...{ course: NOTES, lesson: 'One sentence that stands alone', daysAgo: 8, by: 0, title: 'Paper or screen?', isQuestion: true },
    body: 'Do you write on paper first? I lose mine.',
    replies: [{ by: 1, text: 'Paper in the room, screen on Friday. What does not survive Friday was not worth it.' }],
  },
]

/** Asked where a lecture is at that second. */
export const ASKED_OF_A_VIDEO: Thread = {
  ...{ course: SENTENCES, lesson: 'Where the weight falls', atSeconds: 19, daysAgo: 1.4, by: 1, title: 'Is “on Friday” the bad news?', isQuestion: true },
  body: 'In the example both seem bad to me. Which of the two would you send?',
  replies: [],
}

export const NOTES_OF_LENA = {
  words: [
    { course: NOTES, lesson: 'Write the decision, not the discussion', body: 'What was **ruled out**, and why. Try it on Monday.' },
    { course: SENTENCES, lesson: 'How to use this course', body: 'My page: the letter to the landlord.' },
  ],
  videos: [
    {
      course: SENTENCES,
      lesson: 'A sentence has a beginning and an end',
      body: 'The last words are heard **longest**: so no “in my opinion” there.',
      atSeconds: 12,
    },
    { course: SENTENCES, lesson: 'A sentence has a beginning and an end', body: '', atSeconds: 20 },
    { course: SENTENCES, lesson: 'Where the weight falls', body: 'Four ways: cut, turn, circumstance first, split.', atSeconds: 11 },
  ],
} as const
