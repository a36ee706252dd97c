import type { Course, courses as contract } from '#contract/courses.ts'
import { rememberCompleted } from '#core/grants/learned.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { taughtBy } from '#core/helpers/taught.ts'
import { videoOf } from '#core/media/videos.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { duplicate, duplicateLesson } from './copies.ts'
import { keptIn, keptLessons, refuseKeptCourse, refuseKeptLesson, refuseMovedKept } from './kept.ts'
import { MOST_LESSONS, MOST_SECTIONS } from './limits.ts'
import { changedElsewhere, ownCourse, ownLesson, saveCourse, summaryOf, wholeCourse } from './outline.ts'
import { checkOtherPrices, checkPrice } from './prices.ts'
import { publish, unpublish } from './publish.ts'
import { publishing } from './publishing.ts'
import { courseRecords, lessonRecords, NOTHING_SAID, type StoredCourse, type StoredLesson, slugRecords } from './records.ts'
import { removeCourse } from './removal.ts'
import { removedLessons, removeLesson, restoreLesson, sweepRemoved } from './removed.ts'
import { checkRequired } from './requiring.ts'
import { checkTrailer } from './sales.ts'
import { archive, publishingClock, schedule } from './schedule.ts'
import { freeSlug } from './slug.ts'

const create = async (world: World, actor: Actor, { title }: { title: string }): Promise<Course> => {
  const { tables, clock, ids, settings } = world
  const at = clock.now().toISOString()
  const id = ids.make('crs')
  const course: StoredCourse = {
    id,
    slug: await freeSlug(tables, title, id),
    title,
    summary: '',
    description: '',
    outcomes: [],
    price: { amountMinor: 0, currency: settings.currency },
    otherPrices: [],
    teacher: { id: actor.id, name: actor.name },
    status: 'draft',
    sections: [],
    createdAt: at,
    updatedAt: at,
    revision: 1,
  }
  const outcome = await tables.commit([courseRecords.add(course), slugRecords.add({ slug: course.slug, course: id })])
  if (outcome === 'conflict') throw new Refusal('conflict', 'Another course took this name a moment ago. Try again.')
  return wholeCourse(world, course)
}

/** The outline in a new order. What is named must be what is there: nothing can be lost or smuggled in by arranging. */
const arranged = (course: StoredCourse, wanted: { id: string; lessons: string[] }[]): StoredCourse['sections'] => {
  const sections = new Map(course.sections.map((section) => [section.id, section]))
  const before = course.sections.flatMap((section) => [section.id, ...section.lessons]).sort()
  const after = wanted.flatMap((section) => [section.id, ...section.lessons]).sort()
  const isSame = before.length === after.length && before.every((id, index) => id === after[index])
  if (!isSame) throw changedElsewhere()
  return wanted.map(({ id, lessons }) => ({ title: '', ...sections.get(id), id, lessons }))
}

const withSection = (
  course: StoredCourse,
  section: string,
  change: (section: StoredCourse['sections'][number]) => StoredCourse['sections'][number],
): StoredCourse['sections'] => {
  if (!course.sections.some(({ id }) => id === section)) throw new Refusal('not-found', 'There is no such section.')
  return course.sections.map((each) => (each.id === section ? change(each) : each))
}

const addLesson = async (
  world: World,
  actor: Actor,
  input: { course: string; section: string; title: string; kind: StoredLesson['kind'] },
): Promise<Course> => {
  const course = await ownCourse(world.tables, actor, input.course, { to: 'edit' })
  if (course.value.sections.flatMap(({ lessons }) => lessons).length >= MOST_LESSONS)
    throw new Refusal('too-many', `A course holds at most ${MOST_LESSONS} lessons.`)
  const lesson: StoredLesson = {
    id: world.ids.make('les'),
    course: input.course,
    title: input.title,
    kind: input.kind,
    isPreview: false,
    text: '',
    files: [],
    about: NOTHING_SAID,
    questions: [],
  }
  const sections = withSection(course.value, input.section, (section) => ({ ...section, lessons: [...section.lessons, lesson.id] }))
  return saveCourse(world, course, { course: { sections }, changes: [lessonRecords.add(lesson)] })
}

const lessonDraft = async (world: World, { video, files: _, kept, ...lesson }: StoredLesson) => ({
  ...lesson,
  ...(video && { video: await videoOf(world, video) }),
  ...keptIn(world, { kept }),
})

export const courses: Feature<typeof contract> = {
  handlers: {
    mine: async ({ tables }, actor) => {
      const own = await taughtBy(tables, actor.id)
      return { courses: await Promise.all(own.map((course) => summaryOf(tables, actor, course))) }
    },
    create,
    get: async (world, actor, { course }) => wholeCourse(world, (await ownCourse(world.tables, actor, course, { to: 'see' })).value),
    update: async (world, actor, { course: id, ...wanted }) => {
      const course = await ownCourse(world.tables, actor, id, { to: wanted.price || wanted.otherPrices ? 'teach' : 'edit' })
      // What sells it is no part of its file.
      if (wanted.sales === undefined || Object.values(wanted).filter((value) => value !== undefined).length > 1) refuseKeptCourse(course.value)
      if (wanted.sales) await checkTrailer(world.tables, course.value, wanted.sales)
      if (wanted.price) checkPrice(world, wanted.price)
      if (wanted.otherPrices) checkOtherPrices(world, wanted.otherPrices)
      if (wanted.requires) await checkRequired(world.tables, id, wanted.requires)
      return saveCourse(world, course, { course: Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) })
    },
    remove: async (world, actor, { course }) => {
      await removeCourse(world, actor, course)
      return { done: true }
    },
    addSection: async (world, actor, { course: id, title }) => {
      const course = await ownCourse(world.tables, actor, id, { to: 'edit' })
      if (course.value.sections.length >= MOST_SECTIONS) throw new Refusal('too-many', `A course holds at most ${MOST_SECTIONS} sections.`)
      return saveCourse(world, course, { course: { sections: [...course.value.sections, { id: world.ids.make('sec'), title, lessons: [] }] } })
    },
    renameSection: async (world, actor, { course: id, section, title }) => {
      const course = await ownCourse(world.tables, actor, id, { to: 'edit' })
      refuseKeptCourse(course.value)
      return saveCourse(world, course, { course: { sections: withSection(course.value, section, (each) => ({ ...each, title })) } })
    },
    openSection: async (world, actor, { course: id, section, opens }) => {
      const course = await ownCourse(world.tables, actor, id, { to: 'edit' })
      refuseKeptCourse(course.value)
      const sections = withSection(course.value, section, ({ opens: _, ...each }) => ({ ...each, ...(opens && { opens }) }))
      return saveCourse(world, course, { course: { sections } })
    },
    removeSection: async (world, actor, { course: id, section }) => {
      const course = await ownCourse(world.tables, actor, id, { to: 'edit' })
      withSection(course.value, section, (each) => {
        if (each.lessons.length > 0) throw new Refusal('conflict', 'Move or remove its lessons first.')
        return each
      })
      return saveCourse(world, course, { course: { sections: course.value.sections.filter((each) => each.id !== section) } })
    },
    arrange: async (world, actor, { course: id, sections }) => {
      const course = await ownCourse(world.tables, actor, id, { to: 'edit' })
      const after = arranged(course.value, sections)
      refuseMovedKept(course.value, after, await keptLessons(world.tables, course.value))
      return saveCourse(world, course, { course: { sections: after } })
    },
    addLesson,
    lesson: async (world, actor, { lesson: id }) => lessonDraft(world, (await ownLesson(world.tables, actor, id, { to: 'edit' })).lesson.value),
    updateLesson: async (world, actor, { lesson: id, title, text, isPreview }) => {
      const { lesson, course } = await ownLesson(world.tables, actor, id, { to: 'edit' })
      refuseKeptLesson(lesson.value)
      const after = {
        ...lesson.value,
        ...(title !== undefined && { title }),
        ...(text !== undefined && { text }),
        ...(isPreview !== undefined && { isPreview }),
      }
      await saveCourse(world, course, { course: {}, changes: [lessonRecords.replace(lesson, after)] })
      return lessonDraft(world, after)
    },
    removeLesson,
    removedLessons,
    restoreLesson,
    duplicateLesson,
    duplicate,
    archive,
    schedule,
    publish: async (world, actor, { course }) => publish(world, await ownCourse(world.tables, actor, course, { to: 'teach' }), { by: { name: actor.name } }),
    unpublish: async (world, actor, { course }) => unpublish(world, await ownCourse(world.tables, actor, course, { to: 'teach' })),
  },
  hearings: [...publishing, rememberCompleted],
  timers: [publishingClock, sweepRemoved],
}
