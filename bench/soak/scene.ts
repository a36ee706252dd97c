import { join } from 'node:path'
import { aFilm, sendFilm } from '#test/journeys/films.ts'
import { type Someone, someone } from '#test/journeys/people.ts'
import { lecture } from '../video/source.ts'
import type { Pausing } from './pausing.ts'
import type { School } from './school.ts'

export const FILM_SECONDS = 60
const SHOP = 12
const QUESTIONS = 5

/** What learners find: a course everybody follows, and others that are bought now and then. */
export type Shelf = { course: string; slug: string; film: string; articles: string[]; quiz: string; shop: { course: string; slug: string; article: string }[] }

/** A teacher who makes one film after another, or sends one, into a lesson of their own. */
export type Desk = { teacher: Someone; lesson: string; film: string }
export type Scene = { shelf: Shelf; learners: Someone[]; making: Desk; sending: Desk }

type Telling = { say(line: string): void; learners: number; seconds: number; waits: Pausing }

const words = (about: string): string =>
  Array.from({ length: 40 }, (_, line) => `${about}, as seen for the ${line + 1}. time, **bends** what light there is.`).join('\n\n')

const aSection = async ({ client }: Someone, title: string): Promise<{ course: string; section: string; slug: string }> => {
  const { id: course, slug } = await client.courses.create({ title })
  await client.courses.update({ course, summary: `${title}, from the beginning.`, description: words(title) })
  const { sections } = await client.courses.addSection({ course, title: 'All of it' })
  return { course, section: sections[0]?.id ?? '', slug }
}

const aLesson = async ({ client }: Someone, { course, section }: { course: string; section: string }, kind: 'video' | 'article' | 'quiz', title: string) => {
  const { sections } = await client.courses.addLesson({ course, section, title, kind })
  const lesson = sections[0]?.lessons.at(-1)?.id ?? ''
  if (kind === 'article') await client.courses.updateLesson({ lesson, text: words(title) })
  return lesson
}

const aQuiz = async (teacher: Someone, place: { course: string; section: string }): Promise<string> => {
  const lesson = await aLesson(teacher, place, 'quiz', 'What do you know?')
  const questions = Array.from({ length: QUESTIONS }, (_, number) => ({
    ...{ prompt: `What bends light, asked for the ${number + 1}. time?`, kind: 'single' as const, explanation: 'Glass does.', points: 1 },
    options: [
      { text: 'Glass', isRight: true },
      { text: 'A word', isRight: false },
      { text: 'An hour', isRight: false },
    ],
  }))
  await teacher.client.quizzes.write({ lesson, questions })
  return lesson
}

/** Whether it became watchable before all was over, however long a busy machine takes. */
export const untilMade = async ({ client }: Someone, video: string, { seconds, isOver }: Pausing): Promise<boolean> => {
  while (!isOver()) {
    const { state, reason } = await client.media.video({ video })
    if (state === 'ready') return true
    if (state === 'failed' || state === 'held') throw new Error(`the film is ${state}: ${reason}`)
    await seconds(1)
  }
  return false
}

const theCourse = async (teacher: Someone, film: string, waits: Pausing) => {
  const { slug, ...place } = await aSection(teacher, 'Light')
  const watched = await aLesson(teacher, place, 'video', 'A lecture')
  const articles = [await aLesson(teacher, place, 'article', 'A lens'), await aLesson(teacher, place, 'article', 'A prism')]
  const quiz = await aQuiz(teacher, place)
  await untilMade(teacher, await sendFilm(teacher, watched, film), waits)
  await teacher.client.courses.publish({ course: place.course })
  return { course: place.course, slug, film: watched, articles, quiz }
}

const forSale = async (teacher: Someone, number: number) => {
  const { slug, ...place } = await aSection(teacher, `Colour ${number}`)
  const article = await aLesson(teacher, place, 'article', `Shade ${number}`)
  await teacher.client.courses.update({ course: place.course, price: { amountMinor: 4900, currency: 'EUR' } })
  await teacher.client.courses.publish({ course: place.course })
  return { course: place.course, slug, article }
}

const aDesk = async (teacher: Someone, title: string, film: string): Promise<Desk> => ({
  teacher,
  film,
  lesson: await aLesson(teacher, await aSection(teacher, title), 'video', title),
})

export const setUp = async (school: School, { say, learners: count, seconds, waits }: Telling): Promise<Scene> => {
  const [film, short] = [await lecture(FILM_SECONDS), await aFilm(join(school.data, '..', 'short.mp4'), { seconds: 6, width: 640, height: 360 })]
  say('films drawn')
  const place = { ...school, seconds }
  const [teacher, maker, sender] = [
    await someone(place, 'Tina', 'instructor'),
    await someone(place, 'Mara', 'instructor'),
    await someone(place, 'Sven', 'instructor'),
  ]
  const shop = []
  for (let number = 1; number <= SHOP; number += 1) shop.push(await forSale(teacher, number))
  const course = await theCourse(teacher, film, waits)
  say('courses published')
  const learners: Someone[] = []
  for (let number = 1; number <= count; number += 1) {
    const learner = await someone(place, `Learner${number}`)
    await learner.client.learning.enrol({ course: course.course })
    learners.push(learner)
  }
  say(`${count} learners enrolled`)
  const [making, sending] = [await aDesk(maker, 'A film in the making', film), await aDesk(sender, 'A film on its way', short)]
  return { shelf: { ...course, shop }, learners, making, sending }
}
