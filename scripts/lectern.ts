import { NewerFolder, OlderFolder } from '#homes/machine/migrate.ts'
import { backup } from './verbs/backup.ts'
import { content } from './verbs/content.ts'
import { deadLetters } from './verbs/dead-letters.ts'
import { doctor } from './verbs/doctor.ts'
import { erase } from './verbs/erase.ts'
import { exporting } from './verbs/export.ts'
import { keys } from './verbs/keys.ts'
import { move } from './verbs/move.ts'
import { reconcile } from './verbs/reconcile.ts'
import { restoring } from './verbs/restore.ts'
import { role } from './verbs/role.ts'
import { complain } from './verbs/saying.ts'
import { secondStep } from './verbs/second-step.ts'
import { token } from './verbs/token.ts'
import { upgrade } from './verbs/upgrade.ts'
import type { Verb } from './verbs/verb.ts'

/** What an operator can say to a school on this machine. A new verb is one file in `verbs/` and one word here. */
const VERBS: readonly Verb[] = [backup, content, deadLetters, doctor, erase, exporting, keys, move, reconcile, restoring, role, secondStep, token, upgrade]

const overview = (): string =>
  [
    '',
    '  npm run lectern -- <verb>',
    '',
    ...VERBS.map(({ name, says }) => `  ${name.padEnd(14)} ${says}`),
    '',
    '  Each explains itself with --help.',
    '',
    '',
  ].join('\n')

/** What no verb can do anything about is said here. */
const obeyed = async ({ run }: Verb, args: readonly string[]): Promise<number> => {
  try {
    return await run(args)
  } catch (error) {
    if (!(error instanceof NewerFolder || error instanceof OlderFolder)) throw error
    complain(error.message)
    return 1
  }
}

const [name, ...args] = process.argv.slice(2)
const verb = VERBS.find((each) => each.name === name)

if (name === undefined || name === '--help' || name === 'help') process.stdout.write(overview())
else if (!verb) {
  process.stderr.write(`\n  There is no verb "${name}".\n${overview()}`)
  process.exitCode = 2
} else if (args.includes('--help')) process.stdout.write(`\n${verb.help.trim().replace(/^/gm, '  ')}\n\n`)
else process.exitCode = await obeyed(verb, args)
