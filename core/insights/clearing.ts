import { videoRecords } from '#core/media/records.ts'
import { chunks } from '#core/records.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { memoRecords } from './heating.ts'
import {
  countedRecords,
  funnelOf,
  funnelRecords,
  gatheringRecords,
  learnerRecords,
  namedLearnerRecords,
  SHARDS,
  type StoredLearner,
  standingsOf,
  wordRecords,
  wordsOf,
} from './records.ts'

const LEARNERS_A_STEP = 40
const CHANGES_A_COMMIT = 90
const MOST_MEMOS = 1000

/** What the counters of videos hold of somebody, of those that are gone. */
const memosOfGone = async (tables: Tables, learner: string): Promise<Change[]> => {
  const { items } = await memoRecords.list(tables, `learner#${learner}`, { prefix: 'heat#', limit: MOST_MEMOS })
  const gone = await Promise.all(items.map(async (memo) => ((await videoRecords.get(tables, { id: memo.video })) ? [] : [memoRecords.remove(memo)])))
  return gone.flat()
}

const ofLearner = async (tables: Tables, row: StoredLearner): Promise<Change[]> => {
  const { course, id } = row
  const words = wordsOf(row).map((word) => wordRecords.remove({ course, word, id }))
  return [learnerRecords.remove(row), namedLearnerRecords.remove(row), countedRecords.remove(row), ...words, ...(await memosOfGone(tables, id))]
}

/** With a course go the standings of those who learned in it, and its counters. What is removed already is removed again. */
export const forgetCourse = async ({ tables }: Pick<World, 'tables'>, course: string): Promise<void> => {
  let page: string | undefined
  do {
    const listed = await learnerRecords.list(tables, standingsOf(course), { prefix: 'learner#', limit: LEARNERS_A_STEP, ...(page !== undefined && { page }) })
    const changes = (await Promise.all(listed.items.map((row) => ofLearner(tables, row)))).flat()
    for (const some of chunks(changes, CHANGES_A_COMMIT)) await tables.commit(some)
    page = listed.next
  } while (page !== undefined)
  const { items } = await funnelRecords.list(tables, funnelOf(course), { limit: SHARDS })
  await tables.commit([...items.map((shard) => funnelRecords.remove(shard)), gatheringRecords.remove({ course })])
}
