import { MOST_FILES } from '#contract/files.ts'
import { MOST_LESSON_BYTES } from '#core/courses/limits.ts'
import { refuseUnready } from '#core/courses/publish.ts'
import { publishedLessonRecords, type StoredFile, type StoredLesson } from '#core/courses/records.ts'
import { fileRecords, storedFile } from '#core/files/records.ts'
import { videoRecords } from '#core/media/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import type { Claim, Tell } from './lessons-of.ts'

/** Runs what refuses; what it says goes to the author of the file. */
export const findingOf = async (check: () => Promise<void> | void): Promise<string | undefined> => {
  try {
    await check()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

/** The lesson that a file is, as it is stored. */
export type Wanting = Pick<Claim, 'path' | 'document' | 'id' | 'before'>

/** The video a file names must be this lesson's newest; where it names none, the lesson keeps the one it was sent in the school. */
const videoOf = async ({ tables }: World, { path, document, id, before }: Wanting, tell: Tell): Promise<string | undefined> => {
  const { video } = document
  if (video === undefined || video === before?.video) return before?.video
  if (before?.video !== undefined) {
    tell(path, `${video} is no video of this lesson any more, or never was: it has ${before.video}. Name that one, or leave the line out.`)
    return before.video
  }
  if ((await videoRecords.get(tables, { id: video }))?.value.lesson === id) return video
  tell(path, `${video} is no video of this lesson. It has none yet: videos are sent to a lesson in the school.`)
  return undefined
}

/** Those the file names, as it calls them; what else was sent to the lesson in the school stays behind them. */
const filesOf = async ({ tables }: World, { path, document, id, before }: Wanting, tell: Tell): Promise<StoredFile[]> => {
  const named: StoredFile[] = []
  for (const { id: file, name } of document.files) {
    const stored = (await fileRecords.get(tables, { id: file }))?.value
    if (stored?.lesson === id && stored.isFinished) named.push({ ...storedFile(stored), name })
    else tell(path, `${file} is no file of this lesson: files are sent to a lesson in the school.`)
  }
  const others = before?.files.filter(({ id: file }) => !named.some((each) => each.id === file)) ?? []
  if (named.length + others.length > MOST_FILES) tell(path, `A lesson holds at most ${MOST_FILES} files.`)
  return [...named, ...others]
}

/** The lesson as its file wants it; `kept` where it is kept in that file from now on. */
export const wantedLesson = async (
  world: World,
  wanting: Wanting,
  { course, kept, tell }: { course: string; kept: StoredLesson['kept']; tell: Tell },
): Promise<StoredLesson> => {
  const { path, id, document } = wanting
  const { title, kind, isPreview, text, about, questions, quiz, assignment, live } = document
  const video = await videoOf(world, wanting, tell)
  const files = await filesOf(world, wanting, tell)
  const lesson = {
    ...{ id, course, title, kind, isPreview, text, about, questions, files },
    ...(quiz && { quiz }),
    ...(assignment && { assignment }),
    ...(live && { live }),
    ...(video !== undefined && { video }),
    ...(kept && { kept }),
  }
  if (new TextEncoder().encode(JSON.stringify(lesson)).length > MOST_LESSON_BYTES)
    tell(path, 'This lesson is too large: its text and its questions have to be shorter.')
  return lesson
}

/** Whether learners could be shown it. */
export const checkReady = async ({ tables }: World, lesson: StoredLesson, tell: (says: string) => void): Promise<void> => {
  const published = await publishedLessonRecords.get(tables, { id: lesson.id })
  const says = await findingOf(() => refuseUnready(tables, [lesson], new Map(published && [[lesson.id, published.value]])))
  if (says !== undefined) tell(says)
}
