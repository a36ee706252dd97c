import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checkBackup } from '#homes/machine/backup/check.ts'
import { type By, coverFrom } from '#homes/machine/backup/keys.ts'
import { checkMark, readManifest, snapshotPath, snapshotsIn } from '#homes/machine/backup/manifest.ts'
import { restoreBackup } from '#homes/machine/backup/restore.ts'
import { dataFolder } from '../setup.mjs'
import { green, red, say } from '../terminal.mjs'
import { byteBar, bytesInWords, numberInWords } from './bar.ts'
import { PASSPHRASE, type Passphrase, passphraseIn, readGiven, readPassphrase } from './passphrase.ts'
import type { Verb } from './verb.ts'
import { carryOut } from './wished.ts'

type Asked = {
  from: string
  snapshot?: string | undefined
  to: string
  what: 'list' | 'verify' | 'restore'
  key: { identity: string } | Passphrase | undefined
}
type Wish = Omit<Asked, 'key'> & { by: By | undefined }

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  snapshot: { type: 'string' },
  verify: { type: 'boolean' },
  list: { type: 'boolean' },
  identity: { type: 'string' },
  ...PASSPHRASE,
} as const

/** Or in words what was asked wrongly. */
const wishOf = (args: readonly string[]): Asked | string => {
  try {
    const { from, to, snapshot, verify, list, identity, ...rest } = parseArgs({ args: [...args], options: OPTIONS, strict: true }).values
    const key = identity === undefined ? passphraseIn(rest) : { identity }
    if (from === undefined) return 'Say where from: npm run lectern -- restore --from /mnt/backups/school (--list, --verify, or --to a folder)'
    if (verify && list) return '--verify reads a backup through, and --list tells which there are: say one of them.'
    return { from: resolve(from), to: to === undefined ? dataFolder() : resolve(to), snapshot, what: list ? 'list' : verify ? 'verify' : 'restore', key }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const bar = () => byteBar({ write: (text) => void process.stdout.write(text), isLive: process.stdout.isTTY === true, now: () => performance.now() })

const list = async ({ from, by }: Wish): Promise<number> => {
  const [ids, mark] = [await snapshotsIn(from), await checkMark(from)]
  const isShut = mark !== 'empty' && mark.format === 2 && by === undefined
  const cover = await coverFrom(from, by)
  say()
  for (const id of ids) {
    if (isShut) {
      say(`${id}  encrypted: --identity or --passphrase-file shows what is in it`)
      continue
    }
    const manifest = await readManifest(snapshotPath(from, id), cover)
    say(
      manifest
        ? `${id}  ${numberInWords(manifest.objects.count)} objects, ${bytesInWords(manifest.objects.bytes)}`
        : `${id}  ${red('its manifest is damaged')}`,
    )
  }
  if (ids.length === 0) say(`There is no backup in ${from}.`)
  say()
  return ids.length === 0 ? 1 : 0
}

const verify = async (wish: Wish): Promise<number> => {
  const drawn = bar()
  const { id, manifest, objects, damages } = await checkBackup(wish, drawn.tell).finally(drawn.end)
  say()
  if (damages.length === 0)
    say(
      `${green('✓')} ${id}: ${numberInWords(manifest.files.length)} files and ${numberInWords(objects.count)} objects were read, and are as they were backed up.`,
    )
  for (const { what, says } of damages) say(`${red('✗')} ${what}: ${says}`)
  say()
  return damages.length === 0 ? 0 : 1
}

const restore = async (wish: Wish): Promise<number> => {
  const drawn = bar()
  const { id, at, files, objects } = await restoreBackup({ ...wish, tell: drawn.tell }).finally(drawn.end)
  say()
  say(`${green('✓')} ${id} is in ${wish.to}: the school as it was at ${at}.`)
  say(`  ${numberInWords(files)} files and ${numberInWords(objects.count)} objects, ${bytesInWords(objects.bytes)}, each compared with its digest.`)
  say('  Open it with npm start; with another folder than ./data: LECTERN_DATA=/that/folder npm start')
  say()
  return 0
}

const DEEDS = { list, verify, restore }

/** Undefined where a key was named and could not be read, which has been said then. */
const keyed = async ({ key, ...asked }: Asked): Promise<Wish | undefined> => {
  if (key === undefined) return { ...asked, by: undefined }
  if (typeof key === 'object' && 'identity' in key) {
    const identities = await readGiven(key.identity)
    return identities === undefined ? undefined : { ...asked, by: { identities } }
  }
  const passphrase = await readPassphrase(key, 'once')
  return passphrase === undefined ? undefined : { ...asked, by: { passphrase } }
}

const run = async (asked: Asked): Promise<number> => {
  const wish = await keyed(asked)
  return wish ? DEEDS[wish.what](wish) : 2
}

export const restoring: Verb = {
  name: 'restore',
  says: 'makes a school of a backup, or reads a backup through and names what is damaged',
  help: `
npm run lectern -- restore --from /mnt/backups/school --list
npm run lectern -- restore --from /mnt/backups/school --verify
npm run lectern -- restore --from /mnt/backups/school [--snapshot <id>] [--to /some/folder]

Restores the newest backup, or the one of --snapshot, into the data folder (LECTERN_DATA), or into --to. That folder has to be empty, or not there:
nothing is ever written over. The school is in it when everything has been compared with its digest, and no school opens there before.
Run it as the user that the school runs as: docs/operations/backup.md says how, with systemd and with compose.
Backups that are encrypted need --identity FILE, the secret key as age-keygen writes it, or --passphrase-file FILE, or --passphrase, which asks.
--verify writes nothing there: it reads all there is, and names each file, object and part that is not as it was backed up.

Ends with 1 where something is damaged, and 2 where it was asked wrongly.`,
  run: (args) => carryOut(wishOf(args), run),
}
