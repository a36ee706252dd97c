import { event } from '#core/events.ts'
import { after } from '#core/moments.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { opened, refuseUnsold } from './checkout.ts'
import { orderRecords, type StoredOrder, WAITING_ORDERS, waitingRecords } from './records.ts'
import { closing, rewrite } from './settle.ts'

/** Whoever has waited this long does not wait for it any more. */
const GIVES_UP_AFTER_MS = 72 * 3600_000
const FIRST_AGAIN_MS = 60_000
const MOST_APART_MS = 10 * 60_000
const MOST_A_RUN = 100

const isStillSold = async (world: World, order: StoredOrder): Promise<boolean> => {
  if (order.isLive !== world.payments.isLive) return false
  try {
    await refuseUnsold(world, order)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** The order is told as run out, and can be taken up again by its learner; a coupon's use goes back. */
const giveUp = async (world: World, order: string): Promise<void> => {
  await rewrite(world, order, async (before) => {
    if (before.value.state !== 'waiting') return { changes: [], events: [] }
    const note = await waitingRecords.get(world.tables, { order })
    const closed = await closing(world, before, { state: 'expired' })
    // In one commit: its learner may order anew at once, and the note is then of that.
    return { ...closed, changes: [...closed.changes, ...(note ? [waitingRecords.remove({ order }, note)] : [])] }
  })
}

/** Asks once more for the page of an order. `down`: the provider cannot be asked about any other either. */
const openOne = async (world: World, order: string): Promise<'done' | 'down'> => {
  const { tables } = world
  const note = await waitingRecords.get(tables, { order })
  if (!note || note.value.dueAt > after(world, 0)) return 'done'
  const { since, tries } = note.value
  // Put off before it is asked for: an order that cannot be opened must not stand in front of the others for ever.
  const dueAt = after(world, Math.min(FIRST_AGAIN_MS * 2 ** tries, MOST_APART_MS))
  if ((await tables.commit([waitingRecords.replace(note, { ...note.value, tries: tries + 1, dueAt })])) === 'conflict') return 'done'
  // Read before the order: a note that is written when that is taken up again is another.
  const putOff = await waitingRecords.get(tables, { order })
  const found = await orderRecords.get(tables, { id: order })
  if (found?.value.state !== 'waiting') {
    if (putOff) await tables.commit([waitingRecords.remove({ order }, putOff)])
    return 'done'
  }
  if (since <= after(world, -GIVES_UP_AFTER_MS) || !(await isStillSold(world, found.value))) {
    await giveUp(world, order)
    return 'done'
  }
  const { attempt } = found.value
  const late = event(world, 'order.opened-late', { order }, `${order}.${attempt}.opened-late`)
  return (await opened(world, found, [late])).state === 'waiting' ? 'down' : 'done'
}

/**
 * Orders that could not be given a page, because the provider or this program was down, are given one when it is possible, and
 * their learners are told; for three days. The first that cannot be asked for ends the run.
 */
export const openWaiting = async (world: World): Promise<void> => {
  const { items } = await waitingRecords.listIndex(world.tables, WAITING_ORDERS, { limit: MOST_A_RUN })
  const due = items.filter(({ dueAt }) => dueAt <= after(world, 0))
  const failures: unknown[] = []
  for (const { order } of due) {
    try {
      if ((await openOne(world, order)) === 'down') break
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} waiting orders could not be opened.`)
}
