import type { DemoCourse, DemoSlide } from './lesson.ts'
import { notesThatLast } from './notes-that-last.ts'
import { SENTENCES_QUIZ } from './questions.ts'

const slide = (heading: string, seconds: number, ...lines: string[]): DemoSlide => ({ heading, lines, seconds })

const sentences: DemoCourse = {
  title: 'The Shape of a Sentence',
  summary: 'A short course on writing prose that people finish: where a sentence should begin, where it should land, and what to leave out.',
  description: `Most advice about writing is about words. This course is about **order**: the order in which a reader meets things, and what that order does to them.

You will learn to see a sentence as a small piece of machinery with three moving parts, to hear where its weight falls, and to move that weight on purpose. Each lecture is a few minutes long and ends with one exercise you can do on a page you have already written.

### Who it is for

People who write at work: letters, reports, lessons, documentation. No grammar beyond what you remember from school is needed, and there are no trick questions.`,
  outcomes: [
    'See the three places in a sentence where readers look first',
    'Move the weight of a sentence to its end',
    'Cut a paragraph by a third without losing a fact',
    'Revise a page in four quiet passes',
  ],
  amountMinor: 4900,
  isPublished: true,
  sales: {
    audience: ['People who write at work: letters, reports, lessons', 'Anyone whose drafts are called “long”', 'Teachers who mark other people’s pages'],
    needs: ['One page you have written', 'A pencil'],
    teacher: {
      text: 'Theo Marlow edited other people’s reports for fifteen years before he began to teach. He still reads every page his learners hand in.',
    },
    questions: [
      { question: 'How long does it take?', answer: 'An evening to watch, and a week if you do the exercises. **Do the exercises.**' },
      { question: 'English is not my first language. Is that a problem?', answer: 'No. Order matters in every language, and the lectures have captions.' },
      { question: 'Does somebody read what I hand in?', answer: 'Yes: your teacher does, within two days, and says what to try next.' },
    ],
    refunds: 'Not for you? Write to us within 14 days and you have your money back.',
  },
  sections: [
    {
      title: 'Before you write',
      lessons: [
        {
          title: 'How to use this course',
          kind: 'article',
          isPreview: true,
          handout: {
            name: 'Four quiet passes – worksheet.pdf',
            title: 'Four quiet passes',
            lines: [
              'Take one page of yours. One pass, one question.',
              '',
              '1.  The beginnings of sentences: have I met this before?',
              '2.  Their ends: would I keep these words?',
              '3.  The verbs: who does what?',
              '4.  The page, aloud: where do I run out of breath?',
              '',
              'Before:  ______________________________________________',
              '',
              'After:    ______________________________________________',
            ],
          },
          text: `Take a page you wrote recently: a letter, a report, two paragraphs of anything. You will work on that page throughout.

1. **Watch** a lecture. Each is short enough to see twice.
2. **Mark** your page with a pencil, as the lecture shows.
3. **Rewrite** no more than three sentences. Three is enough to feel the change.

Keep the first version. At the end you will read both aloud, and the difference will be plain to anyone who listens.`,
        },
        {
          title: 'A sentence has a beginning and an end',
          kind: 'video',
          isPreview: true,
          text: 'The opening lecture: why readers look at the first words of a sentence for what it is about, and at the last words for what is new.',
          slides: [
            slide('A sentence has a beginning', 8, 'Readers look there for one thing:', 'what is this about?', 'Give them something they have met before.'),
            slide('… and an end', 8, 'The last words are heard longest.', 'Put there what you want kept.', 'Everything after it is an echo.'),
            slide('Old, then new', 9, '“The report was late.”', '“What made it late was one missing figure.”', 'The second begins where the first ended.'),
            slide('Try it', 8, 'Take one paragraph of yours.', 'Underline the last three words of each sentence.', 'Are those the words you would keep?'),
          ],
        },
      ],
    },
    {
      title: 'Weight and order',
      lessons: [
        {
          title: 'Where the weight falls',
          kind: 'video',
          text: 'Stress comes by itself at a full stop. This lecture shows four ways of moving it.',
          slides: [
            slide('Where the weight falls', 8, 'Read a sentence aloud.', 'Your voice drops at the full stop.', 'Whatever stands there is stressed.'),
            slide('Four ways to move it', 10, 'Cut what follows it.', 'Turn the clause round.', 'Begin with the circumstance.', 'Split the sentence in two.'),
            slide('An example', 9, '“We cancelled it, in the end, on Friday.”', '“On Friday, in the end, we cancelled it.”', 'Only one of them is bad news.'),
          ],
        },
        {
          title: 'What to leave out',
          kind: 'video',
          text: 'A third of most first drafts is scaffolding. How to take it down without the wall.',
          slides: [
            slide('What to leave out', 8, 'A draft is full of scaffolding:', 'it helped you to build.', 'The reader does not live in it.'),
            slide('Three kinds of scaffolding', 9, '“It should be noted that …”', '“In order to …”', 'Anything you would skip when reading aloud.'),
            slide('What stays', 8, 'Names, numbers, reasons.', 'One example, not three.', 'The sentence you were afraid to write.'),
          ],
        },
        {
          title: 'Do you hear the weight?',
          kind: 'quiz',
          text: 'Five questions about beginnings, ends and scaffolding. Try as often as you like: the answers are told once you have handed in.',
          questions: SENTENCES_QUIZ,
        },
      ],
    },
    {
      title: 'The quiet pass',
      lessons: [
        {
          title: 'Revising in four passes',
          kind: 'article',
          text: `Revise for **one thing at a time**. A pass takes a minute a page.

| pass | you look at | you ask |
|---|---|---|
| first | the beginnings of sentences | have I met this before? |
| second | their ends | would I keep these words? |
| third | the verbs | who does what? |
| fourth | the page, aloud | where do I run out of breath? |

Between passes, look out of the window. It is the cheapest editor there is.`,
        },
        {
          title: 'One page, rewritten',
          kind: 'assignment',
          text: `Hand in **three sentences** of your page, each twice: as it was, and as it is now. Say in a line what you moved, and where to.

I read all of them, and answer within two days.`,
          rules: {
            takes: 'both',
            passPercent: 60,
            rubric: [
              {
                title: 'Beginnings',
                says: 'Each sentence begins with something the reader has met.',
                levels: [
                  { title: 'Not yet', points: 0 },
                  { title: 'Mostly', points: 1 },
                  { title: 'Every time', points: 2 },
                ],
              },
              {
                title: 'Ends',
                says: 'The news stands before the full stop.',
                levels: [
                  { title: 'Not yet', points: 0 },
                  { title: 'Mostly', points: 1 },
                  { title: 'Every time', points: 2 },
                ],
              },
            ],
          },
        },
      ],
    },
  ],
}

const delivery: DemoCourse = {
  title: 'How a Video Reaches You',
  summary: 'What happens between a teacher’s upload and the picture on your screen: ladders, segments, and why it does not stop in a tunnel.',
  description: `A video on the web is not one file. It is a few thousand small ones and a list of them, and your player chooses which to ask for next.

This free course follows one lecture from the camera to the screen. It is also a tour of the school you are looking at: everything it describes is what happened to the lecture you are about to watch.`,
  outcomes: [
    'Say what a rendition, a segment and a playlist are',
    'Explain why quality changes while you watch',
    'Know what a signed cookie protects, and what it cannot',
  ],
  amountMinor: 0,
  isPublished: true,
  sections: [
    {
      title: 'From camera to screen',
      lessons: [
        {
          title: 'Ladders and segments',
          kind: 'article',
          isPreview: true,
          text: `A **ladder** is the same film at several sizes. Each size is a *rung* (engineers say *rendition*): 1080 lines for a large screen, 270 for a train.

Each rung is cut into **segments** of four seconds. A **playlist** is a text file that lists them:

\`\`\`
#EXTM3U
#EXTINF:4.000,
00000.m4s
#EXTINF:4.000,
00001.m4s
\`\`\`

Your player reads the list, measures how quickly the last segment came, and asks for the next one from the rung it can afford. That is all the magic there is.`,
        },
        {
          title: 'One lecture, followed home',
          kind: 'video',
          text: 'A short walk along the way: upload, ladder, package, lock, play.',
          slides: [
            slide('1 · Upload', 7, 'The file is sent in parts, several at a time.', 'A lost connection costs one part, not the film.'),
            slide('2 · Ladder', 7, 'Each piece of 24 seconds is encoded at every size.', 'Finished pieces are never made twice.'),
            slide('3 · Lock', 7, 'Nothing can be fetched without a signed cookie.', 'It opens one video, for ten minutes.'),
            slide('4 · Play', 7, 'The player climbs the ladder as your line allows.', 'And renews the cookie before it runs out.'),
          ],
        },
        {
          title: 'What a lock can and cannot do',
          kind: 'article',
          text: `A signed cookie says: *whoever carries this may read everything below this address until this time.* The server that holds the film checks the signature for every segment, so a link copied from the page is worth nothing to somebody else.

What no lock can do is stop someone who may watch from pointing a camera at the screen. Honest schools say so, and spend their effort on making the paid way the pleasant one.`,
        },
      ],
    },
  ],
}

const teaching: DemoCourse = {
  title: 'Teaching on Camera Without Acting',
  summary: 'Notes for first-time video teachers: light, sound, slides and the first thirty seconds.',
  description: 'A draft, to show what a course looks like while it is being written. Only its teacher can see it.',
  outcomes: ['Record a lecture you would watch yourself'],
  amountMinor: 2900,
  isPublished: false,
  sections: [
    {
      title: 'Before you press record',
      lessons: [
        {
          title: 'One window, one lamp',
          kind: 'article',
          text: 'Sit facing the window. Put the lamp where the window is not. That is three quarters of lighting a face, and it costs nothing.',
        },
        {
          title: 'The first thirty seconds',
          kind: 'article',
          text: 'Say what the viewer will be able to do at the end. Then begin. Introductions can wait until somebody has a reason to care who you are.',
        },
      ],
    },
  ],
}

export const DEMO_COURSES: readonly DemoCourse[] = [delivery, notesThatLast, sentences, teaching]
