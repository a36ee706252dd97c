import { BUS_NEWS, BUS_STARTS, CONTENT_SOURCE } from '#core/series/bus.ts'
import { DRAFT_DAYS, runPrefix } from '#core/series/papers.ts'
import type { TaskName } from '#ports/tasks.ts'
import { CONTENT } from '../content-environment.ts'
import { isOf } from '../content-programs.ts'

/** What the infrastructure has to know of whoever writes and proposes. Nothing here reads the environment or opens anything. */

export type Program = TaskName

/** Names that a template may set. */
export const contentNames: readonly string[] = Object.keys(CONTENT)

/** Which of them a program is told. */
export const isToldTo = (program: Program, name: string): boolean => isOf(program, name)

/** What the bus carries, and which of it begins whom. */
export const contentBus = { source: CONTENT_SOURCE, news: Object.keys(BUS_NEWS), starts: BUS_STARTS } as const

/** The school removes papers itself by then; what it has not, goes a little later. */
export const PAPERS_KEPT_DAYS = DRAFT_DAYS + 2

/** The one paper that its writer takes back. */
export const notesOfAsking = `${runPrefix('*')}asked.json`
