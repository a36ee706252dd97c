import type { Timer } from '#core/handlers.ts'
import { writeTo } from '#core/notices/write.ts'
import { chunks } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { choicesOf } from './choices.ts'
import { nextDigest } from './digest-line.ts'
import { DIGESTS_DUE, digestLineRecords, digestRecords } from './records.ts'
import { stoppingOf } from './stopping.ts'

const A_RUN = 200
const MOST_LINES = 200
const LINES_SHOWN = 40
const REMOVED_AT_ONCE = 90

type Due = { person: string; dueAt: string }

const send = async (world: World, { person, dueAt }: Due, lines: readonly { subject: string; url: string }[]): Promise<void> => {
  const to = await world.identity.find(person)
  if (!to || to.isDisabled) return
  const { settings } = world
  const { token } = (await choicesOf(world, person)).value
  const more = lines.length - LINES_SHOWN
  await writeTo(world, {
    id: `digest.${person}.${dueAt}`,
    kind: 'daily',
    to: to.email,
    reader: person,
    content: ({ digest }) => ({
      subject: lines.length === 1 ? digest.one(lines[0]?.subject ?? '') : digest.many(lines.length),
      paragraphs: [digest.lead],
      links: lines.slice(0, LINES_SHOWN).map(({ subject, url }) => ({ label: subject, url })),
      ...(more > 0 && { after: [digest.more(more)] }),
      action: { label: digest.open, url: `${settings.url}/notifications` },
      stopping: stoppingOf(settings, token),
    }),
  })
}

/** One person’s letter. What came after it was due waits for the next, so that the same letter is made however often this runs. */
const deliver = async (world: World, person: string): Promise<void> => {
  const { tables, clock } = world
  const due = await digestRecords.get(tables, { person })
  const now = clock.now().toISOString()
  if (!due || due.value.dueAt > now) return
  const { items } = await digestLineRecords.list(tables, `digest#${person}`, { limit: MOST_LINES })
  const lines = items.filter(({ at }) => at <= due.value.dueAt)
  if (items.length === 0) {
    await tables.commit([digestRecords.remove({ person }, due)])
    return
  }
  if (lines.length > 0) await send(world, due.value, lines)
  for (const some of chunks(lines, REMOVED_AT_ONCE)) await tables.commit(some.map((line) => digestLineRecords.remove(line)))
  await tables.commit([digestRecords.put({ person, dueAt: nextDigest(now) })])
}

/** Sends the daily letters that are due; one that cannot be sent waits for the next run and keeps no other. */
export const digests: Timer = {
  name: 'notifications.digests',
  everySeconds: 900,
  run: async (world) => {
    const { items } = await digestRecords.listIndex(world.tables, DIGESTS_DUE, { limit: A_RUN })
    const now = world.clock.now().toISOString()
    for (const { person, dueAt } of items) {
      if (dueAt > now) return
      try {
        await deliver(world, person)
      } catch (error) {
        world.log.error('a daily letter could not be sent', error, { person })
      }
    }
  },
}
