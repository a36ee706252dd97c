import { type AssignmentRules, MOST_TRIES, type Work } from '#contract/assignments.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { type Ground, openWork, refuseClosed, trying, written } from './ground.ts'
import { handingRecords, type StoredHanding, type StoredWork } from './records.ts'
import { shownWork, triesLeft } from './showing.ts'

export const open = async (world: World, actor: Actor, { lesson }: { lesson: string }): Promise<Work> => shownWork(world, await openWork(world, actor, lesson))

type Writing = { lesson: string; text: string }

export const keep = (world: World, actor: Actor, { lesson, text }: Writing): Promise<{ savedAt: string }> =>
  trying(async () => {
    const ground = await openWork(world, actor, lesson)
    refuseClosed(ground)
    const savedAt = world.clock.now().toISOString()
    return (await world.tables.commit([written(ground.stored, { ...ground.work, text, savedAt })])) === 'done' ? { savedAt } : 'conflict'
  })

const refuseSpent = ({ rules, work }: Ground): void => {
  if (triesLeft(rules, work) === 0) throw new Refusal('conflict', 'You have handed this in as often as your teacher allows.', 'spent')
  if (work.handings.length >= MOST_TRIES) throw new Refusal('too-many', `Nothing is handed in more than ${MOST_TRIES} times.`)
}

const refuseLacking = ({ takes }: AssignmentRules, text: string, { files, sending }: StoredWork): void => {
  if (sending.length > 0) throw new Refusal('upload-incomplete', 'A file is still on its way. Wait for it, or take it out.')
  const [hasText, hasFiles] = [text.trim() !== '', files.length > 0]
  if (takes === 'text' && !hasText) throw new Refusal('bad-input', 'Write something before you hand it in.')
  if (takes === 'files' && !hasFiles) throw new Refusal('bad-input', 'Add a file before you hand it in.')
  if (!hasText && !hasFiles) throw new Refusal('bad-input', 'Write something, or add a file, before you hand it in.')
}

const handed = (world: World, actor: Actor, { lesson, rules, work }: Ground, text: string): StoredHanding => {
  const at = world.clock.now().toISOString()
  return {
    ...{ id: world.ids.make('hnd'), learner: { id: actor.id, name: actor.name }, course: work.course, lesson: { id: lesson.id, title: lesson.title } },
    ...{ number: work.handings.length + 1, at, isLate: rules.dueAt !== undefined && Date.parse(at) > Date.parse(rules.dueAt) },
    ...{ text: rules.takes === 'files' ? '' : text, files: work.files, gradings: 0 },
  }
}

/** What is handed in stays as it is; the draft is empty again for the next try. */
export const handIn = (world: World, actor: Actor, { lesson, text }: Writing): Promise<Work> =>
  trying(async () => {
    const ground = await openWork(world, actor, lesson)
    refuseClosed(ground)
    refuseSpent(ground)
    refuseLacking(ground.rules, text, ground.work)
    const handing = handed(world, actor, ground, text)
    const { savedAt: _, ...before } = ground.work
    // Whoever improves on it goes on from what they wrote.
    const after: StoredWork = { ...before, text: handing.text, files: [], handings: [...before.handings, handing.id], state: 'waiting' }
    const { learner, course } = ground.ids
    const told = event(world, 'assignment.handed-in', { handing: handing.id, learner, course, lesson })
    const outcome = await world.tables.commit([written(ground.stored, after), handingRecords.add(handing)], [told])
    return outcome === 'done' ? shownWork(world, { ...ground, work: after }) : 'conflict'
  })
