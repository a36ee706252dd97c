import { event, type Hearing, hearing, type Payload } from '#core/events.ts'
import { refund, spend } from '#core/recipes/budget.ts'
import { estimateOf } from '#core/recipes/estimate.ts'
import { laddersOf } from '#core/recipes/ladder.ts'
import { readRecipe } from '#core/recipes/recipe.ts'
import type { Stored } from '#core/records.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { SourceFacts, SourceFault, TranscodeJob } from '#ports/transcoder.ts'
import type { World } from '#ports/world.ts'
import { heldRecords, mediaPrefix, type StoredVideo, videoRecords } from './records.ts'
import { REASONS, refusedVerdict, verdictOf } from './verdict.ts'

type Written = { changes?: Change[]; events?: Event[] }

/** Writes the video anew from what it is; a second writer in between makes the delivery come again. */
export const advance = async ({ tables }: World, video: Stored<StoredVideo>, change: Partial<StoredVideo>, { changes = [], events = [] }: Written = {}) => {
  const outcome = await tables.commit([videoRecords.replace(video, { ...video.value, ...change }), ...changes], events)
  if (outcome === 'conflict') throw new Error(`${video.value.id} was written meanwhile.`)
}

const at = ({ clock }: World): string => clock.now().toISOString()

/** The end of a video that cannot be used, and the event that tells of it. What was not made is given back to the budget. */
export const giveUp = async (world: World, video: Stored<StoredVideo>, { fault, detail }: { fault: SourceFault; detail: string }): Promise<void> => {
  const { charge, ...rest } = video.value
  const { id, attempt, course, fileName, percent } = rest
  const told = event(world, 'video.failed', { video: id, course }, `${id}.${attempt}.given-up`)
  if (rest.state !== 'failed') {
    const verdict = fault === 'internal' ? {} : { verdict: refusedVerdict(fault) }
    const after = { state: 'failed' as const, ...REASONS[fault], ...verdict, times: { ...rest.times, ended: at(world) } }
    const changes = charge ? await refund(world.tables, charge, 1 - percent / 100) : []
    await advance(world, { ...video, value: rest }, after, { changes, events: [told] })
  }
  if (fault === 'internal') {
    await world.alerts.tell({ id: `${id}.${attempt}.failed`, subject: `A video could not be converted: ${fileName}`, text: detail })
  }
}

const jobOf = async (world: World, { id, attempt, owner, source, recipe }: StoredVideo, facts: SourceFacts): Promise<TranscodeJob> => {
  const { first } = laddersOf(facts.picture, await readRecipe(world, recipe))
  return { job: `${id}.${attempt}`, video: id, owner, source, output: mediaPrefix(id), facts, ladder: first, makes: 'whole' }
}

const probedWith = async (world: World, { recipe, chapters, times }: StoredVideo, facts: SourceFacts) => {
  const { first, later } = laddersOf(facts.picture, await readRecipe(world, recipe))
  const source = { durationSeconds: facts.durationSeconds, width: facts.picture.width, height: facts.picture.height }
  return {
    ...{ facts, verdict: verdictOf(facts), chapters: chapters.length > 0 ? chapters : facts.chapters },
    estimate: estimateOf(source, { recipe, ladders: [first, ...later], encoders: world.settings.encoders }),
    times: { ...times, probed: at(world) },
  }
}

/**
 * Takes a probed video into the transcoder, or holds it when the budget is used up: one commit spends and moves it on.
 * Undefined when it is not to be made, or no longer.
 */
const accept = async (world: World, { id, attempt }: Pick<StoredVideo, 'id' | 'attempt'>, facts: SourceFacts): Promise<TranscodeJob | undefined> => {
  const video = await videoRecords.get(world.tables, { id })
  // Cancelled, removed or tried again meanwhile.
  if (video?.value.state !== 'probing' || video.value.attempt !== attempt) return undefined
  const { reason: _, ...rest } = video.value
  const probed = await probedWith(world, rest, facts)
  const spending = await spend(world, probed.estimate)
  const isHeld = 'over' in spending
  const after: StoredVideo = isHeld
    ? { ...rest, ...probed, state: 'held', reason: spending.over, canRetry: true }
    : { ...rest, ...probed, state: 'transcoding', percent: 0, job: `${id}.${attempt}`, charge: spending.charge }
  const changes = [videoRecords.replace(video, after), isHeld ? heldRecords.put({ video: id, since: at(world) }) : spending.change]
  const events = isHeld ? [event(world, 'video.held', { video: id, course: after.course }, `${id}.${attempt}.held`)] : []
  // Another video may have been charged in between, or a teacher may have written something of this one.
  if ((await world.tables.commit(changes, events)) === 'conflict') return accept(world, { id, attempt }, facts)
  return isHeld ? undefined : jobOf(world, after, facts)
}

const probe = async (world: World, { video: id }: Payload<'video.uploaded'>): Promise<void> => {
  const found = await videoRecords.get(world.tables, { id })
  if (!found) return
  const { state, source, owner, attempt, job, facts } = found.value
  // Told again after a crash between the commit and the start: a job started twice runs once.
  if (state === 'transcoding' && facts && job === `${id}.${attempt}`) return world.transcoder.start(await jobOf(world, found.value, facts))
  if (state === 'uploaded') await advance(world, found, { state: 'probing', percent: 0 })
  else if (state !== 'probing') return
  const probed = await world.transcoder.probe({ key: source, owner })
  if (probed.kind === 'unusable') return refuse(world, { id, attempt }, probed)
  const accepted = await accept(world, { id, attempt }, probed.facts)
  if (accepted) await world.transcoder.start(accepted)
}

const refuse = async (world: World, { id, attempt }: Pick<StoredVideo, 'id' | 'attempt'>, why: { fault: SourceFault; detail: string }): Promise<void> => {
  const video = await videoRecords.get(world.tables, { id })
  if (video?.value.state === 'probing' && video.value.attempt === attempt) await giveUp(world, video, why)
}

export const probing: readonly Hearing[] = [hearing('media.probe', 'video.uploaded', probe), hearing('media.probe-again', 'video.retried', probe)]
