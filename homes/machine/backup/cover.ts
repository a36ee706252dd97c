import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { BackupTrouble } from './trouble.ts'

/** Bytes on their way from one file to another, a piece at a time. */
export type Through = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>

/** How the files of a backup are kept: as they are, or encrypted as age does it (age-encryption.org/v1). `suffix` ends their names. */
export type Cover = { suffix: '' | '.age'; put: Through; take: Through }

const asIs: Through = (source) => source
export const UNCOVERED: Cover = { suffix: '', put: asIs, take: asIs }

/** What was encrypted for somebody else, or has changed since. */
export class Sealed extends Error {
  readonly why: 'other-key' | 'damaged'
  constructor(why: 'other-key' | 'damaged', cause: unknown) {
    super(why === 'other-key' ? 'It is encrypted for another key.' : 'Its bytes are not those that were encrypted.', { cause })
    this.why = why
  }
}

const OTHER_KEY = 'no identity matched'

const named = (cause: unknown): Sealed => new Sealed(cause instanceof Error && cause.message.startsWith(OTHER_KEY) ? 'other-key' : 'damaged', cause)

/** Read where it can be: what the disk itself has to say is no fault of the encryption's. */
const reading = async function* (source: AsyncIterable<Uint8Array>, heard: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* source
  } catch (error) {
    heard(error)
    throw error
  }
}

const encryptingFor = (recipients: readonly string[]): Through => {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return async function* (source) {
    yield* await encrypter.encrypt(ReadableStream.from(source))
  }
}

const decryptingBy = (decrypter: Decrypter): Through =>
  async function* (source) {
    let ofTheDisk: unknown
    const heard = (error: unknown): void => {
      ofTheDisk = error
    }
    try {
      yield* await decrypter.decrypt(ReadableStream.from(reading(source, heard)))
    } catch (error) {
      throw ofTheDisk ?? named(error)
    }
  }

const shut: Through = () => {
  throw new BackupTrouble('These backups are encrypted. Say by which key: --identity FILE, or --passphrase-file FILE.')
}

/** Encrypted for whoever has the key of one of these; nobody here can read it again. */
export const coverFor = (recipients: readonly string[]): Cover => ({ suffix: '.age', put: encryptingFor(recipients), take: shut })

/** What is encrypted, read by secret keys. */
export const coverBy = (identities: readonly string[]): Cover => {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  const put: Through = () => {
    throw new Error('Nothing is written by who reads.')
  }
  return { suffix: '.age', put, take: decryptingBy(decrypter) }
}

export const NO_KEY: Cover = { suffix: '.age', put: shut, take: shut }

/** @throws BackupTrouble where one is no public key of age's */
export const checkedRecipients = (recipients: readonly string[]): string[] => {
  for (const recipient of recipients) {
    try {
      new Encrypter().addRecipient(recipient)
    } catch (cause) {
      throw new BackupTrouble(`“${recipient}” is no public key of age’s, which begins with age1: age-keygen makes a pair.`, { cause })
    }
  }
  return recipients.toSorted()
}

/** The secret keys of a file as age-keygen writes it. @throws BackupTrouble that quotes nothing of it */
export const identitiesIn = (text: string): string[] => {
  const found = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const decrypter = new Decrypter()
  try {
    for (const identity of found) decrypter.addIdentity(identity)
  } catch {
    throw new BackupTrouble('The file of --identity holds something that is no secret key of age’s.')
  }
  if (found.length === 0) throw new BackupTrouble('The file of --identity holds no secret key.')
  return found
}

/** A new pair of keys; the secret one is encrypted by a passphrase, as `age -p` does it. */
export const pairBehind = async (passphrase: string, workFactor?: number): Promise<{ recipient: string; locked: Uint8Array }> => {
  const identity = await generateX25519Identity()
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  if (workFactor !== undefined) encrypter.setScryptWorkFactor(workFactor)
  return { recipient: await identityToRecipient(identity), locked: await encrypter.encrypt(`${identity}\n`) }
}

/** The secret key behind a passphrase, and its public one. @throws BackupTrouble where it is another passphrase */
export const unlocked = async (locked: Uint8Array, passphrase: string): Promise<{ identity: string; recipient: string }> => {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    const identity = (await decrypter.decrypt(locked, 'text')).trim()
    return { identity, recipient: await identityToRecipient(identity) }
  } catch (cause) {
    throw new BackupTrouble('That is not the passphrase of these backups.', { cause })
  }
}
