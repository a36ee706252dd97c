import type { SentQuestion } from '#contract/questions.ts'

const one = (prompt: string, explanation: string, right: string, ...wrong: string[]): SentQuestion => ({
  ...{ kind: 'single', prompt, explanation, points: 1 },
  options: [{ text: right, isRight: true }, ...wrong.map((text) => ({ text, isRight: false }))],
})

const some = (prompt: string, explanation: string, options: Record<string, boolean>): SentQuestion => ({
  ...{ kind: 'multiple', prompt, explanation, points: 1 },
  options: Object.entries(options).map(([text, isRight]) => ({ text, isRight })),
})

const isTrue = (prompt: string, explanation: string, answer: boolean): SentQuestion => ({ kind: 'true-false', prompt, explanation, points: 1, isTrue: answer })

export const SENTENCES_QUIZ: SentQuestion[] = [
  one(
    'Where do readers look for what a sentence is *about*?',
    'The first words are read as the subject of what follows, whether you meant them so or not.',
    'At its beginning',
    'At its end',
    'At its verb',
    'At its longest word',
  ),
  one(
    'Which of these puts the news where it is heard longest?',
    'What stands before the full stop is what is kept: here, the missing figure.',
    'What made the report late was one missing figure.',
    'One missing figure, in the end, made the report late.',
    'It was late, the report, because of a figure that was missing.',
  ),
  isTrue(
    'A sentence gets clearer when it begins with something the reader has met before.',
    'Old first, then new: the old is the hook on which the new is hung.',
    true,
  ),
  some('Which of these are scaffolding?', 'Both can go without any fact going with them. Names and numbers are the wall itself.', {
    'It should be noted that': true,
    'In order to': true,
    'On Friday': false,
    'Because one figure was missing': false,
  }),
  one(
    'You split a long sentence in two. What have you gained?',
    'Each full stop is a place of stress. Two sentences have two.',
    'A second place of stress',
    'A shorter paragraph',
    'A better verb',
  ),
]

export const NOTES_QUIZ: SentQuestion[] = [
  one(
    'Of a long discussion, what is worth a line?',
    'A decision can be acted on. The rest was the way to it.',
    'What was decided',
    'Who spoke first',
    'How long it took',
  ),
  isTrue('“As discussed” is enough for somebody who was there.', 'In a year nobody was there, you included.', false),
  some('Which of these stand alone?', 'A date and a reason need nobody to explain them.', {
    'We ship on 4 May.': true,
    'Costs rose because of two returns.': true,
    'See above.': false,
    'Soon.': false,
  }),
  one(
    'What makes a note easy to find?',
    'You search for words. Those words are the title.',
    'A title of words you would search for',
    'A colour',
    'Its date',
    'Its length',
  ),
]
