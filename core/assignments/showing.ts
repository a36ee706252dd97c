import { type AssignmentRules, type HandedUpload, type Handing, MOST_HANDED_FILES, type Work } from '#contract/assignments.ts'
import { shownFile } from '#core/files/shown.ts'
import { arrivedParts } from '#core/parts.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { Ground } from './ground.ts'
import { handingRecords, type StoredHanding, type StoredWork, type WorkFile, workFileRecords } from './records.ts'

const MOST_FILE_BYTES = 500 * 1024 ** 2

/** The largest file that may be handed in. */
export const mostFileBytes = ({ settings }: Pick<World, 'settings'>): number => Math.min(settings.upload.fileMaxBytes, MOST_FILE_BYTES)

export const shownUpload = async (world: World, file: WorkFile): Promise<HandedUpload> => {
  const { id, name, sizeBytes, partBytes, parts, state } = file
  const arrived = state === 'there' ? Array.from({ length: parts }, (_, index) => index + 1) : await arrivedParts(world, file)
  return { id, name, sizeBytes, partBytes, parts, arrived }
}

export const shownHanding = ({ id, number, at, isLate, text, files, grade }: StoredHanding): Handing => ({
  ...{ id, number, at, isLate, text, files: files.map(shownFile) },
  ...(grade && { grade }),
})

/** What somebody has handed in, the newest first. */
export const handingsOf = async (tables: Tables, { handings }: Pick<StoredWork, 'handings'>): Promise<StoredHanding[]> => {
  const found = await Promise.all(handings.map((id) => handingRecords.get(tables, { id })))
  return found.flatMap((each) => (each ? [each.value] : [])).reverse()
}

/** Undefined where there is no bound. */
export const triesLeft = ({ tries }: AssignmentRules, { handings }: Pick<StoredWork, 'handings'>): number | undefined =>
  tries === undefined ? undefined : Math.max(0, tries - handings.length)

const unfinished = async (world: World, ids: readonly string[]): Promise<HandedUpload[]> => {
  const found = await Promise.all(ids.slice(0, MOST_HANDED_FILES).map((id) => workFileRecords.get(world.tables, { id })))
  return Promise.all(found.flatMap((file) => (file?.value.state === 'sending' ? [shownUpload(world, file.value)] : [])))
}

/** An assignment as its learner sees it. */
export const shownWork = async (world: World, { rules, isStaff, work }: Pick<Ground, 'rules' | 'isStaff' | 'work'>): Promise<Work> => {
  const { text, files, sending, savedAt } = work
  const left = triesLeft(rules, work)
  return {
    rules,
    state: work.state === 'returned' && left === 0 ? 'spent' : work.state,
    draft: { text, files: files.map(shownFile), unfinished: await unfinished(world, sending), ...(savedAt !== undefined && { savedAt }) },
    handings: (await handingsOf(world.tables, work)).map(shownHanding),
    ...(left !== undefined && { left }),
    ...{ mostFileBytes: mostFileBytes(world), isStaff },
  }
}
