import type { pictures as contract } from '#contract/pictures.ts'
import { hasRole } from '#contract/roles.ts'
import { mayDo } from '#core/courses/policy.ts'
import { courseRecords } from '#core/courses/records.ts'
import { signedFileUrl } from '#core/delivery/signer.ts'
import { hearing } from '#core/events.ts'
import { openedLesson } from '#core/grants/access.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { pictureRecords, type StoredPicture } from './records.ts'
import { finish, removePicturesOf, start, sweep } from './sending.ts'

const teacherOf = async ({ tables }: World, course: string): Promise<string | undefined> => (await courseRecords.get(tables, { id: course }))?.value.teacher.id

/** Only what this very lesson names as this person has it; whoever writes the course sees what it will name. */
const open = async (world: World, actor: Actor | undefined, { lesson: id, pictures: wanted }: { lesson: string; pictures: string[] }) => {
  const { lesson, until } = await openedLesson(world, actor, id)
  const [teacher, said, keys] = [await teacherOf(world, lesson.course), JSON.stringify(lesson), await world.keys.live()]
  const all =
    teacher === undefined ? actor !== undefined && hasRole(actor, 'admin') : await mayDo(world.tables, actor, { id: lesson.course, teacherId: teacher }, 'see')
  // A copy of a lesson shows what the lesson shows it was made of, as long as both are one teacher's.
  const isTheirs = async ({ course, place, finished }: StoredPicture): Promise<boolean> =>
    place === 'lesson' && finished !== undefined && (course === lesson.course || (teacher !== undefined && (await teacherOf(world, course)) === teacher))
  const opened = [...new Set(wanted)].map(async (picture) => {
    if (!all && !said.includes(`/files/${picture}/`)) return []
    const found = (await pictureRecords.get(world.tables, { id: picture }))?.value
    if (!found || !(await isTheirs(found))) return []
    const { url } = signedFileUrl({ settings: world.settings, keys, file: found.key, now: world.clock.now(), until })
    return [{ id: picture, url }]
  })
  return { pictures: (await Promise.all(opened)).flat() }
}

export const pictures: Feature<typeof contract> = {
  handlers: { start, finish, open },
  hearings: [hearing('pictures.remove-removed', 'course.removed', (world, { course }) => removePicturesOf(world, course))],
  timers: [{ name: 'pictures.sweep', everySeconds: 3600, run: sweep }],
}
