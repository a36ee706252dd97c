import { event, type Hearing, hearing, type Payload } from '#core/events.ts'
import { giveBack, refund, spend } from '#core/recipes/budget.ts'
import type { Charge } from '#core/recipes/charge.ts'
import { estimateOf } from '#core/recipes/estimate.ts'
import { laddersOf } from '#core/recipes/ladder.ts'
import { readRecipe } from '#core/recipes/recipe.ts'
import type { Stored } from '#core/records.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { SourceFacts, SourceFault, TranscodeJob } from '#ports/transcoder.ts'
import type { World } from '#ports/world.ts'
import { heldRecords, mediaPrefix, type StoredVideo, videoRecords } from './records.ts'
import { REASONS, refusedVerdict, verdictOf } from './verdict.ts'
import { unused } from './videos.ts'

type Written = { changes?: Change[]; events?: Event[] }

/** Writes the video anew from what it is. `conflict`: somebody else has written it in between, and whoever asks looks at it again. */
export const advance = (
  { tables }: World,
  video: Stored<StoredVideo>,
  change: Partial<StoredVideo>,
  { changes = [], events = [] }: Written = {},
): Promise<'done' | 'conflict'> => tables.commit([videoRecords.replace(video, { ...video.value, ...change }), ...changes], events)

const at = ({ clock }: World): string => clock.now().toISOString()

/** One video, as long as it is still what an end is meant for. */
type Meant = { id: string; isMeant: (video: StoredVideo) => boolean }

type Why = { fault: SourceFault; detail: string }

const failed = async (world: World, video: Stored<StoredVideo>, fault: SourceFault): Promise<'done' | 'conflict'> => {
  const { charge: _, watchable, ...rest } = video.value
  const verdict = fault === 'internal' ? {} : { verdict: refusedVerdict(fault) }
  // A beginning that will never go on is nothing to watch.
  const kept = watchable?.isWhole ? { watchable } : {}
  const after = { state: 'failed' as const, ...REASONS[fault], ...verdict, ...kept, times: { ...rest.times, ended: at(world) } }
  const back = unused(video.value)
  const changes = back ? await refund(world.tables, back) : []
  const told = event(world, 'video.failed', { video: rest.id, course: rest.course }, `${rest.id}.${rest.attempt}.given-up`)
  return advance(world, { ...video, value: rest }, after, { changes, events: [told] })
}

/** The end of a video that cannot be used, and the event that tells of it. What was not made is given back to the budget. */
export const giveUp = async (world: World, { id, isMeant }: Meant, why: Why): Promise<void> => {
  const video = await videoRecords.get(world.tables, { id })
  if (!video || !isMeant(video.value)) return
  const { state, attempt, fileName } = video.value
  if (state !== 'failed' && (await failed(world, video, why.fault)) === 'conflict') return giveUp(world, { id, isMeant }, why)
  if (why.fault === 'internal') {
    await world.alerts.tell({ kind: 'films', id: `${id}.${attempt}.failed`, subject: `A video could not be converted: ${fileName}`, text: why.detail })
  }
}

const jobOf = ({ id, attempt, owner, source, facts, ladders }: StoredVideo): TranscodeJob => {
  if (!facts || !ladders) throw new Error(`${id} was accepted without being probed.`)
  return { job: `${id}.${attempt}`, video: id, owner, source, output: mediaPrefix(id), facts, ladder: ladders.first, makes: 'whole' }
}

const probedWith = async (world: World, { recipe, chapters, times }: StoredVideo, facts: SourceFacts) => {
  const ladders = laddersOf(facts.picture, await readRecipe(world, recipe))
  const source = { durationSeconds: facts.durationSeconds, width: facts.picture.width, height: facts.picture.height }
  return {
    ...{ facts, ladders, verdict: verdictOf(facts), chapters: chapters.length > 0 ? chapters : facts.chapters },
    estimate: estimateOf(source, { recipe, ladders: Object.values(ladders), encoders: world.settings.encoders }),
    times: { ...times, probed: at(world) },
  }
}

type Accepting = { before: StoredVideo; probed: Awaited<ReturnType<typeof probedWith>> }

/** Held, with the letter that says so; one that is held already stays as it is. */
const holding = (world: World, { before, probed }: Accepting, reason: string) => ({
  after: { ...before, ...probed, state: 'held' as const, reason, canRetry: true },
  changes: [heldRecords.put({ video: before.id, since: at(world) })],
  events: [event(world, 'video.held', { video: before.id, course: before.course }, `${before.id}.${before.attempt}.held`)],
})

/** On its way, and paid for. One that was held is started by the event: there may be nobody left to do it who accepted it. */
const starting = (world: World, { before, probed }: Accepting, { charge, change }: { charge: Charge; change: Change }) => {
  const { id, attempt, state, reason: _, ...rest } = before
  const times = { ...probed.times, ...(state === 'held' && { asked: at(world) }) }
  const after = { ...rest, ...probed, times, id, attempt, state: 'transcoding' as const, percent: 0, canRetry: false, job: `${id}.${attempt}`, charge }
  if (state !== 'held') return { after, changes: [change], events: [] }
  return { after, changes: [change, heldRecords.remove({ video: id })], events: [event(world, 'video.retried', { video: id }, `${id}.${attempt}.released`)] }
}

/**
 * Takes a probed video into the transcoder, or holds it when the budget is used up: one commit spends and moves it on.
 * `none`: it is not to be made any more; `held` also when it was held before.
 */
export const accept = async (
  world: World,
  { id, attempt }: Pick<StoredVideo, 'id' | 'attempt'>,
  facts: SourceFacts,
): Promise<{ job: TranscodeJob; charge: Charge } | 'held' | 'none'> => {
  const video = await videoRecords.get(world.tables, { id })
  const before = video?.value
  // Cancelled, removed or tried again meanwhile.
  if (!before || !['probing', 'held'].includes(before.state) || before.attempt !== attempt) return 'none'
  const accepting = { before, probed: await probedWith(world, before, facts) }
  const spending = await spend(world, accepting.probed.estimate)
  if ('over' in spending && before.state === 'held') return 'held'
  const isOver = 'over' in spending
  const { after, changes, events } = isOver ? holding(world, accepting, spending.over) : starting(world, accepting, spending)
  const outcome = await world.tables.commit([videoRecords.replace(video, after), ...changes], events)
  // Another video may have been charged in between, or a teacher may have written something of this one.
  if (outcome === 'conflict') return accept(world, { id, attempt }, facts)
  return isOver ? 'held' : { job: jobOf(after), charge: spending.charge }
}

const probe = async (world: World, { video: id }: Payload<'video.uploaded'>): Promise<void> => {
  const found = await videoRecords.get(world.tables, { id })
  if (!found) return
  const { state, source, owner, attempt, job } = found.value
  // Told again after a crash between the commit and the start: a job started twice runs once.
  if (state === 'transcoding' && job === `${id}.${attempt}`) return world.transcoder.start(jobOf(found.value))
  if (state !== 'uploaded' && state !== 'probing') return
  const begun = videoRecords.replace(found, { ...found.value, state: 'probing', percent: 0 })
  // What the video before it had is carried over at the same moment, by another who hears of the upload.
  if (state === 'uploaded' && (await world.tables.commit([begun])) === 'conflict') return probe(world, { video: id })
  const probed = await world.transcoder.probe({ key: source, owner })
  if (probed.kind === 'unusable') {
    const isMeant = (video: StoredVideo): boolean => video.state === 'probing' && video.attempt === attempt
    return giveUp(world, { id, isMeant }, probed)
  }
  const accepted = await accept(world, { id, attempt }, probed.facts)
  if (typeof accepted !== 'object') return
  await world.transcoder.start(accepted.job)
  // Whoever removed it in that very moment knew of no charge.
  if (!(await videoRecords.get(world.tables, { id }))) await giveBack(world.tables, `${id}.removed`, accepted.charge)
}

export const probing: readonly Hearing[] = [hearing('media.probe', 'video.uploaded', probe), hearing('media.probe-again', 'video.retried', probe)]
