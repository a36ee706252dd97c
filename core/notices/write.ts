import * as z from 'zod/mini'
import type { LetterKind } from '#contract/desks.ts'
import type { NoticeKind } from '#contract/notifications.ts'
import { choicesOf, chosen } from '#core/notifications/choices.ts'
import { addToDigest } from '#core/notifications/digest-line.ts'
import { languageOf } from '#core/notifications/language.ts'
import { stoppingOf } from '#core/notifications/stopping.ts'
import { records } from '#core/records.ts'
import { schoolName } from '#core/storefront/brand.ts'
import type { World } from '#ports/world.ts'
import { letter } from './letter.ts'
import type { Words } from './words/en.ts'
import { type Formats, formatsIn } from './words/formats.ts'
import { WORDS } from './words/words.ts'

/** That a letter has been handed over; what keeps an event that is delivered again from writing again. */
const sentRecords = records({
  schema: z.object({ id: z.string(), at: z.string() }),
  key: ({ id }: { id: string }) => ({ pk: `letter#${id}`, sk: 'sent' }),
  people: { what: 'goes', says: 'That a letter was written to you' },
})

export type Content = Omit<Parameters<typeof letter>[0], 'id' | 'kind' | 'school' | 'to'>

/**
 * What a letter says: made in its reader’s language, undefined where there is nothing to say any more; or given as it is, in English, as the desks
 * are that it leads to.
 */
export type Saying = Content | ((words: Words, formats: Formats) => Content | undefined)

/** What is to be written, under which id, and what it is about. `event`: see `Letter.event`. */
type About = { id: string; kind: LetterKind; content: Saying; event?: string | undefined }

const said = async (world: World, content: Saying, reader: string | undefined): Promise<Content | undefined> => {
  if (typeof content !== 'function') return content
  const language = reader === undefined ? 'en' : await languageOf(world, reader)
  const worded = content(WORDS[language], formatsIn(language))
  return worded && { ...worded, language }
}

/**
 * Writes to an address, once for each id, in the language of the person `reader`; in English without one. The mark is set after the post has
 * taken the letter: a crash between the two sends it again under the same Message-ID, which is better than a letter that never comes.
 */
export const writeTo = async (world: World, { id, kind, to, reader, content, event }: About & { to: string; reader?: string }): Promise<void> => {
  const { tables, clock, mail } = world
  if (await sentRecords.get(tables, { id })) return
  const worded = await said(world, content, reader)
  if (!worded) return
  await mail.send({ ...letter({ id, kind, to, school: await schoolName(world), ...worded }), ...(event !== undefined && { event }) })
  await tables.commit([sentRecords.put({ id, at: clock.now().toISOString() })])
}

/** Writes to a person, once for each id; not to one whose account is closed. */
export const write = async (world: World, { person, ...about }: About & { person: string }): Promise<void> => {
  const to = await world.identity.find(person)
  if (to && !to.isDisabled) await writeTo(world, { ...about, to: to.email, reader: person })
}

type Optional = { id: string; person: string; kind: NoticeKind; content: Saying; names?: string[] | undefined; event?: string | undefined }

/** The same for a letter of a kind that one may choose about: at once, as a line of the daily letter, or not at all. */
export const writeIfWanted = async (world: World, { id, person, kind, content, names, event }: Optional): Promise<void> => {
  const { token, mail } = (await choicesOf(world, person)).value
  const wanted = chosen(mail, kind)
  const worded = await said(world, content, person)
  if (!worded) return
  if (wanted === 'at-once')
    await write(world, {
      id,
      kind: kind === 'video' || kind === 'series' ? kind : 'notice',
      person,
      event,
      content: { ...worded, stopping: stoppingOf(world.settings, token, kind) },
    })
  else if (wanted === 'daily') await addToDigest(world, { person, id, names, subject: worded.subject, url: worded.action?.url ?? world.settings.url })
}
