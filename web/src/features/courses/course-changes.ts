import type { Course, OutlineLesson, Section } from '#contract/courses.ts'
import type { SectionOpening } from '#contract/opening.ts'
import { client } from '../../lib/api.ts'
import type { Change } from './changes.ts'
import type { History, StepName } from './history.ts'
import { arranged, type Order, orderOf, withLesson, withoutLesson, withSection, withSectionAt } from './outline.ts'

export type CourseFacts = Partial<
  Pick<Course, 'title' | 'summary' | 'description' | 'outcomes' | 'price' | 'otherPrices' | 'completion' | 'sales' | 'isSequential' | 'requires'>
>
export type LessonFacts = Partial<{ title: string; isPreview: boolean; text: string }>
type Changed = Promise<Course | undefined>

/** What changes to a course are made with: which course, as it is shown, how a change is sent, and where it is kept to be taken back. */
export type Bench = {
  id: string
  steps: Pick<History, 'push' | 'drop'>
  shown(): Course | undefined
  make(send: Change<Course>['send'], apply?: Change<Course>['apply']): Changed
  updateLesson(lesson: string, facts: LessonFacts): Promise<Course>
}

/** A change and how it is taken back, which is asked of the answer. It is kept from the start: whoever takes it back at once waits for it. */
const step = async ({ steps }: Bench, name: StepName, { change, undo }: { change: Changed; undo: (after: Course) => Promise<unknown> }): Changed => {
  const back = async (): Promise<unknown> => {
    const after = await change
    return after && undo(after)
  }
  const kept = { name, undo: back }
  steps.push(kept)
  const after = await change
  if (!after) steps.drop(kept)
  return after
}

/** To take something back is no change of its own. */
const unkept = (bench: Bench): Bench => ({ ...bench, steps: { push: () => {}, drop: () => {} } })

const sectionOf = ({ shown }: Bench, section: string): Section | undefined => shown()?.sections.find((each) => each.id === section)
const lessonOf = ({ shown }: Bench, lesson: string): OutlineLesson | undefined =>
  shown()
    ?.sections.flatMap(({ lessons }) => lessons)
    .find((each) => each.id === lesson)

/** Those facts of a course that others of the same names are about to take the place of. */
const replacedFacts = (course: Course | undefined, facts: CourseFacts): CourseFacts =>
  // Object.keys forgets that these are the names of the facts.
  course ? Object.fromEntries((Object.keys(facts) as (keyof CourseFacts)[]).map((name) => [name, course[name]])) : {}

type CourseChanges = {
  update(facts: CourseFacts): Changed
  schedule(publishAt: string | undefined): Changed
  archive(isArchived: boolean): Changed
  publish(): Changed
  unpublish(): Changed
}

export const courseChanges = (bench: Bench): CourseChanges => {
  const { id, make } = bench
  const update = (facts: CourseFacts): Changed => {
    const old = replacedFacts(bench.shown(), facts)
    const { requires, ...rest } = facts
    const change = make(
      () => client.courses.update({ course: id, ...rest, ...(requires && { requires: requires.map((course) => course.id) }) }),
      (course) => ({ ...course, ...facts }),
    )
    return step(bench, 'course', { change, undo: () => courseChanges(unkept(bench)).update(old) })
  }
  return {
    update,
    schedule: (publishAt: string | undefined): Promise<Course | undefined> => make(() => client.courses.schedule({ course: id, publishAt: publishAt ?? null })),
    archive: (isArchived: boolean): Promise<Course | undefined> => make(() => client.courses.archive({ course: id, isArchived })),
    publish: () => make(() => client.courses.publish({ course: id })),
    unpublish: () => make(() => client.courses.unpublish({ course: id })),
  }
}

type SectionChanges = {
  addSection(title: string): Changed
  renameSection(section: string, title: string): Changed
  openSection(section: string, opens: SectionOpening | undefined): Changed
  removeSection(section: string): Changed
  arrange(order: Order): Changed
}

export const sectionChanges = (bench: Bench): SectionChanges => {
  const { id, make } = bench
  const back = () => sectionChanges(unkept(bench))
  return {
    addSection: (title: string) =>
      step(bench, 'addSection', {
        change: make(() => client.courses.addSection({ course: id, title })),
        undo: async ({ sections }) => back().removeSection(sections.at(-1)?.id ?? ''),
      }),
    renameSection: (section: string, title: string): Promise<Course | undefined> => {
      const old = sectionOf(bench, section)?.title ?? title
      const change = make(
        () => client.courses.renameSection({ course: id, section, title }),
        (course) => withSection(course, section, (each) => ({ ...each, title })),
      )
      return step(bench, 'section', { change, undo: () => back().renameSection(section, old) })
    },
    openSection: (section: string, opens: SectionOpening | undefined): Promise<Course | undefined> => {
      const old = sectionOf(bench, section)?.opens
      const change = make(
        () => client.courses.openSection({ course: id, section, opens: opens ?? null }),
        (course) => withSection(course, section, ({ opens: _, ...each }) => ({ ...each, ...(opens && { opens }) })),
      )
      return step(bench, 'section', { change, undo: () => back().openSection(section, old) })
    },
    removeSection: (section: string): Promise<Course | undefined> => {
      const [old, place] = [sectionOf(bench, section), bench.shown()?.sections.findIndex((each) => each.id === section) ?? 0]
      const change = make(
        () => client.courses.removeSection({ course: id, section }),
        (course) => ({ ...course, sections: course.sections.filter((each) => each.id !== section) }),
      )
      return step(bench, 'removeSection', {
        change,
        undo: async () => {
          const after = await make(() => client.courses.addSection({ course: id, title: old?.title ?? '' }))
          const added = after?.sections.at(-1)
          return after && added && back().arrange(withSectionAt(orderOf(after.sections), added.id, place))
        },
      })
    },
    arrange: (order: Order): Promise<Course | undefined> => {
      const old = orderOf(bench.shown()?.sections ?? [])
      const change = make(
        () => client.courses.arrange({ course: id, sections: order }),
        (course) => arranged(course, order),
      )
      return step(bench, 'order', { change, undo: () => back().arrange(old) })
    },
  }
}

type LessonChanges = {
  addLesson(section: string, lesson: Pick<OutlineLesson, 'title' | 'kind'>): Promise<OutlineLesson | undefined>
  changeLesson(lesson: string, facts: Pick<LessonFacts, 'title' | 'isPreview'>): Changed
  removeLesson(lesson: string): Changed
  restoreLesson(lesson: string): Changed
  removeForGood(lesson: string): Changed
  duplicateLesson(lesson: string): Changed
}

export const lessonChanges = (bench: Bench): LessonChanges => {
  const { id, make, updateLesson } = bench
  const back = () => lessonChanges(unkept(bench))
  return {
    addLesson: async (section: string, { title, kind }: Pick<OutlineLesson, 'title' | 'kind'>): Promise<OutlineLesson | undefined> => {
      const added = (course: Course): OutlineLesson | undefined => course.sections.find((each) => each.id === section)?.lessons.at(-1)
      const change = make(() => client.courses.addLesson({ course: id, section, title, kind }))
      const course = await step(bench, 'addLesson', { change, undo: (after) => back().removeLesson(added(after)?.id ?? '') })
      return course && added(course)
    },
    changeLesson: (lesson: string, facts: Pick<LessonFacts, 'title' | 'isPreview'>): Promise<Course | undefined> => {
      const { title, isPreview } = lessonOf(bench, lesson) ?? { title: '', isPreview: false }
      const change = make(
        () => updateLesson(lesson, facts),
        (course) => withLesson(course, lesson, (each) => ({ ...each, ...facts })),
      )
      return step(bench, 'lesson', { change, undo: () => back().changeLesson(lesson, facts.title === undefined ? { isPreview } : { title }) })
    },
    removeLesson: (lesson: string): Promise<Course | undefined> => {
      const change = make(
        () => client.courses.removeLesson({ lesson }),
        (course) => withoutLesson(course, lesson),
      )
      return step(bench, 'removeLesson', { change, undo: () => back().restoreLesson(lesson) })
    },
    restoreLesson: (lesson: string): Promise<Course | undefined> => make(() => client.courses.restoreLesson({ lesson })),
    removeForGood: (lesson: string): Promise<Course | undefined> => make(() => client.courses.removeLesson({ lesson, isForGood: true })),
    duplicateLesson: (lesson: string): Promise<Course | undefined> =>
      step(bench, 'duplicateLesson', {
        change: make(() => client.courses.duplicateLesson({ lesson })),
        undo: ({ sections }) => {
          const all = sections.flatMap(({ lessons }) => lessons)
          return back().removeForGood(all[all.findIndex((each) => each.id === lesson) + 1]?.id ?? '')
        },
      }),
  }
}
