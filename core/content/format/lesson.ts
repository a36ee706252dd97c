import { LessonDocument, type Reading } from './documents.ts'
import { joined, parted } from './front-matter.ts'

/** Reads a lesson's file. */
export const readLesson = (file: string): Reading<LessonDocument> => {
  const found = parted(file)
  if ('findings' in found) return found
  const { head, text } = found
  const isMapping = typeof head === 'object' && head !== null && !Array.isArray(head)
  const parsed = LessonDocument.safeParse({ ...(isMapping ? head : {}), text })
  if (parsed.success) return { document: parsed.data }
  return { findings: parsed.error.issues.map(({ path, message }) => ({ says: `${path.join('.')}: ${message}` })) }
}

/** Writes a lesson's file, so that reading it gives the same lesson. */
export const writeLesson = ({ text, ...head }: LessonDocument): string => joined(head, text)
