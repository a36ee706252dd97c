import { talk } from '#core/talk/talk.ts'
import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'

const HELLO = {
  title: 'Say hello',
  body: 'Who are you, and what would you like to be able to do at the end of this course? Two sentences are enough. I read all of them.',
  isQuestion: false,
}
const PAGE = {
  title: 'What are you working on?',
  body: 'Tell us in **one sentence** what you bring to this lesson, and what you hope it answers.\n\n> There are no silly questions here.',
  isQuestion: false,
}

/** What the teacher has written first, where nobody has written anything yet. */
export const ensureTalk = async (world: World, teacher: Person, { course, lesson }: { course: string; lesson: string | undefined }): Promise<void> => {
  const { threads, begin, moderate } = talk.handlers
  if ((await threads(world, teacher, { course })).total > 0) return
  if (lesson !== undefined) await begin(world, teacher, { course, lesson, ...PAGE, mentions: [] })
  const { id: thread } = await begin(world, teacher, { course, ...HELLO, mentions: [] })
  await moderate(world, teacher, { thread, number: 0, what: 'pin' })
}
