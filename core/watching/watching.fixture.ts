import type { Playback, Stretch } from '#contract/watching.ts'
import { aCourse, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'

export type Classroom = Awaited<ReturnType<typeof aClassroom>>
export type Person = Awaited<ReturnType<Classroom['school']['person']>>

/** A free course of two lectures of ten minutes and a preview, with its teacher, an admin and an enrolled learner. */
export const aClassroom = async () => {
  const school = await openSchool()
  const teacher = await school.person('Theo', 'instructor')
  const owner = await school.person('Olive', 'admin')
  const learner = await school.person('Lena')
  const place = await aCourse(teacher)
  const lecture = async (title: string): Promise<string> => {
    const made = await anUploadedVideo(school, teacher, { ...place, title })
    await encode(school, made, { durationSeconds: 600 })
    return made.lesson
  }
  const lessons = { first: await lecture('First'), second: await lecture('Second'), preview: await lecture('Preview') }
  await teacher.client.courses.updateLesson({ lesson: lessons.preview, isPreview: true })
  await teacher.client.courses.publish({ course: place.course })
  await school.settle()
  await learner.client.learning.enrol({ course: place.course })
  return { school, teacher, owner, learner, course: place.course, ...lessons }
}

/** Makes people of a classroom, each under a name of their own; learners are enrolled. */
export const peopleOf = ({ school, course }: Pick<Classroom, 'school' | 'course'>) => {
  let people = 0
  const somebody = (): Promise<Person> => {
    people += 1
    return school.person(`Somebody${people}`)
  }
  const aLearner = async (): Promise<Person> => {
    const learner = await somebody()
    await learner.client.learning.enrol({ course })
    return learner
  }
  return { somebody, aLearner }
}

type At = { lesson: string; browser?: string; device?: string; stream?: string }

/** Opens a lesson as a browser does; each call is another browser unless one is named. */
export const opener = () => {
  let browsers = 0
  return ({ client }: Pick<Person, 'client'>, { lesson, browser, ...rest }: At): Promise<Playback> => {
    browsers += 1
    return client.watching.open({ lesson, browser: browser ?? `browser-${browsers}`, ...rest })
  }
}

type Shown = { stream: string; watched?: [from: number, to: number][]; positionSeconds?: number; isLeaving?: boolean }

/** What a player tells; without a position, the end of what it has shown. */
export const tell = ({ client }: Pick<Person, 'client'>, { stream, watched = [], positionSeconds, isLeaving = false }: Shown) => {
  const stretches = watched.map(([fromSeconds, toSeconds]): Stretch => ({ fromSeconds, toSeconds }))
  return client.watching.beat({ stream, positionSeconds: positionSeconds ?? stretches.at(-1)?.toSeconds ?? 0, watched: stretches, isLeaving })
}

/** Plays on from a moment at a speed for so long, with a beat every twenty seconds. */
export const play = async (
  { school }: Pick<Classroom, 'school'>,
  person: Person,
  { stream, from, seconds, speed = 1 }: { stream: string; from: number; seconds: number; speed?: number },
): Promise<Awaited<ReturnType<typeof tell>> | undefined> => {
  let answer: Awaited<ReturnType<typeof tell>> | undefined
  for (let passed = 0; passed < seconds; passed += 20) {
    const step = Math.min(20, seconds - passed)
    school.clock.pass(step)
    answer = await tell(person, { stream, watched: [[from + passed * speed, from + (passed + step) * speed]] })
  }
  return answer
}
