import type { Course, OutlineLesson, Section } from '#contract/courses.ts'

export type Order = { id: string; lessons: string[] }[]

/** What the API wants to know of an outline. */
export const orderOf = (sections: readonly Section[]): Order => sections.map(({ id, lessons }) => ({ id, lessons: lessons.map((lesson) => lesson.id) }))

const inserted = <T>(items: readonly T[], index: number, item: T): T[] => [...items.slice(0, index), item, ...items.slice(index)]

const clamped = (index: number, length: number): number => Math.max(0, Math.min(index, length))

/** A section put at a place among the others. */
export const withSectionAt = (order: Order, section: string, index: number): Order => {
  const moved = order.find(({ id }) => id === section)
  if (!moved) return order
  const others = order.filter(({ id }) => id !== section)
  return inserted(others, clamped(index, others.length), moved)
}

/** A lesson put at a place of a section, its own or another; `index` counts the other lessons there. */
export const withLessonAt = (order: Order, lesson: string, place: { section: string; index: number }): Order =>
  order.map(({ id, lessons }) => {
    const others = lessons.filter((other) => other !== lesson)
    return { id, lessons: id === place.section ? inserted(others, clamped(place.index, others.length), lesson) : others }
  })

/** One step up or down; beyond a section's edge lies the end of its neighbour. Undefined where there is nowhere to go. */
export const lessonStep = (order: Order, lesson: string, step: -1 | 1): Order | undefined => {
  const at = order.findIndex(({ lessons }) => lessons.includes(lesson))
  const section = order[at]
  if (!section) return undefined
  const index = section.lessons.indexOf(lesson) + step
  if (index >= 0 && index < section.lessons.length) return withLessonAt(order, lesson, { section: section.id, index })
  const neighbour = order[at + step]
  return neighbour && withLessonAt(order, lesson, { section: neighbour.id, index: step === 1 ? 0 : neighbour.lessons.length })
}

export const sectionStep = (order: Order, section: string, step: -1 | 1): Order | undefined => {
  const index = order.findIndex(({ id }) => id === section) + step
  return index >= 0 && index < order.length ? withSectionAt(order, section, index) : undefined
}

/** The course in a new order; what the order does not name stays away, what it names and is not there is left out. */
export const arranged = (course: Course, order: Order): Course => {
  const lessons = new Map(course.sections.flatMap((section) => section.lessons.map((lesson) => [lesson.id, lesson])))
  const before = new Map(course.sections.map((section) => [section.id, section]))
  const sections = order.flatMap(({ id, lessons: ids }) => {
    const section = before.get(id)
    if (!section) return []
    // What has not changed stays the very same, and is not drawn again.
    const isSame = section.lessons.length === ids.length && section.lessons.every((lesson, place) => lesson.id === ids[place])
    return [isSame ? section : { ...section, lessons: ids.flatMap((lesson) => lessons.get(lesson) ?? []) }]
  })
  return { ...course, sections }
}

export const withLesson = (course: Course, lesson: string, change: (lesson: OutlineLesson) => OutlineLesson): Course => ({
  ...course,
  sections: course.sections.map((section) =>
    section.lessons.some(({ id }) => id === lesson)
      ? { ...section, lessons: section.lessons.map((each) => (each.id === lesson ? change(each) : each)) }
      : section,
  ),
})

export const withoutLesson = (course: Course, lesson: string): Course => ({
  ...course,
  sections: course.sections.map((section) => ({ ...section, lessons: section.lessons.filter(({ id }) => id !== lesson) })),
})

export const withSection = (course: Course, section: string, change: (section: Section) => Section): Course => ({
  ...course,
  sections: course.sections.map((each) => (each.id === section ? change(each) : each)),
})
