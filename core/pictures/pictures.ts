import type { pictures as contract } from '#contract/pictures.ts'
import { courseRecords } from '#core/courses/records.ts'
import { signedFileUrl } from '#core/delivery/signer.ts'
import { hearing } from '#core/events.ts'
import { openedLesson } from '#core/grants/access.ts'
import { type Actor, type Feature, hasRole } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { pictureRecords, type StoredPicture } from './records.ts'
import { finish, removePicturesOf, start, sweep } from './sending.ts'

const isStaff = async ({ tables }: World, actor: Actor | undefined, course: string): Promise<boolean> => {
  if (!actor) return false
  return hasRole(actor, 'admin') || (await courseRecords.get(tables, { id: course }))?.value.teacher.id === actor.id
}

/** Only what this very lesson names as this person has it; whoever writes the course sees what it will name. */
const open = async (world: World, actor: Actor | undefined, { lesson: id, pictures: wanted }: { lesson: string; pictures: string[] }) => {
  const { lesson, until } = await openedLesson(world, actor, id)
  const [all, said] = [await isStaff(world, actor, lesson.course), JSON.stringify(lesson)]
  const keys = await world.keys.live()
  const isTheirs = ({ course, place, finished }: StoredPicture): boolean => course === lesson.course && place === 'lesson' && finished !== undefined
  const opened = [...new Set(wanted)].map(async (picture) => {
    if (!all && !said.includes(`/files/${picture}/`)) return []
    const found = (await pictureRecords.get(world.tables, { id: picture }))?.value
    if (!found || !isTheirs(found)) return []
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
