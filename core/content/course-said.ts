import { checkOtherPrices, checkPrice } from '#core/courses/prices.ts'
import type { StoredCourse } from '#core/courses/records.ts'
import { checkRequired } from '#core/courses/requiring.ts'
import type { World } from '#ports/world.ts'
import { teacherOf } from './course-of.ts'
import type { CourseDocument } from './format/documents.ts'
import type { Tell } from './lessons-of.ts'
import { findingOf } from './wanted.ts'

type Said = Pick<StoredCourse, 'title' | 'summary' | 'description' | 'outcomes' | 'price' | 'otherPrices'> &
  Partial<Pick<StoredCourse, 'completion' | 'isSequential' | 'requires'>>

/** What a course's file says of it. A price that is left out is none. */
export const saidOf = ({ settings }: Pick<World, 'settings'>, document: CourseDocument): Said => {
  const { title, summary, description, outcomes, price = { amountMinor: 0, currency: settings.currency }, otherPrices, completion } = document
  const { isSequential, requires } = document
  const pace = { ...(isSequential && { isSequential }), ...(requires.length > 0 && { requires }) }
  return { title, summary, description, outcomes, price, otherPrices, ...(completion && { completion }), ...pace }
}

/** A course as its file has it, less who teaches it: what is left out there is left out here. */
export const asSaid = (world: Pick<World, 'settings'>, course: StoredCourse, document: CourseDocument): StoredCourse => {
  const { completion: _, isSequential: __, requires: ___, ...rest } = course
  return { ...rest, ...saidOf(world, document) }
}

type Filed = { path: string; document: CourseDocument; course: StoredCourse | undefined }

export const checkPrices = async (world: World, { path, document }: Pick<Filed, 'path' | 'document'>, tell: Tell): Promise<void> => {
  const { price, otherPrices } = saidOf(world, document)
  const says = await findingOf(() => {
    checkPrice(world, price)
    checkOtherPrices(world, otherPrices)
  })
  if (says !== undefined) tell(path, says)
}

/** Courses that are to be completed first are in the catalogue, and none of them waits for this one. */
export const checkRequirements = async (
  { tables }: World,
  { path, document, id }: Pick<Filed, 'path' | 'document'> & { id: string },
  tell: Tell,
): Promise<void> => {
  const says = await findingOf(() => checkRequired(tables, id, document.requires))
  if (says !== undefined) tell(path, `after: ${says}`)
}

/** Undefined, and told, where nobody teaches here by that address. */
export const teacherSaid = async (world: World, { path, document, course }: Filed, tell: Tell): Promise<StoredCourse['teacher'] | undefined> => {
  let teacher: StoredCourse['teacher'] | undefined
  const says = await findingOf(async () => {
    teacher = await teacherOf(world, document.teacher, course)
  })
  const who = document.teacher ?? 'the owner of the school'
  if (says !== undefined) tell(path, `Nobody who teaches here has this address: ${who}.`)
  return teacher
}
