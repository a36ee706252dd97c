import { ALWAYS_WRITTEN, type MailChoice, NoticeKind, type Preference, TEACHERS_KINDS } from '#contract/notifications.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { choiceRecords, letterTokenRecords } from './records.ts'

type Place = Pick<World, 'tables' | 'ids'>
type Choices = Stored<{ person: string; token: string; mail: Record<string, MailChoice> }>

const MOST_TRIES = 5

/** What a person has chosen, with the token of their letters; made when it is first needed. */
export const choicesOf = async ({ tables, ids }: Place, person: string): Promise<Choices> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const found = await choiceRecords.get(tables, { person })
    if (found) return found
    const token = ids.secret(24)
    await tables.commit([choiceRecords.add({ person, token, mail: {} }), letterTokenRecords.add({ token, person })])
  }
  throw new Error('Somebody’s choices could neither be made nor found.')
}

const usual = (kind: NoticeKind): MailChoice => (kind === 'review' ? 'daily' : 'at-once')

export const chosen = (mail: Record<string, MailChoice>, kind: NoticeKind): MailChoice =>
  ALWAYS_WRITTEN.includes(kind) ? 'at-once' : (mail[kind] ?? usual(kind))

/** What there is to choose for somebody: kinds that are always written are not. */
export const preferencesIn = (mail: Record<string, MailChoice>, isTeacher: boolean): Preference[] =>
  NoticeKind.options
    .filter((kind) => !ALWAYS_WRITTEN.includes(kind) && (isTeacher || !TEACHERS_KINDS.includes(kind)))
    .map((kind) => ({ kind, mail: chosen(mail, kind) }))

/** Writes a choice down and answers all of them, and what it was before. */
export const choose = async (world: Place, person: string, { kind, mail }: Preference): Promise<{ mail: Record<string, MailChoice>; before: MailChoice }> => {
  if (ALWAYS_WRITTEN.includes(kind)) throw new Refusal('not-allowed', 'Letters about your account and your own standing are always sent.')
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const before = await choicesOf(world, person)
    const after = { ...before.value, mail: { ...before.value.mail, [kind]: mail } }
    if ((await world.tables.commit([choiceRecords.replace(before, after)])) === 'done') return { mail: after.mail, before: chosen(before.value.mail, kind) }
  }
  throw new Refusal('conflict', 'Your choices are being changed elsewhere at this moment. Try again.')
}

/** Nothing that came once a day comes any more. */
export const stopDaily = async (world: Place, person: string): Promise<void> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const before = await choicesOf(world, person)
    const stopped = NoticeKind.options.filter((kind) => chosen(before.value.mail, kind) === 'daily').map((kind) => [kind, 'never'] as const)
    const after = { ...before.value, mail: { ...before.value.mail, ...Object.fromEntries(stopped) } }
    if ((await world.tables.commit([choiceRecords.replace(before, after)])) === 'done') return
  }
  throw new Refusal('conflict', 'Your choices are being changed elsewhere at this moment. Try again.')
}

/** Whose letters a link in one is of: whoever holds it may stop and start them, and nothing else. */
export const personOfToken = async ({ tables }: Pick<World, 'tables'>, token: string): Promise<string> => {
  const found = await letterTokenRecords.get(tables, { token })
  if (!found) throw missing('letter')
  return found.value.person
}
