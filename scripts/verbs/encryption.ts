import type { For } from '#homes/machine/backup/keys.ts'
import { PASSPHRASE, type Passphrase, passphraseIn, readPassphrase } from './passphrase.ts'

/** For whom what is written is encrypted, as every verb that takes a backup is told it. */
export const ENCRYPTION = { 'encrypt-to': { type: 'string', multiple: true }, ...PASSPHRASE } as const

export type Encryption = { recipients: string[] } | { passphrase: Passphrase }

type Values = { 'encrypt-to'?: string[] | undefined } & Parameters<typeof passphraseIn>[0]

/** Undefined where nobody asked for it; in words what was asked wrongly. */
export const encryptionIn = (values: Values): Encryption | string | undefined => {
  const [recipients, passphrase] = [values['encrypt-to'] ?? [], passphraseIn(values)]
  if (recipients.length > 0 && passphrase) return 'Encrypted for a key or by a passphrase: say one of them.'
  if (recipients.length > 0) return { recipients }
  return passphrase && { passphrase }
}

/** Undefined where nobody asked for it; `absent` where a passphrase was to be had and was not, which has been said then. */
export const encryptionOf = async (wish: Encryption | undefined): Promise<For | undefined | 'absent'> => {
  if (!wish || 'recipients' in wish) return wish
  const passphrase = await readPassphrase(wish.passphrase, 'twice')
  return passphrase === undefined ? 'absent' : { passphrase }
}
