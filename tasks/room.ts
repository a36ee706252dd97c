import * as z from 'zod'
import type { Tell } from '#core/series/bus.ts'
import { type ContentSettings, readContent } from '#homes/content-environment.ts'
import { readEnvironment } from '#homes/environment.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { spoolTell } from '#homes/machine/content-bus.ts'
import { objects } from '#homes/machine/objects.ts'
import type { Clock, Ids } from '#ports/clock.ts'
import { TASK_SECONDS } from '#ports/tasks.ts'
import type { DraftStore } from '#ports/world.ts'

const Run = z.object({ RUN: z.string().regex(/^run_[0-9a-z]{8,32}$/) })
const Folders = z.object({ DRAFTS_FOLDER: z.string().min(1), CONTENT_SPOOL: z.string().min(1) })

/** What a program has around it: one run's papers, somebody to tell, and nothing of the school. */
export type Room = { run: string; drafts: DraftStore; tell: Tell; clock: Clock; ids: Ids; settings: ContentSettings; close(): Promise<void> }

type Around = Pick<Room, 'drafts' | 'tell' | 'settings' | 'close'>

const openFolders = async (variables: NodeJS.ProcessEnv): Promise<Around> => {
  const { DRAFTS_FOLDER: folder, CONTENT_SPOOL: spool } = readEnvironment(Folders, variables)
  const settings = readContent(variables)
  const store = await objects({ folder, url: 'http://drafts.invalid', clock: systemClock })
  return { drafts: store, tell: spoolTell(spool, systemClock), settings, close: () => store.close() }
}

const openCloud = async (given: NodeJS.ProcessEnv): Promise<Around> => {
  // A machine at home has none of AWS's packages.
  const { openCloudRoom } = await import('#homes/aws/room.ts')
  const { drafts, tell, variables } = await openCloudRoom(given, systemClock)
  return { drafts, tell, settings: readContent(variables), close: async () => {} }
}

/** A container of Fargate may run for ever, and so may what hangs in it. */
const endInTime = (): (() => void) => {
  const timer = setTimeout(() => {
    process.stderr.write(`It had not ended after ${TASK_SECONDS} seconds.\n`)
    process.exit(1)
  }, TASK_SECONDS * 1000).unref()
  return () => clearTimeout(timer)
}

/**
 * Opens it from the environment, at home as in the cloud.
 * @throws SettingsError naming what is missing
 */
export const openRoom = async (variables: NodeJS.ProcessEnv): Promise<Room> => {
  const { RUN: run } = readEnvironment(Run, variables)
  const inTime = endInTime()
  const { close, ...around } = await (variables['CONTENT_BUS'] === undefined ? openFolders(variables) : openCloud(variables))
  return {
    ...{ ...around, run, clock: systemClock, ids: randomIds(systemClock) },
    async close() {
      inTime()
      await close()
    },
  }
}
