import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../error-code.ts'
import { type Cover, checkedRecipients, coverBy, coverFor, identitiesIn, NO_KEY, pairBehind, UNCOVERED, unlocked } from './cover.ts'
import { checkMark, type Mark, markOf, writeMark } from './manifest.ts'
import { BackupTrouble } from './trouble.ts'

/** For whom backups are encrypted: whoever has the key of one of these, or whoever knows a passphrase. `workFactor` is less in tests. */
export type For = { recipients: readonly string[] } | { passphrase: string; workFactor?: number }
/** By what they are read: the text of a file of secret keys, or the passphrase. */
export type By = { identities: string } | { passphrase: string }

/** The secret key of a folder whose backups open by a passphrase, encrypted by it; `age -d -i` takes it as it is. */
const lockedPath = (backups: string): string => join(backups, 'identity.age')

const OTHERWISE = 'Name another folder for these, or take what it was begun with.'

const readLocked = (backups: string): Promise<Uint8Array> =>
  readFile(lockedPath(backups)).catch((cause: unknown) => {
    if (hasCode(cause, 'ENOENT')) throw new BackupTrouble('These backups do not open by a passphrase. Say by which key: --identity FILE.', { cause })
    throw cause
  })

const begun = async (backups: string, wish: For | undefined): Promise<Mark> => {
  if (!wish) return markOf(undefined)
  if ('recipients' in wish) return markOf(checkedRecipients(wish.recipients))
  const { recipient, locked } = await pairBehind(wish.passphrase, wish.workFactor)
  // Never over another's: what was encrypted for that could not be opened any more.
  await writeFile(lockedPath(backups), locked, { mode: 0o600, flush: true, flag: 'wx' }).catch((cause: unknown) => {
    if (hasCode(cause, 'EEXIST'))
      throw new BackupTrouble('Another backup begins this folder at this moment, or was killed while it did. See that none is under way, and empty it.', {
        cause,
      })
    throw cause
  })
  return markOf([recipient])
}

const recipientsOf = async (backups: string, wish: For | undefined): Promise<string[] | undefined> => {
  if (!wish) return undefined
  if ('recipients' in wish) return checkedRecipients(wish.recipients)
  return [(await unlocked(await readLocked(backups), wish.passphrase)).recipient]
}

/** @throws BackupTrouble where it was begun otherwise */
const goneOnWith = async (backups: string, there: Mark, wish: For | undefined): Promise<Cover> => {
  if (there.format === 1) {
    if (wish) throw new BackupTrouble(`${backups} holds backups that are not encrypted. ${OTHERWISE}`)
    return UNCOVERED
  }
  const recipients = await recipientsOf(backups, wish)
  if (!recipients) throw new BackupTrouble(`${backups} holds encrypted backups: say again for whom (--encrypt-to, or --passphrase-file).`)
  if (recipients.join() !== there.recipients.join())
    throw new BackupTrouble(`The backups in ${backups} are encrypted for ${there.recipients.join(', ')}. ${OTHERWISE}`)
  return coverFor(recipients)
}

/**
 * Begins a folder of backups, or goes on with it in the way it was begun: all of them are read by one key, for bytes are shared.
 * @throws BackupTrouble where it was begun otherwise
 */
export const coverOf = async (backups: string, wish: For | undefined): Promise<Cover> => {
  const there = await checkMark(backups)
  if (there !== 'empty') return goneOnWith(backups, there, wish)
  const mark = await begun(backups, wish)
  await writeMark(backups, mark)
  return mark.format === 1 ? UNCOVERED : coverFor(mark.recipients)
}

/**
 * Whether a folder could be begun or gone on with so. Nothing is written.
 * @throws BackupTrouble where it could not
 */
export const checkCover = async (backups: string, wish: For | undefined): Promise<void> => {
  const there = await checkMark(backups)
  if (there !== 'empty') await goneOnWith(backups, there, wish)
  else if (wish && 'recipients' in wish) checkedRecipients(wish.recipients)
}

/** How the backups of a folder are read; without a key only what everybody may know of an encrypted one. */
export const coverFrom = async (backups: string, by: By | undefined): Promise<Cover> => {
  const there = await checkMark(backups)
  if (there === 'empty' || there.format === 1) return UNCOVERED
  if (!by) return NO_KEY
  if ('identities' in by) return coverBy(identitiesIn(by.identities))
  return coverBy([(await unlocked(await readLocked(backups), by.passphrase)).identity])
}
