import { courseRecords, publicationRecords } from '#core/courses/records.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { wordsFor } from '#core/notifications/language.ts'
import { type Notice, notify } from '#core/notifications/notify.ts'
import { Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { openThread } from './ground.ts'
import { postRecords, type StoredPost, type StoredThread, threadRecords } from './records.ts'
import { excerptOf } from './showing.ts'

/** Where a post is read: at its lesson, or on the course’s board. */
export const pathOf = ({ id, course, lesson }: StoredThread, number: number): string =>
  `/learn/${course}/${lesson?.id ?? 'talk'}?thread=${id}${number > 0 ? `&post=${number}` : ''}`

const teacherOf = async (tables: Tables, course: string): Promise<string | undefined> =>
  (await publicationRecords.get(tables, { id: course }))?.value.teacherId ?? (await courseRecords.get(tables, { id: course }))?.value.teacher.id

type Told = { thread: StoredThread; post: StoredPost }

const told = async ({ tables }: World, { thread: id, number }: { thread: string; number: number }): Promise<Told | undefined> => {
  const thread = (await threadRecords.get(tables, { id }))?.value
  const post = (await postRecords.get(tables, { thread: id, number }))?.value
  return thread && post && !thread.isRemoved && !post.isRemoved ? { thread, post } : undefined
}

/** Only whoever could open it now hears of it. */
const mayRead = async (world: World, person: string, thread: string): Promise<boolean> => {
  const found = await world.identity.find(person)
  if (!found || found.isDisabled) return false
  try {
    await openThread(world, found, thread)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** Each is told once, of the nearest reason: a name called, a question to answer, a reply where one writes too. */
const audience = async (world: World, { thread, post }: Told): Promise<Map<string, 'question' | 'mention' | 'reply'>> => {
  const people = new Map<string, 'question' | 'mention' | 'reply'>()
  if (post.number > 0) for (const person of thread.people) people.set(person, 'reply')
  const teacher = post.number === 0 && thread.isQuestion ? await teacherOf(world.tables, thread.course) : undefined
  if (teacher !== undefined) people.set(teacher, 'question')
  for (const { id } of post.mentions) people.set(id, 'mention')
  people.delete(post.by.id)
  return people
}

const posted = hearing('talk.tell-posted', 'talk.posted', async (world, which) => {
  const found = await told(world, which)
  if (!found || found.post.hidden) return
  const { thread, post } = found
  for (const [person, kind] of await audience(world, found)) {
    if (!(await mayRead(world, person, thread.id))) continue
    const notice: Notice = {
      person,
      kind,
      id: `${thread.id}.${post.number}`,
      subject: (await wordsFor(world, person)).talk[kind](post.by.name, thread.title),
      text: excerptOf(post.body),
      path: pathOf(thread, post.number),
      names: [post.by.id, ...post.mentions.map(({ id }) => id)],
    }
    await notify(world, notice)
  }
})

const reported = hearing('talk.tell-reported', 'talk.reported', async (world, { course, thread, number }) => {
  const person = await teacherOf(world.tables, course)
  const found = await told(world, { thread, number })
  if (person === undefined || !found) return
  // Once for a post, however many report it.
  const subject = (await wordsFor(world, person)).talk.reported(found.post.by.name, found.thread.title)
  await notify(world, {
    person,
    kind: 'report',
    id: `${thread}.${number}.reported`,
    subject,
    text: excerptOf(found.post.body),
    path: `/teach/courses/${course}/questions?tab=reports`,
    names: [found.post.by.id, ...found.post.mentions.map(({ id }) => id)],
  })
})

const moderated = hearing('talk.tell-moderated', 'talk.moderated', async (world, { thread, number, what, by: moderator }, { id: happening }) => {
  const found = await told(world, { thread, number })
  const measure = what === 'hidden' ? found?.post.hidden : found?.thread.locked
  if (!found || !measure) return
  const { by } = what === 'hidden' ? found.post : found.thread
  const { talk } = await wordsFor(world, by.id)
  await notify(world, {
    person: by.id,
    kind: 'moderation',
    id: happening,
    subject: talk[what](found.thread.title),
    text: talk.reason(measure.by, measure.reason),
    path: pathOf(found.thread, number),
    ...(moderator !== undefined && { names: [moderator] }),
  })
})

/** Who is told of what in the talk. */
export const tellings: readonly Hearing[] = [posted, reported, moderated]
