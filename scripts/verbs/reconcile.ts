import { setTimeout as pause } from 'node:timers/promises'
import { beginComparing } from '#core/money/compare.ts'
import { report } from '#core/money/findings.ts'
import type { World } from '#ports/world.ts'
import { withSchool } from './by-hand.ts'
import { complain, say } from './saying.ts'
import type { Verb } from './verb.ts'

/** An open school looks for what others have told it once a minute. */
const PATIENCE_MS = 120_000
const LOOK_EVERY_MS = 1000

/** Waits until a comparison that began now is over; undefined where nobody makes it. */
const compared = async ({ tables }: World, before: string | undefined): Promise<Awaited<ReturnType<typeof report>> | undefined> => {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const now = await report(tables)
    if (!now.isRunning && now.at !== before) return now
    await pause(LOOK_EVERY_MS)
  }
  return undefined
}

const reconciled = async (world: World): Promise<number> => {
  const { at } = await report(world.tables)
  await beginComparing(world)
  say('Payments and access are being compared…')
  const made = await compared(world, at)
  if (!made) {
    complain('No open school has taken it up within two minutes. It goes on when the school opens.')
    return 1
  }
  const provider = made.isProviderAsked ? '' : ' The payment provider could not be asked.'
  const found = made.findings.map(({ says, learner, canRepair }) => `! ${learner.email}: ${says}${canRepair ? ' (can be put right on the page below)' : ''}`)
  say(`${made.checked} orders and people were compared, ${made.unread} could not be read.${provider}`)
  if (found.length === 0) return 0
  say(...found, '', `${world.settings.url}/school/money/agreement`)
  return 1
}

export const reconcile: Verb = {
  name: 'reconcile',
  says: 'has payments and access compared now, and says what does not agree',
  help: `
npm run lectern -- reconcile

An open school compares payments and access once a day, in both directions, and asks the payment provider about what is doubtful. This has it do
so now, waits for it, and prints what does not agree. What was paid and not heard of is settled by itself every five minutes; what is
found here is put right by an admin, one click each.
Ends with 1 where something does not agree, or no school is open.`,
  run: () => withSchool(reconciled),
}
