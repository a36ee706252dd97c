import * as z from 'zod'
import type { Tell } from '#core/series/bus.ts'
import { type ContentSettings, readContent } from '#homes/content-environment.ts'
import { readEnvironment } from '#homes/environment.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { spoolTell } from '#homes/machine/content-bus.ts'
import { objects } from '#homes/machine/objects.ts'
import type { Clock, Ids } from '#ports/clock.ts'
import type { DraftStore } from '#ports/world.ts'

const Environment = z.object({
  RUN: z.string().regex(/^run_[0-9a-z]{8,32}$/),
  DRAFTS_FOLDER: z.string().min(1),
  CONTENT_SPOOL: z.string().min(1),
})

/** What a program has around it: one run's papers, somebody to tell, and nothing of the school. */
export type Room = { run: string; drafts: DraftStore; tell: Tell; clock: Clock; ids: Ids; settings: ContentSettings; close(): Promise<void> }

/**
 * Opens it from the environment, at home as in the cloud.
 * @throws SettingsError naming what is missing
 */
export const openRoom = async (variables: NodeJS.ProcessEnv): Promise<Room> => {
  const { RUN: run, DRAFTS_FOLDER: folder, CONTENT_SPOOL: spool } = readEnvironment(Environment, variables)
  const settings = readContent(variables)
  const store = await objects({ folder, url: 'http://drafts.invalid', clock: systemClock })
  return { run, drafts: store, tell: spoolTell(spool, systemClock), clock: systemClock, ids: randomIds(systemClock), settings, close: () => store.close() }
}
