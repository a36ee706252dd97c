import type { Course } from '#contract/courses.ts'
import { assignments } from '#core/assignments/assignments.ts'
import { learning } from '#core/learning/learning.ts'
import { notes } from '#core/notes/notes.ts'
import { reviews } from '#core/reviews/reviews.ts'
import { talk } from '#core/talk/talk.ts'
import type { Person } from '#ports/identity.ts'
import { type Act, buy, giveBack, grade, lessonNamed, read, type Sitting, sit, type Till, watch } from './acts.ts'
import { cast, chances, type Following, type Learner, REGRETS, SENTENCES } from './cast.ts'
import { DEMO_COURSES } from './content.ts'
import type { DemoLesson } from './lesson.ts'
import type { Past } from './past.ts'
import { ASKED_OF_A_VIDEO, FEEDBACK, HELLOS, NOTES_OF_LENA, REVIEWS, type Said, THREADS, type Thread, WORKS } from './words.ts'

/** Where it is played, and by whom. */
export type Stage = {
  past: Past
  teacher: Person
  owner: Person
  till: Till | undefined
  courseOf(title: string): Promise<Course>
  personOf(email: string): Promise<Person>
}

/** `videos`: only once the lectures can be watched. */
export type Scene = { daysAgo: number; needs: 'words' | 'videos'; isGrading?: boolean; play(stage: Stage): Promise<unknown> }

type Actor = Act & { stage: Stage; course: Course }

const scene = (
  { email }: Pick<Learner, 'email'>,
  { course: title, daysAgo, needs = 'words' }: { course: string; daysAgo: number; needs?: Scene['needs'] },
  does: (actor: Actor) => Promise<unknown>,
): Scene => ({
  daysAgo,
  needs,
  play: async (stage) => does({ stage, past: stage.past, learner: await stage.personOf(email), course: await stage.courseOf(title) }),
})

const lessonsOf = (title: string): DemoLesson[] => DEMO_COURSES.find((course) => course.title === title)?.sections.flatMap((section) => section.lessons) ?? []

const HOURS = 1 / 24

/** Takes up a course: it is bought, or free. */
const begins = (learner: Learner, { course, daysAgo }: Following): Scene =>
  scene(learner, { course, daysAgo }, async ({ stage: { till, past }, course: { id, price }, ...act }) => {
    if (price.amountMinor === 0) return learning.handlers.enrol(past.world, act.learner, { course: id })
    return till && buy({ past, learner: act.learner }, till, id)
  })

const takesQuiz = async (actor: Actor, sitting: Sitting): Promise<void> => {
  if (await sit(actor, sitting)) return
  // They have read it once more.
  actor.past.pass(5 * 3600)
  await sit(actor, { ...sitting, skill: Math.min(1, sitting.skill + 0.35) })
}

/** One lesson done whole, or watched in part. */
const does = (
  learner: Learner,
  at: { course: string; daysAgo: number },
  { lesson: demo, share, number }: { lesson: DemoLesson; share: number; number: number },
) =>
  scene(learner, { ...at, needs: demo.kind === 'video' ? 'videos' : 'words' }, async (actor) => {
    const lesson = lessonNamed(actor.course, demo.title)
    if (lesson === undefined) return
    if (demo.kind === 'video') {
      await watch(actor, lesson, [0, share])
      // A part that is hard is watched again.
      if (share === 1 && number % 3 === 0) await watch(actor, lesson, [0.35, 0.6])
    }
    if (share < 1) return
    if (demo.kind === 'article') await read(actor, lesson)
    if (demo.kind === 'quiz') await takesQuiz(actor, { lesson, questions: demo.questions, skill: learner.skill, chance: chances(number) })
    if (demo.kind === 'assignment') await assignments.handlers.handIn(actor.past.world, actor.learner, { lesson, text: WORKS[number % WORKS.length] ?? '' })
  })

/** The lessons of one course, a day or two apart, as far as somebody has come until today. */
const follows = (learner: Learner, following: Following, seed: number): Scene[] => {
  const chance = chances(seed)
  const scenes = [begins(learner, following)]
  let daysAgo = following.daysAgo
  for (const [place, lesson] of lessonsOf(following.course).entries()) {
    const share = Math.min(1, following.depth - place)
    daysAgo -= place === 0 ? HOURS : 0.4 + chance() * 1.6
    if (share <= 0 || daysAgo < HOURS) break
    if (share === 1 || lesson.kind === 'video') scenes.push(does(learner, { course: following.course, daysAgo }, { lesson, share, number: seed + place }))
    if (lesson.kind === 'assignment' && share === 1) scenes.push({ ...graded(learner, { ...following, daysAgo: daysAgo - 1.5 }), isGrading: true })
  }
  return scenes
}

/** Two days later. Some of it is returned. */
const graded = (learner: Learner, { course, daysAgo }: Following): Scene =>
  scene(learner, { course, daysAgo }, async ({ stage, course: { id }, ...act }) => {
    const isPassed = learner.skill > 0.6
    const grading = isPassed ? { levels: [2, learner.skill > 0.8 ? 2 : 1], feedback: FEEDBACK.passed } : { levels: [1, 0], feedback: FEEDBACK.returned }
    await grade(act, stage.teacher, { course: id, isPassed, ...grading })
  })

const reviewed = (learner: Learner, daysAgo: number, { course, stars, text, reply, report }: Said): Scene =>
  scene(learner, { course, daysAgo }, async ({ stage: { past, teacher, owner }, learner: actor, course: { id } }) => {
    const { review } = await reviews.handlers.write(past.world, actor, { course: id, stars, text })
    if (!review) return
    past.pass(20 * 3600)
    if (reply !== undefined) await reviews.handlers.reply(past.world, teacher, { review: review.id, text: reply })
    if (report === undefined) return
    await reviews.handlers.report(past.world, owner, { review: review.id, reason: report })
    past.pass(3 * 3600)
    await reviews.handlers.judge(past.world, teacher, { review: review.id, isHidden: true, reason: report })
  })

/** By people who have come far enough, some of the first and some of the last, a few days after they began. */
const allReviewed = (learners: readonly Learner[]): Scene[] =>
  REVIEWS.flatMap((said, place) => {
    const isSame = ({ course }: { course: string }): boolean => course === said.course
    const [before, all] = [REVIEWS.slice(0, place).filter(isSame).length, REVIEWS.filter(isSame).length]
    const began = (learner: Learner) => learner.follows.find((each) => isSame(each) && each.depth >= 2 && each.daysAgo > 6)
    const able = learners.filter((learner) => began(learner) !== undefined)
    const found = able[Math.floor(((before + 0.5) * able.length) / all)]
    return found ? [reviewed(found, Math.max(1.2, (began(found)?.daysAgo ?? 0) - 9), said)] : []
  })

const talked = (learners: readonly Learner[], { course, lesson: title, atSeconds, daysAgo, by, replies, ...said }: Thread): Scene[] => {
  const followers = learners.filter((learner) => learner.follows.some((each) => each.course === course && each.daysAgo > daysAgo + 1))
  const first = followers[by % followers.length]
  if (!first) return []
  const begun = scene(first, { course, daysAgo, needs: atSeconds === undefined ? 'words' : 'videos' }, async ({ stage, past, learner, course: whole }) => {
    const lesson = title === undefined ? undefined : lessonNamed(whole, title)
    const place = { course: whole.id, ...(lesson !== undefined && { lesson }), ...(atSeconds !== undefined && { atSeconds }) }
    const { id: thread } = await talk.handlers.begin(past.world, learner, { ...place, ...said, mentions: [] })
    for (const { by: who, text, isAnswer } of replies) {
      past.pass(3 * 3600)
      const speaker = who === 'teacher' ? stage.teacher : await stage.personOf(followers[who % followers.length]?.email ?? '')
      const { number } = await talk.handlers.reply(past.world, speaker, { thread, body: text, mentions: [] })
      await talk.handlers.mark(past.world, learner, { thread, vote: who === by ? undefined : { number, isUp: true } })
      if (isAnswer) await talk.handlers.moderate(past.world, stage.teacher, { thread, number, what: 'answer' })
    }
  })
  return [begun]
}

/** On the board of the paid course, in the thread that its teacher has begun. */
const greeted = (learners: readonly Learner[]): Scene[] => {
  const followers = learners.filter((learner) => learner.follows.some(({ course }) => course === SENTENCES))
  return HELLOS.flatMap((body, place) => {
    const learner = followers[place]
    const began = learner?.follows.find(({ course }) => course === SENTENCES)
    if (!learner || !began) return []
    return [
      scene(learner, { course: SENTENCES, daysAgo: began.daysAgo - 1 }, async ({ past: { world }, learner: actor, course }) => {
        const { threads } = await talk.handlers.threads(world, actor, { course: course.id })
        const hello = threads.find(({ isPinned }) => isPinned)
        if (hello) await talk.handlers.reply(world, actor, { thread: hello.id, body, mentions: [] })
      }),
    ]
  })
}

const noted = (lena: Learner): Scene[] => {
  const note = (needs: Scene['needs'], daysAgo: number) => (of: { course: string; lesson: string; body: string; atSeconds?: number }) =>
    scene(lena, { course: of.course, daysAgo, needs }, async ({ past, learner, course }) => {
      const lesson = lessonNamed(course, of.lesson)
      const { body, atSeconds } = of
      if (lesson !== undefined) await notes.handlers.add(past.world, learner, { lesson, body, atSeconds })
    })
  return [...NOTES_OF_LENA.words.map(note('words', 16)), ...NOTES_OF_LENA.videos.map(note('videos', 14))]
}

const REFUNDED = 5

/** All that has happened, from the beginning on: the same at every start. */
export const story = (): Scene[] => {
  const learners = cast()
  const [lena, ...others] = learners
  const lived = learners.flatMap((learner, place) => learner.follows.flatMap((following, number) => follows(learner, following, 97 * place + 10 * number)))
  const regretful = others.find(({ name }) => name === REGRETS)
  const began = regretful?.follows.find(({ course }) => course === SENTENCES)
  const returned =
    regretful && began
      ? [scene(regretful, { course: SENTENCES, daysAgo: began.daysAgo - REFUNDED }, ({ stage, course, ...act }) => giveBack(act, stage.owner, course.id))]
      : []
  const spoken = [...THREADS, ASKED_OF_A_VIDEO].flatMap((thread) => talked(others, thread))
  const all = [...lived, ...returned, ...allReviewed(others), ...greeted(others), ...spoken, ...(lena ? noted(lena) : [])]
    .filter(({ daysAgo }) => daysAgo > 0)
    .toSorted((one, other) => other.daysAgo - one.daysAgo)
  // The newest that would be graded by now waits, with what came after it.
  const ungraded = all.filter(({ isGrading }) => isGrading).slice(-1)
  return all.filter((each) => !ungraded.includes(each))
}
