import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { pruneBackups } from '#homes/machine/backup/prune.ts'
import { type Taken, takeBackup } from '#homes/machine/backup/take.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { dataFolder } from '../setup.mjs'
import { duration, green, red, say } from '../terminal.mjs'
import { byteBar, bytesInWords, numberInWords } from './bar.ts'
import { ENCRYPTION, type Encryption, encryptionIn, encryptionOf } from './encryption.ts'
import type { Verb } from './verb.ts'
import { carryOut } from './wished.ts'

type Wish = { to: string; keep: number | undefined; encryption: Encryption | undefined }

const OPTIONS = { to: { type: 'string' }, keep: { type: 'string' }, ...ENCRYPTION } as const

/** Or in words what was asked wrongly. */
const wishOf = (args: readonly string[]): Wish | string => {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true })
    if (values.to === undefined) return 'Say where to: npm run lectern -- backup --to /mnt/backups/school'
    const keep = values.keep === undefined ? undefined : Number(values.keep)
    if (keep !== undefined && !(Number.isInteger(keep) && keep >= 1)) return `--keep is how many are to be kept, from 1 on, not “${values.keep}”.`
    const encryption = encryptionIn(values)
    return typeof encryption === 'string' ? encryption : { to: resolve(values.to), keep, encryption }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const sayTaken = ({ id, objects, copied, damages }: Taken, to: string, milliseconds: number): void => {
  const isNew = copied.count > 0 ? `${bytesInWords(copied.bytes)} of them new` : 'nothing new'
  say(`${green('✓')} ${id}`)
  say(`  ${numberInWords(objects.count)} objects, ${bytesInWords(objects.bytes)}, ${isNew}; ${duration(milliseconds)}`)
  say(`  in ${to}`)
  for (const { what, says } of damages) say(`${red('✗')} ${what}: ${says}`)
  if (damages.length > 0)
    say(`  What is named above is damaged in the school itself. An older backup may have it: npm run lectern -- restore --from ${to} --list`)
  say()
}

const run = async ({ to, keep, encryption }: Wish): Promise<number> => {
  const encrypt = await encryptionOf(encryption)
  if (encrypt === 'absent') return 2
  const bar = byteBar({ write: (text) => void process.stdout.write(text), isLive: process.stdout.isTTY === true, now: () => performance.now() })
  const began = performance.now()
  say()
  const taken = await takeBackup({
    ...{ data: dataFolder(), to, clock: systemClock, ids: randomIds(systemClock), encrypt },
    tell: ({ phase, done, total }) => void (phase === 'copying' && bar.tell(done, total)),
  }).finally(bar.end)
  sayTaken(taken, to, performance.now() - began)
  if (taken.damages.length > 0) {
    if (keep !== undefined) say('  No older backup was removed: one of them may have what is damaged now.\n')
    return 1
  }
  const gone = keep === undefined ? 0 : await pruneBackups(to, keep)
  if (gone > 0) say(`  ${numberInWords(gone)} older removed; the newest ${keep} are kept.\n`)
  return 0
}

export const backup: Verb = {
  name: 'backup',
  says: 'copies the whole school to another folder while it is open',
  help: `
npm run lectern -- backup --to /mnt/backups/school
npm run lectern -- backup --to /mnt/backups/school --keep 14
npm run lectern -- backup --to /mnt/elsewhere/school --encrypt-to age1…
npm run lectern -- backup --to /mnt/elsewhere/school --passphrase-file /etc/lectern/backup-passphrase

Databases are copied as they stand at one moment, and with them the bytes of every object they name. The school stays open. Bytes that an
earlier backup in the same folder has are not copied again, so that a daily backup costs what is new.
--encrypt-to encrypts all of it, as age does, for whoever has the secret key (age-keygen makes a pair; several recipients may be named);
--passphrase-file, or --passphrase, which asks twice, by a passphrase. A folder stays as it was begun: encrypted, and for whom, or not.
--keep removes all but the newest so many, and what only they had; nothing while something is damaged in the school.

Ends with 1 where something could not be copied or is damaged in the school; the rest is backed up all the same.
docs/operations/backup.md says what is in it and how to restore it.`,
  run: (args) => carryOut(wishOf(args), run),
}
