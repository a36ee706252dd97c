import type { DemoCourse } from './lesson.ts'
import { NOTES_QUIZ } from './questions.ts'

/** A course of words alone: the demo learner has finished it, and holds its certificate. */
export const notesThatLast: DemoCourse = {
  title: 'Notes That Last',
  summary: 'One hour about taking notes you will still understand in a year: what to write down, when, and what to throw away.',
  description: `Most notes are written for the person who is in the room. This course is about writing them for the person who comes back a year later and was there: **you**.

Three short readings, one page of practice, and a few questions at the end.`,
  outcomes: ['Write down decisions instead of minutes', 'Give every note one sentence that stands alone', 'Throw away half of what you keep'],
  amountMinor: 1900,
  isPublished: true,
  sections: [
    {
      title: 'While it happens',
      lessons: [
        {
          title: 'Write the decision, not the discussion',
          kind: 'article',
          isPreview: true,
          text: `A discussion is long, and a decision is one line. Of a meeting keep three things:

1. **What was decided**, in a sentence a stranger could act on.
2. **Who does it**, by name.
3. **What was ruled out**, and why. In a year that is the only part nobody remembers.

> If nothing was decided, write that down too. It is the most useful note of all.`,
        },
        {
          title: 'One sentence that stands alone',
          kind: 'article',
          text: `Begin each note with a sentence that needs nothing around it. “It does not scale” needs a meeting. “The import takes an hour for 10,000 rows because each row is its own request” needs nobody.

| instead of | write |
|---|---|
| see above | what it says above |
| as discussed | what was said |
| soon | the date |`,
        },
      ],
    },
    {
      title: 'Afterwards',
      lessons: [
        {
          title: 'Throw half of it away',
          kind: 'article',
          text: `On Friday, read the notes of the week once. Ask of each: *would I look for this?* If you would not know what to look for, you will never find it, and it may go.

What stays gets a title made of the words you would search for.`,
        },
        {
          title: 'What have you kept?',
          kind: 'quiz',
          text: 'Four questions, as often as you like. Whoever has three of them right has finished the course.',
          questions: NOTES_QUIZ,
        },
      ],
    },
  ],
}
