import type { Fact } from '#contract/grants.ts'
import { event } from '#core/events.ts'
import { isRunning, momentIn } from '#core/grants/decide.ts'
import { isBefore } from '#core/moments.ts'
import type { StoredOrder } from '#core/payments/records.ts'
import type { Stored, Writing } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { membershipIdOf } from './begin.ts'
import { dueAtOf } from './judge.ts'
import { isDone, rightOf } from './reckoning.ts'
import { membershipRecords, type StoredMembership } from './records.ts'
import { due, following } from './writing.ts'

type Turn = 'refunded' | 'disputed' | 'lost' | 'cleared'

const NOTHING: Writing = { changes: [], events: [] }

const stateAfter = ({ state, endedAt, paidUntil, kind, count, paidCount }: StoredMembership, turn: Turn, at: string): StoredMembership['state'] => {
  if (turn === 'refunded' || turn === 'lost') return 'ended'
  if (turn === 'disputed') return state === 'ended' ? 'ended' : 'paused'
  if (state !== 'paused') return state
  if (kind === 'instalments' && count !== undefined && paidCount >= count) return 'complete'
  return endedAt !== undefined && isBefore(paidUntil, at) ? 'ended' : 'active'
}

/** A right that comes back runs until where it would have run by now. */
const factsAfter = (before: StoredMembership, state: StoredMembership['state'], turn: Turn, at: string): Fact[] => {
  const { facts, order, state: was, endsAt, paidUntil } = before
  const fact = (kind: Fact['kind'], until?: string): Fact => {
    const id = `fct_${order}.${kind}.${at}`
    return { id, kind, at: momentIn(facts, at), order, ...(until !== undefined && { until }) }
  }
  if (turn !== 'cleared' && was === 'ended' && !isRunning(facts, at)) return []
  // What waits for its dispute has that fact already.
  if (turn === 'lost') return facts.at(-1)?.kind === 'disputed' ? [] : [fact('disputed')]
  if (turn !== 'cleared') return [fact(turn)]
  if (was !== 'paused') return []
  const right = rightOf(state, { paidUntil, endsAt })
  return [fact('cleared'), ...(right ? [fact('renewed', right.until)] : [])]
}

const writing = (world: World, before: Stored<StoredMembership>, turn: Turn, at: string): Writing => {
  const { value } = before
  const { id: membership, learner } = value
  const state = stateAfter(value, turn, at)
  const facts = factsAfter(value, state, turn, at)
  if (facts.length === 0 && state === value.state) return NOTHING
  const { dueAt: _, ...kept } = value
  const turned = { ...kept, state, facts: [...value.facts, ...facts] }
  // What is cleared is read at once: it may be owed for by now.
  const dueAt = turn === 'cleared' && !isDone(turned) ? at : dueAtOf(turned, at)
  const after: StoredMembership = { ...turned, ...(dueAt !== undefined && { dueAt }) }
  const [was, is] = [isRunning(value.facts, at), isRunning(after.facts, at)]
  const key = `${membership}.${turn}.${at}`
  const because = turn === 'lost' ? 'disputed' : turn
  const ended = because === 'cleared' ? [] : [event(world, 'membership.ended', { membership, learner, because }, key)]
  const cleared = turn === 'cleared' ? [event(world, 'membership.changed', { membership, learner, to: 'cleared' }, key)] : []
  // Of what ends it for good it is told in any case: the provider has to hear of the end.
  const events = [...((was && !is) || turn === 'refunded' || turn === 'lost' ? ended : []), ...(is && !was ? cleared : [])]
  return { changes: [membershipRecords.replace(before, after), due(after), ...following(value, after)], events }
}

/** What a refund, a dispute, or one that is lost or won does to a membership. */
export const stopping = async (world: World, { id: order, learner }: StoredOrder, turn: Turn, at: string): Promise<Writing> => {
  const before = await membershipRecords.get(world.tables, { learner, id: membershipIdOf(order) })
  return before ? writing(world, before, turn, at) : NOTHING
}
