import type { LetterLanguage } from '#contract/notifications.ts'
import type { Words } from '#core/notices/words/en.ts'
import { WORDS } from '#core/notices/words/words.ts'
import type { World } from '#ports/world.ts'
import { languageRecords } from './records.ts'

type Place = Pick<World, 'tables'>

/** What the pages spoke when this person signed in or chose last; English where nobody has told. */
export const languageOf = async ({ tables }: Place, person: string): Promise<LetterLanguage> =>
  (await languageRecords.get(tables, { person }))?.value.language ?? 'en'

export const wordsFor = async (place: Place, person: string): Promise<Words> => WORDS[await languageOf(place, person)]

/** Writes down in which language somebody is to be written to. */
export const setLanguage = async ({ tables }: Place, person: string, language: LetterLanguage): Promise<void> => {
  if ((await languageRecords.get(tables, { person }))?.value.language !== language) await tables.commit([languageRecords.put({ person, language })])
}
