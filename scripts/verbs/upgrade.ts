import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { For } from '#homes/machine/backup/keys.ts'
import { checkBackupPlace, takeBackup } from '#homes/machine/backup/take.ts'
import { BackupTrouble } from '#homes/machine/backup/trouble.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { applyUpgrade, type Outcome, type Plan, tryUpgrade, UpgradeTrouble, upgradePlan } from '#homes/machine/upgrade.ts'
import { MoveTrouble } from '#homes/move/trouble.ts'
import { dataFolder } from '../setup.mjs'
import { green, red, say } from '../terminal.mjs'
import { bytesInWords, numberInWords } from './bar.ts'
import { ENCRYPTION, type Encryption, encryptionIn, encryptionOf } from './encryption.ts'
import { complain } from './saying.ts'
import type { Verb } from './verb.ts'
import { carryOut } from './wished.ts'

type Wish = { isDry: boolean; backupTo: string | undefined; encryption: Encryption | undefined }
type Backup = { data: string; to: string; encrypt: For | undefined }

const OPTIONS = { 'dry-run': { type: 'boolean' }, 'backup-to': { type: 'string' }, 'no-backup': { type: 'boolean' }, ...ENCRYPTION } as const
const MOST_NAMED = 20

/** Or in words what was asked wrongly. */
const wishOf = (args: readonly string[]): Wish | string => {
  try {
    const values = parseArgs({ args: [...args], options: OPTIONS, strict: true }).values
    const [isDry, to, isWithout] = [values['dry-run'] === true, values['backup-to'], values['no-backup'] === true]
    if (!isDry && (to === undefined) === !isWithout)
      return 'Say where the backup from before goes (--backup-to /mnt/backups/school), or that you have one (--no-backup). --dry-run only tries it.'
    const encryption = encryptionIn(values)
    if (typeof encryption === 'string') return encryption
    if (encryption && to === undefined) return 'It is the backup from before that is encrypted: say where it goes (--backup-to /mnt/backups/school).'
    return { isDry, backupTo: to === undefined ? undefined : resolve(to), encryption }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const sayPlan = ({ files, isBehind, neededBytes, freeBytes }: Plan): void => {
  say()
  if (!isBehind) say('The databases are of this version already: nothing is to be done to them.')
  for (const { file, lacks, bytes } of files)
    for (const [at, each] of lacks.entries()) say(`${(at === 0 ? `${file} (${bytesInWords(bytes)})` : '').padEnd(40)} + ${each}`)
  say(`It is tried on a copy first, which takes up to ${bytesInWords(neededBytes)}; ${bytesInWords(freeBytes)} are free.`)
}

/** Answers whether all of it could be read. */
const sayOutcome = (where: string, { read, people, waiting, unread }: Outcome): boolean => {
  if (unread.length === 0)
    say(`${green('✓')} ${where}: ${numberInWords(read)} records, ${numberInWords(people)} people and ${numberInWords(waiting)} waiting events were read.`)
  for (const { what, says } of unread.slice(0, MOST_NAMED)) say(`${red('✗')} ${where}: ${what}: ${says}`)
  if (unread.length > MOST_NAMED) say(`  … and ${numberInWords(unread.length - MOST_NAMED)} more`)
  return unread.length === 0
}

const backUp = async (backup: Backup): Promise<boolean> => {
  const { to } = backup
  const { id, damages } = await takeBackup({ ...backup, clock: systemClock, ids: randomIds(systemClock) })
  for (const { what, says } of damages) say(`${red('✗')} ${what}: ${says}`)
  say(`${damages.length === 0 ? green('✓') : red('✗')} Backed up as ${id} in ${to}.`)
  return damages.length === 0
}

const upgraded = async ({ isDry, backupTo, encryption }: Wish): Promise<number> => {
  const data = dataFolder()
  const plan = await upgradePlan(data)
  const encrypt = await encryptionOf(encryption)
  if (encrypt === 'absent') return 2
  const backup = backupTo === undefined ? undefined : { data, to: backupTo, encrypt }
  if (backup) await checkBackupPlace(backup)
  sayPlan(plan)
  if (!sayOutcome('The copy', await tryUpgrade(data))) {
    complain('The school itself was not touched. Keep the version it runs on, and report what is named above.')
    return 1
  }
  if (isDry || !plan.isBehind) {
    say(isDry ? 'Nothing of the school itself was touched.\n' : 'Open it with npm start.\n')
    return 0
  }
  if (backup && !(await backUp(backup))) {
    complain('What is named above is damaged in the school, and so it is not upgraded. Mend it first (npm run lectern -- doctor --help).')
    return 1
  }
  if (!sayOutcome('The school', await applyUpgrade(data))) {
    complain('Do not open it. Restore the backup from before: npm run lectern -- restore --help')
    return 1
  }
  say('It is of this version now. Open it with npm start.\n')
  return 0
}

const run = async (wish: Wish): Promise<number> => {
  try {
    return await upgraded(wish)
  } catch (error) {
    if (error instanceof UpgradeTrouble || error instanceof MoveTrouble || error instanceof BackupTrouble) {
      complain(error.message)
      return 1
    }
    throw error
  }
}

export const upgrade: Verb = {
  name: 'upgrade',
  says: 'shows what this version would do to the data folder, tries it on a copy, and does it',
  help: `
npm run lectern -- upgrade --dry-run
npm run lectern -- upgrade --backup-to /mnt/backups/school [--encrypt-to age1…]
npm run lectern -- upgrade --no-backup

To be asked of a new version before it opens the school. It names what would be done to the databases, does that to a copy of them, checks the copy
page by page, and reads every record, person and waiting event as the school does. --dry-run ends there: the school may be open
meanwhile, in its old version, and nothing of it is written.
Without it the school has to be closed; it is backed up and then upgraded. A folder that a later version has written is refused.
The backup is encrypted as backup does it, by --encrypt-to, --passphrase-file or --passphrase; a folder of backups stays as it was begun.

npm start does the same to the databases by itself, without the copy and the backup.
Ends with 1 where something could not be read or done; 2 where it was asked wrongly.`,
  run: (args) => carryOut(wishOf(args), run),
}
