import type { StoredCourse, StoredLesson } from '#core/courses/records.ts'
import type { CourseDocument, LessonDocument } from './documents.ts'
import { sectionFolder } from './names.ts'

/** A lesson of the school as its file says it. Sizes, types and places of files stay with the school. */
export const lessonDocument = ({ id, title, kind, isPreview, about, questions, quiz, assignment, live, video, files, text }: StoredLesson): LessonDocument => ({
  ...{ id, title, kind, isPreview, about, questions, text },
  ...(quiz && { quiz }),
  ...(assignment && { assignment }),
  ...(live && { live }),
  ...(video !== undefined && { video }),
  files: files.map((file) => ({ id: file.id, name: file.name })),
})

export type WholeCourse = {
  course: StoredCourse
  lessons: ReadonlyMap<string, StoredLesson>
  /** E-mail address of its teacher, where it is to be written down. */
  teacher?: string | undefined
  /** The school's own currency, which a free course need not name. */
  currency: string
  /** That all courses lie in; empty for the root. */
  folder: string
}

export const courseDocument = ({ course, teacher, currency }: WholeCourse): CourseDocument => {
  const { id, title, summary, outcomes, price, otherPrices, completion, status, isSequential = false, requires = [], sections, description } = course
  const isPlainlyFree = price.amountMinor === 0 && price.currency === currency
  return {
    ...{ id, title, summary, outcomes, otherPrices, description, isPublished: status === 'published' },
    ...(!isPlainlyFree && { price }),
    ...{ isSequential, requires },
    ...(completion && { completion }),
    ...(teacher !== undefined && { teacher }),
    sections: sections.map((section, index) => ({
      folder: sectionFolder({ title: section.title, number: index + 1, of: sections.length }),
      title: section.title,
      id: section.id,
      ...(section.opens && { opens: section.opens }),
    })),
  }
}
