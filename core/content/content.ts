import type { ContentState, content as contract } from '#contract/content.ts'
import { hearing } from '#core/events.ts'
import type { Feature } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import { RepositoryFailed } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import { AppliedElsewhere } from './ground.ts'
import { lookIntoPull } from './pulls.ts'
import { contentRecords } from './records.ts'
import { release } from './release.ts'
import { reports } from './report.ts'
import { sweepGone, sweepTexts } from './sweep.ts'
import { look } from './sync.ts'

const LOOK_SECONDS = 600
const DAY_SECONDS = 24 * 3600

const state = async ({ tables, repository, settings }: World): Promise<ContentState> => {
  if (!repository) return {}
  const { name, url, branch, folder } = repository
  const stored = (await contentRecords.get(tables, { name }))?.value
  return {
    repository: { name, url, branch, folder, isStandIn: settings.content.isStandIn },
    ...(stored?.applied && { applied: stored.applied }),
    ...(stored?.refused && { refused: stored.refused }),
    ...(stored?.lookedAt !== undefined && { lookedAt: stored.lookedAt }),
    ...(stored?.fault && { fault: stored.fault.says }),
  }
}

/** What the state tells already: the repository cannot be read, or somebody else is reading it. */
const isTold = (error: unknown): boolean => error instanceof RepositoryFailed || error instanceof AppliedElsewhere

const lookIfPossible = async (world: World, anyway?: string): Promise<void> => {
  try {
    await look(world, { anyway })
  } catch (error) {
    if (!isTold(error)) throw error
  }
}

/** Tried again soon where that may help: the clock comes round every ten minutes only. */
const soon = async (act: () => Promise<void>): Promise<void> => {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof RepositoryFailed) || error.reason === 'unreachable') throw error
  }
}

/** How long the repository may be out of reach before somebody is told. */
const FAULT_HOURS = 1

const alertFault = async ({ tables, repository, clock, alerts }: World): Promise<void> => {
  const fault = repository && (await contentRecords.get(tables, { name: repository.name }))?.value.fault
  if (!fault || clock.now().getTime() - Date.parse(fault.since) < FAULT_HOURS * 3_600_000) return
  const text = `${fault.says}\n\nThe school goes on showing what it has. ${repository.name} could be read last before ${fault.since}.`
  await alerts.tell({ kind: 'content', id: `content-fault.${fault.since}`, subject: 'The repository of your courses cannot be read', text })
}

export const content: Feature<typeof contract> = {
  handlers: {
    state,
    look: async (world, _actor, { anyway }) => {
      if (!world.repository) throw new Refusal('not-set-up', 'This school keeps no courses in Git.')
      await lookIfPossible(world, anyway)
      return state(world)
    },
    release,
  },
  hearings: [
    // One after the other: two would only get in each other's way.
    { ...hearing('content.look', 'repository.changed', (world) => soon(() => look(world))), atOnce: 1 },
    {
      ...hearing('content.look-into-pull', 'repository.changed', async (world, { pull }) => {
        if (pull !== undefined) await soon(() => lookIntoPull(world, pull))
      }),
      atOnce: 1,
    },
    ...reports,
  ],
  timers: [
    {
      name: 'content.look',
      everySeconds: LOOK_SECONDS,
      run: async (world) => {
        await lookIfPossible(world)
        await alertFault(world)
      },
    },
    {
      name: 'content.sweep',
      everySeconds: DAY_SECONDS,
      run: async (world) => {
        await sweepGone(world)
        await sweepTexts(world)
      },
    },
  ],
}
