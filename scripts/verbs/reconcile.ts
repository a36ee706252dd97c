import { setTimeout as pause } from 'node:timers/promises'
import { beginComparing } from '#core/money/compare.ts'
import { report } from '#core/money/findings.ts'
import type { World } from '#ports/world.ts'
import { withSchool } from './by-hand.ts'
import { complain, say } from './saying.ts'
import type { Verb } from './verb.ts'

/** An open school looks for what others have told it once a minute. */
const PATIENCE = { waitMs: 1000, looks: 120 }
type Patience = typeof PATIENCE
type Report = Awaited<ReturnType<typeof report>>

/** Waits until a comparison that began now is over; undefined where nobody makes it. */
const compared = async ({ tables }: World, before: string | undefined, { waitMs, looks }: Patience): Promise<Report | undefined> => {
  for (let looked = 0; looked < looks; looked += 1) {
    const now = await report(tables)
    if (!now.isRunning && now.at !== before) return now
    await pause(waitMs)
  }
  return undefined
}

/** `nobody`: no open school has taken it up. */
export const reconciled = async (world: World, patience: Patience = PATIENCE): Promise<{ says: string[]; found: string[] } | 'nobody'> => {
  const { at } = await report(world.tables)
  await beginComparing(world)
  const made = await compared(world, at, patience)
  if (!made) return 'nobody'
  const provider = made.isProviderAsked ? '' : ' The payment provider could not be asked.'
  const found = made.findings.map(({ says, learner, canRepair }) => `! ${learner.email}: ${says}${canRepair ? ' (can be put right on the page below)' : ''}`)
  return { says: [`${made.checked} orders and people were compared, ${made.unread} could not be read.${provider}`], found }
}

const told = async (world: World): Promise<number> => {
  say('Payments and access are being compared…')
  const outcome = await reconciled(world)
  if (outcome === 'nobody') {
    complain('No open school has taken it up within two minutes. It goes on when the school opens.')
    return 1
  }
  say(...outcome.says)
  if (outcome.found.length === 0) return 0
  say(...outcome.found, '', `${world.settings.url}/school/money/agreement`)
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
  run: () => withSchool(told),
}
