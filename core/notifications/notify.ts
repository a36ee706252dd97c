import type { NoticeKind } from '#contract/notifications.ts'
import { event } from '#core/events.ts'
import type { Writing } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { notificationRecords } from './records.ts'

const MOST_SUBJECT = 200
const MOST_TEXT = 600

export type Notice = {
  person: string
  kind: NoticeKind
  /** The same happening has the same id for the same person, however often it is told: `thr_….3.reply`. */
  id: string
  /** In words, as it stands in the list and as the letter’s subject. */
  subject: string
  /** A few words more: the beginning of what was written, a reason. */
  text?: string | undefined
  /** Where it leads: a path of the school’s pages, `/learn/…`. */
  path: string
  /** The ids of those whom the words call by name. */
  names?: readonly string[] | undefined
}

const short = (text: string, most: number): string => {
  const signs = [...text]
  return signs.length > most ? `${signs.slice(0, most - 1).join('')}…` : text
}

type Place = Pick<World, 'clock' | 'ids'>

/**
 * What tells somebody of something, for a commit of your own: a row of the notification centre, and the event that writes to them as they have
 * chosen. The commit fails where they have been told already; where that may be, use `notify`.
 */
export const telling = (world: Place, { person, kind, id, subject, text, path, names }: Notice): Writing => {
  if (!/^\/(?![/\\])/.test(path)) throw new Error(`A notification leads to ${path}, which is no path of the school.`)
  const told = {
    person,
    id,
    kind,
    subject: short(subject, MOST_SUBJECT),
    ...(text && { text: short(text, MOST_TEXT) }),
    path,
    ...(names && { names: [...names] }),
  }
  return {
    changes: [notificationRecords.add({ ...told, at: world.clock.now().toISOString() })],
    events: [event(world, 'notification.made', { person, notification: id })],
  }
}

/** Tells somebody of something, once for each id, in a commit of its own: for listeners and timers. */
export const notify = async (world: Place & Pick<World, 'tables'>, notice: Notice): Promise<'told' | 'already'> => {
  const { changes, events } = telling(world, notice)
  return (await world.tables.commit(changes, events)) === 'done' ? 'told' : 'already'
}
