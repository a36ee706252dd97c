import { type CoursePeople, type helpers as contract, type Help, MOST_HELPERS } from '#contract/helpers.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { allows, partIn } from '#core/courses/policy.ts'
import { courseRecords, type StoredCourse } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import type { Words } from '#core/notices/words/en.ts'
import { wordsFor } from '#core/notifications/language.ts'
import { type Notice, telling } from '#core/notifications/notify.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { helperRecords, helpersOf, type StoredHelper } from './records.ts'

const changedMeanwhile = (): Refusal => new Refusal('conflict', 'Who helps was changed elsewhere in the meantime. Load it again.')

/** Whoever has left the school is not named any more; their row goes with the next change. */
const shown = async ({ identity }: World, { person: id, help, since }: StoredHelper, mayChange: boolean): Promise<CoursePeople['helpers']> => {
  const person = await identity.find(id)
  return person ? [{ person: id, name: person.name, help, since, ...(mayChange && { email: person.email }) }] : []
}

const peopleOf = async (world: World, actor: Actor, { id, teacher }: StoredCourse): Promise<CoursePeople> => {
  const part = await partIn(world.tables, actor, { id, teacherId: teacher.id })
  const mayChange = part !== undefined && allows(part, 'own')
  const helpers = await Promise.all((await helpersOf(world.tables, id)).map((helper) => shown(world, helper, mayChange)))
  return { teacher, helpers: helpers.flat(), mayChange }
}

const inWords = ({ helping }: Words, help: Help): string =>
  help.as === 'co-teacher' ? helping.together : helping.may(help.rights.map((right) => helping.rights[right]).join(', '))

const subject = ({ helping }: Words, by: string, { title }: StoredCourse, help: Help | undefined): string => {
  if (!help) return helping.noMore(title)
  return helping[help.as === 'co-teacher' ? 'coTeacher' : 'assistant'](by, title)
}

type Changed = { by: Actor; course: StoredCourse; person: string; help: Help | undefined }

const notice = async (world: World, { by, course, person, help }: Changed): Promise<Notice> => {
  const words = await wordsFor(world, person)
  return {
    ...{ person, kind: 'account', id: `help.${course.id}.${world.ids.make('hlp')}` },
    subject: subject(words, by.name, course, help),
    ...(help && { text: inWords(words, help) }),
    path: help ? `/teach/courses/${course.id}` : '/',
    names: [by.id],
  }
}

type Change = { course: Stored<StoredCourse>; before: Stored<StoredHelper> | undefined; person: string; help: Help | undefined }

/** One write of who helps, the news for whom it is about, and the event that the school remembers it by. */
const write = async (world: World, actor: Actor, { course, before, person, help }: Change): Promise<void> => {
  const at = world.clock.now().toISOString()
  const ids = { person, course: course.value.id }
  const after = help && { ...ids, help, since: before?.value.since ?? at }
  const row = after ? (before ? helperRecords.replace(before, after) : helperRecords.add(after)) : helperRecords.remove(ids, before)
  // Whoever ends it themselves knows.
  const told = person === actor.id ? { changes: [], events: [] } : telling(world, await notice(world, { by: actor, course: course.value, person, help }))
  const news = event(world, 'course.helper-changed', { ...ids, by: actor.id, as: help?.as ?? 'none' })
  // The course stays while somebody begins to help with it.
  const outcome = await world.tables.commit([row, courseRecords.there({ id: course.value.id }), ...told.changes], [news, ...told.events])
  if (outcome === 'conflict') throw changedMeanwhile()
}

const add = async (world: World, actor: Actor, { course: id, email, help }: { course: string; email: string; help: Help }): Promise<CoursePeople> => {
  const course = await ownCourse(world.tables, actor, id, { to: 'own' })
  const person = await world.identity.findByEmail(email)
  if (!person?.isVerified || person.isDisabled)
    throw new Refusal('not-found', 'Nobody here has an account with that address. Ask them to make one first, and try again.', 'no-account')
  if (person.id === course.value.teacher.id) throw new Refusal('conflict', 'They teach this course already.', 'teaches')
  const before = await helperRecords.get(world.tables, { person: person.id, course: id })
  if (before) throw new Refusal('conflict', 'They help with this course already. Change what they may do below.', 'helps')
  const helping = await helpersOf(world.tables, id)
  if (helping.length >= MOST_HELPERS) throw new Refusal('too-many', `At most ${MOST_HELPERS} people help with a course.`)
  await write(world, actor, { course, before, person: person.id, help })
  return peopleOf(world, actor, course.value)
}

const change = async (world: World, actor: Actor, { course: id, person, help }: { course: string; person: string; help: Help }): Promise<CoursePeople> => {
  const course = await ownCourse(world.tables, actor, id, { to: 'own' })
  const before = await helperRecords.get(world.tables, { person, course: id })
  if (!before) throw missing('helper')
  await write(world, actor, { course, before, person, help })
  return peopleOf(world, actor, course.value)
}

const remove = async (world: World, actor: Actor, { course: id, person }: { course: string; person: string }): Promise<{ done: true }> => {
  const course = await ownCourse(world.tables, actor, id, { to: person === actor.id ? 'see' : 'own' })
  const before = await helperRecords.get(world.tables, { person, course: id })
  if (!before) throw missing('helper')
  await write(world, actor, { course, before, person, help: undefined })
  return { done: true }
}

/** Who helps with a course, and with what of it. */
export const helpers: Feature<typeof contract> = {
  handlers: {
    list: async (world, actor, { course }) => peopleOf(world, actor, (await ownCourse(world.tables, actor, course, { to: 'teach' })).value),
    part: async ({ tables }, actor, { course: id }) => {
      const { teacher } = (await ownCourse(tables, actor, id, { to: 'see' })).value
      const part = await partIn(tables, actor, { id, teacherId: teacher.id })
      if (!part) throw missing('course')
      return part
    },
    ...{ add, change, remove },
  },
  hearings: [],
  timers: [],
}
