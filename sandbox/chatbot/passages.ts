/** What a lesson is put together from: true of nearly anything one can learn. `…` is the point it is about. */
export type Passage = { heading: string; text: string; objective: string; question: Asked }
export type Asked = { prompt: string; right: string[]; wrong: string[]; explanation: string }

const asked = (prompt: string, right: string[], wrong: string[], explanation: string): Asked => ({ prompt, right, wrong, explanation })

export const OPENINGS = [
  'Most people meet **…** long before they have a name for it. This lesson gives it one, shows what it is good for, and leaves you with something you can do this afternoon.',
  'There are two ways to learn about **…**. One is to read everything; the other is to look at one case until it makes sense. We take the second, and come back to the first at the end.',
  'Suppose somebody asked you about **…** on a staircase, with half a minute to go. What would you say? By the end of this page you will have an answer that is short and still right.',
  'If **…** has ever felt like a list of rules to remember, this lesson is for you. Nearly all of those rules follow from one thought, and the thought is not difficult.',
  'We have been circling **…** for a while. Now we walk up to it, look at it from three sides, and put it to work.',
  'Good work with **…** looks effortless from outside. From inside it is a handful of small decisions, taken early. Here they are.',
] as const

export const CLOSINGS = [
  'Take one thing from this lesson rather than five: choose a case of your own, work it through on paper, and keep the paper. The next time **…** comes up, begin from there.',
  'You now have the idea, one example and one way to check yourself. That is enough to begin with **…**, and beginning is what was missing.',
  'Read your notes once more tomorrow, without this page. Whatever you can still say about **…** is yours; the rest is worth a second look.',
  'Explain **…** to somebody who has not read this. Where you slow down is where the next quarter of an hour is best spent.',
  'None of this has to be perfect on the first day. With **…**, a small habit that is kept does more than a large plan that is not.',
] as const

export const PASSAGES: readonly Passage[] = [
  {
    heading: 'Begin with one case',
    text: 'Before any rule, take a single case and look at it closely. Write down what goes in, what comes out, and what happens between the two. With **…** it helps to choose a case so small that you can hold all of it in your head.\n\n1. Choose something you dealt with this week.\n2. Describe it in two sentences, without technical words.\n3. Underline the word that carries most of the weight.\n\nThe underlined word is usually where the difficulty sits. A second case, a little larger, then shows you which parts were accident and which belong to the matter itself.',
    objective: 'Describe one small case completely before stating a rule',
    question: asked(
      'Why does the lesson begin with a case so small?',
      ['All of it can be held in the head at once'],
      ['Small cases never have exceptions', 'Larger cases follow other rules', 'It saves the trouble of writing anything down'],
      'A case that can be overseen shows which part carries the weight; larger ones come second.',
    ),
  },
  {
    heading: 'What changes, and what stays',
    text: 'Put two examples side by side and sort what you see.\n\n| part | changes | stays |\n|---|---|---|\n| the outside | names, sizes, order | the purpose |\n| the inside | the steps | what must be true at the end |\n\nThe right-hand column is the part worth learning by heart. Whenever **…** turns up in a new dress, ask what has to be true at the end; the steps can be found again, and often there is more than one way to walk them. People who learn the left-hand column first tend to start over with every new example.',
    objective: 'Tell what varies between examples from what they have in common',
    question: asked(
      'Two examples look quite different. What does the lesson ask you to compare first?',
      ['What must be true at the end of each'],
      ['How many steps each of them has', 'The names that are used in each', 'Which of the two is older'],
      'The end is what examples of one idea share; steps and names vary.',
    ),
  },
  {
    heading: 'A rule, and where it ends',
    text: 'A rule of thumb is a promise with small print. The rule first: *do the simplest thing that could be wrong in only one way.* Now the small print. It holds while mistakes are cheap and quickly noticed. Where a mistake is dear, or stays hidden for weeks, you will want a second check even though it is slower.\n\nWith **…** this border is easy to find: ask how long it would take until somebody noticed. Minutes, and the rule applies. Months, and it does not. Write the border down beside the rule, for a rule without its border is repeated in all the wrong places.',
    objective: 'State a rule of thumb together with the place where it ends',
    question: asked(
      'When does the lesson advise a second, slower check?',
      ['When a mistake would be dear', 'When a mistake would stay hidden for long'],
      ['Whenever the work is new', 'Only when somebody asks for it'],
      'The rule of thumb holds while mistakes are cheap and soon noticed; outside that border it does not.',
    ),
  },
  {
    heading: 'The smallest thing that works',
    text: 'Build the smallest version first, and let it be a little embarrassing. It answers the question that plans cannot: does this work at all?\n\n```text\nday 1   one example, by hand          works?   yes\nday 2   three examples, by hand       works?   two of them\nday 3   the third one, looked into    why?     it was empty\n```\n\nThree lines, and already something has been learnt that no amount of thinking about **…** had brought up: the empty case. Nearly every field has one. Keep the log; it is the shortest honest history of how you came to know what you know.',
    objective: 'Make a smallest version and keep a log of what it shows',
    question: asked(
      'What did the log in the lesson bring to light?',
      ['That the empty case had been forgotten'],
      ['That three examples are too few', 'That work by hand is slower', 'That the first day was wasted'],
      'The third example failed because it was empty: a case that thinking alone had not brought up.',
    ),
  },
  {
    heading: 'Two mistakes nearly everybody makes',
    text: 'The first mistake is to start in the middle. The middle is where the interesting parts are, and where nothing can be checked yet. The second is to stop too early, at the point where it works for you, today, with the material you happen to have.\n\n- **Started in the middle?** You will notice by the number of things you have to take for granted.\n- **Stopped too early?** Give it to somebody else, with other material, and leave the room.\n\nNeither is a sign of carelessness; both come from being interested. With **…**, a beginning that feels too slow is usually the right speed.',
    objective: 'Recognise two common mistakes by their early signs',
    question: asked(
      'Which signs of the two mistakes does the lesson name?',
      ['Many things have to be taken for granted', 'It fails with somebody else’s material'],
      ['It takes longer than a day', 'Nobody has asked a question yet'],
      'Starting in the middle shows in what is taken for granted; stopping early shows with other people’s material.',
    ),
  },
  {
    heading: 'Say it in your own words',
    text: 'Close this page and write three sentences about **…**. Use no word that you would have to explain to a friend. Then open the page again and compare.\n\n> What I cannot say plainly, I have only heard.\n\nWhere your sentences are shorter than ours, keep yours. Where they are vaguer, look for the noun: vague sentences mostly hide one noun that has not been decided. “It improves the result” — which result, measured how, and who would notice? One decided noun often repairs the whole sentence, and with it the understanding behind it.',
    objective: 'Put the idea into three plain sentences of one’s own',
    question: asked(
      'How does the lesson suggest repairing a vague sentence?',
      ['By deciding on the noun that it leaves open'],
      ['By making it longer', 'By adding a technical term', 'By leaving it out'],
      'Vague sentences mostly hide one noun that nobody has decided on.',
    ),
  },
  {
    heading: 'Put it beside its neighbour',
    text: 'Ideas are easiest to see at their edges. Take the nearest neighbour of **…**, whatever you are most likely to confuse it with, and ask three questions of both.\n\n| question | if the answers differ |\n|---|---|\n| What is it for? | they are two tools; keep both |\n| What does it need beforehand? | the order of work matters |\n| What is left when it is done? | you can tell them apart afterwards |\n\nIf all three answers are the same, you have found two names for one thing, which is worth knowing too. If only one differs, that difference is the definition you were looking for.',
    objective: 'Mark the idea off from its nearest neighbour by three questions',
    question: asked(
      'All three questions have the same answers for both ideas. What follows?',
      ['They are two names for one thing'],
      ['One of the questions was wrong', 'Both ideas are of no use', 'A fourth idea is missing'],
      'Where purpose, needs and results agree, nothing is left to tell them apart by.',
    ),
  },
  {
    heading: 'When to leave it alone',
    text: 'Knowing when not to use something is half of knowing it. Leave **…** alone when the problem will have gone by itself next week, when nobody has agreed on what better would mean, or when the remedy has to be explained to more people than the problem ever reached.\n\nThere is a gentle test for it. Imagine that it has all been done, well, and ask who would thank you. If a name comes to mind, go ahead. If only a principle comes to mind, wait for the name. Waiting is cheap, and it is surprising how often somebody turns up who needed something simpler.',
    objective: 'Name situations in which it is better to do nothing yet',
    question: asked(
      'What is the test of whether to go ahead?',
      ['Whether a person comes to mind who would be glad of it'],
      ['Whether a principle speaks for it', 'Whether it can be finished within a week', 'Whether it has been done elsewhere'],
      'A name is a need; a principle alone can wait until a name turns up.',
    ),
  },
  {
    heading: 'Five minutes with a pencil',
    text: 'Set a clock to five minutes. Draw three boxes in a row and write into them *before*, *during* and *after*. Fill in the third box first: what does the world look like when **…** has gone well? Then the first box, as things are now. The box in the middle comes last, and it may hold at most five words.\n\nMost people find that they had been thinking about the middle box all along and had never quite decided on the third. The limit of five words is not decoration. It is what makes you choose, and the choice is the work.',
    objective: 'Sketch before, during and after, beginning with the end',
    question: asked(
      'Which of the three boxes is filled in first?',
      ['After: how things are once it has gone well'],
      ['Before: how things are now', 'During: the steps between', 'Any of them, so long as the clock is running'],
      'The end decides what the middle has to do, so it comes first.',
    ),
  },
  {
    heading: 'How you can tell that it works',
    text: 'Decide on the sign before you start, or anything that happens will look like success. A good sign is one you can see from outside, one that could fail to appear, and one that somebody else would read in the same way.\n\n- *Weak:* “It feels better organised.”\n- *Stronger:* “A newcomer finds the right page within a minute.”\n\nFor **…** one sign is enough. Two are fine. With five you will be measuring instead of working. Look at the sign on the same weekday each week, so that you compare like with like, and write the number down even when nothing has changed: an unchanged number is news as well.',
    objective: 'Choose one visible sign of success before beginning',
    question: asked(
      'Which properties make a good sign of success?',
      ['It could fail to appear', 'Somebody else would read it in the same way'],
      ['It always goes up', 'It is known only to you'],
      'A sign that cannot fail, or that only its owner can read, says nothing.',
    ),
  },
  {
    heading: 'Make it easy to undo',
    text: 'The calmest way to try something is to know the way back. Before you change anything about **…**, write down the state you are leaving, in enough detail that you could return to it tired and in a hurry.\n\n```text\nbefore   what it looked like, and when\nchange   one thing, in one sentence\nback     how to return, step by step\n```\n\nChange one thing at a time. When two changes are made together and the result is good, you have learnt nothing about either; when it is bad, you have to undo both. The note on the way back is hardly ever needed. It is what lets you try at all.',
    objective: 'Note the way back before changing one thing',
    question: asked(
      'Why is only one thing changed at a time?',
      ['Otherwise one cannot tell which change had the effect'],
      ['Because two changes take twice as long', 'Because notes have room for one line', 'Because the second change is always worse'],
      'Two changes made together teach nothing about either of them.',
    ),
  },
  {
    heading: 'Learn the three words',
    text: 'Every field has its vocabulary, and most of it can wait. For **…** you need three kinds of words to begin with: one for the *thing*, one for what is *done* to it, and one for the *mistake* people make with it.\n\nWrite your three words on a card and listen for them. Once you can hear them in other people’s sentences, the next ten words come by themselves, because they are explained in terms of the first three. Collect words only in sentences, never in lists: a word without its sentence is a key without a door.',
    objective: 'Choose three words to begin with and collect others in sentences',
    question: asked(
      'Which words does the lesson advise learning first?',
      ['One for the thing, one for what is done to it, one for its usual mistake'],
      ['The ten that are used most often', 'All those in the summary', 'The longest, since they are most exact'],
      'With the thing, the deed and the mistake named, others can be explained in terms of them.',
    ),
  },
  {
    heading: 'Rest it, then read it',
    text: 'Put the work away for a night. It is the cheapest improvement there is, and the one most often left out. In the morning read it as though somebody else had made it, and mark only three kinds of places: where you were bored, where you were lost, and where you would have asked a question.\n\nDo not mend anything while you read. Reading and mending use different eyes, and whoever mends the first paragraph never reaches the last. With **…** the marks tend to gather in one place; begin there. If they are spread evenly, the order is wrong rather than the parts.',
    objective: 'Read one’s own work after a pause and mark it without mending',
    question: asked(
      'The marks are spread evenly over the whole work. What does that suggest?',
      ['The order of the parts is wrong'],
      ['Every part has to be written anew', 'The pause was too short', 'The work is finished'],
      'Marks in one place point at that part; marks everywhere point at the order.',
    ),
  },
]

/** Questions any such lesson can be asked, where its own are too few. */
export const MORE_QUESTIONS: readonly Asked[] = [
  asked(
    'What should you keep from this lesson rather than everything?',
    ['One thing that you try on a case of your own'],
    ['The order of its headings', 'All its examples by heart', 'The number of its words'],
    'One idea that is used stays; five that are read do not.',
  ),
  asked(
    'Where do you find out what you have not understood yet?',
    ['Where you slow down as you explain it'],
    ['In the longest paragraph', 'In the first sentence', 'In the list of sources'],
    'Explaining shows gaps that reading hides.',
  ),
  asked(
    'Which case is a good one to practise on?',
    ['One that you met this week'],
    ['The most famous one', 'One that nobody has solved', 'Any, so long as it is large'],
    'What is fresh in mind can be checked against what really happened.',
  ),
  asked(
    'What is the use of writing something down before it is finished?',
    ['It shows what has been decided and what has not'],
    ['It makes the work look longer', 'It replaces the second look', 'None'],
    'On paper an open decision is an empty place.',
  ),
  asked(
    'Who is best asked whether an explanation is clear?',
    ['Somebody who did not know the matter before'],
    ['Its author', 'Whoever knows most about it', 'Nobody'],
    'Only a newcomer stumbles where newcomers stumble.',
  ),
  asked(
    'What do two good examples have in common?',
    ['What must be true at their end'],
    ['Their length', 'Their names', 'The number of their steps'],
    'The purpose is what examples of one idea share.',
  ),
]
