import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { carriedOut } from '#core/privacy/erasing.ts'
import { eraseNow, erasureNamed } from '#core/privacy/wishing.ts'
import type { World } from '#ports/world.ts'
import { withSchool } from './by-hand.ts'
import { complain } from './saying.ts'
import type { Verb } from './verb.ts'

const OPTIONS = {
  yes: { type: 'boolean' },
  'keep-posts': { type: 'boolean' },
  'keep-certificates': { type: 'boolean' },
  'courses-to': { type: 'string' },
} as const

const isMeant = async (email: string): Promise<boolean> => {
  if (!process.stdin.isTTY) return false
  const asking = createInterface({ input: process.stdin, output: process.stdout })
  const typed = await asking.question(`\n  This cannot be undone. Type ${email} once more to go on: `)
  asking.close()
  return typed.trim().toLowerCase() === email.toLowerCase()
}

type Wish = { email: string; keeps: { posts: boolean; certificates: boolean }; heir: string | undefined }

const forget = async (world: World, { email, keeps, heir }: Wish): Promise<number> => {
  // One that was cut short goes on: its account may be gone already.
  const begun = await erasureNamed(world, email)
  const { id } = begun ?? (await eraseNow(world, { email, keeps, heir, by: 'operator' }))
  let walk = 0
  const { alias, removed, changed } = await carriedOut(world, id, (now) => {
    if (now.walk > walk) process.stdout.write(`  Walk ${now.walk} through everything…\n`)
    walk = now.walk
  })
  process.stdout.write(
    `\n  Erased. Items removed: ${removed}; kept under the pseudonym ${alias.id}: ${changed}.\n  Pages that named them are written anew within a minute by an open school, or when it opens.\n  Backups keep what they hold until they are thrown away; the payment provider keeps its own records of them.\n\n`,
  )
  return 0
}

export const erase: Verb = {
  name: 'erase',
  says: 'forgets a person, but for what the law makes a school keep',
  help: `
npm run lectern -- erase <email> [--yes] [--keep-posts] [--keep-certificates] [--courses-to <email>]

Removes everything the school knows of a person: account, sessions, progress, notes, work and its files, notices. Orders, receipts and the
books stay under a pseudonym; docs/generated/personal-data.md says it kind by kind. What they wrote in discussions goes, and their
certificates with it, unless they are to be kept. Courses of a teacher go to whoever is named.

Asks for the address once more; --yes does not. Cut short, it goes on when it is asked for again, or when the school opens. It works while
the school is open or closed. To give the person their data first: npm run lectern -- export <email> --to <file>.
Ends with 1 where nobody has that address, or something has to be done before.`,
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const [email] = positionals
    if (email === undefined) {
      complain('Whom? npm run lectern -- erase <email>')
      return 2
    }
    if (!values.yes && !(await isMeant(email))) {
      complain('Nothing was erased.')
      return 2
    }
    const keeps = { posts: values['keep-posts'] === true, certificates: values['keep-certificates'] === true }
    return withSchool((world) => forget(world, { email, keeps, heir: values['courses-to'] }))
  },
}
