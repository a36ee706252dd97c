import { parseArgs } from 'node:util'
import { SettingsError } from '#homes/environment.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { type Checkpoint, checkpointIn, type Progress } from '#homes/move/checkpoint.ts'
import { checkPlan, type Moved, moveSchool, type Plan, planMove } from '#homes/move/move.ts'
import { MoveTrouble } from '#homes/move/trouble.ts'
import { troubleIn } from '../aws/trouble.ts'
import { duration, say, Trouble } from '../terminal.mjs'
import { bytesInWords, movingBar, numberInWords } from './bar.ts'
import { type Ends, openEnds, type Wanted } from './moving/sides.ts'
import type { Verb } from './verb.ts'

type Wish = Wanted & { isDry: boolean; resumes: boolean; leavesEvents: boolean }

const OPTIONS = {
  to: { type: 'string' },
  stage: { type: 'string' },
  'dry-run': { type: 'boolean' },
  resume: { type: 'boolean' },
  'leave-events': { type: 'boolean' },
} as const

const STAGES = ['staging', 'production']

/** Undefined for what was asked wrongly. */
const wishOf = (args: readonly string[]): Wish | undefined => {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true })
    const { to, stage } = values
    if ((to !== 'aws' && to !== 'machine') || (stage !== undefined && !STAGES.includes(stage))) return undefined
    return { to, stage, isDry: values['dry-run'] === true, resumes: values.resume === true, leavesEvents: values['leave-events'] === true }
  } catch {
    return undefined
  }
}

const row = (label: string, text: string): void => void say(`${label.padEnd(14)} ${text}`)

const sayPlan = ({ names }: Ends, { people, left, items, objects, onTheWay }: Plan): void => {
  say()
  row('From', names.from)
  row('To', names.to)
  row('People', numberInWords(people))
  row('Items', numberInWords(items))
  row('Objects', `${numberInWords(objects.count)}, ${bytesInWords(objects.bytes)}`)
  say()
  row('Stays behind', 'passwords: everybody chooses a new one; sessions; the keys that sign cookies and tokens')
  const behind: [number, string][] = [
    [left, 'people who have not confirmed their address'],
    [onTheWay.uploads, 'uploads that are not finished'],
    [onTheWay.events, 'events that have not been heard by everybody'],
    [onTheWay.shelved, 'deliveries that were given up'],
  ]
  for (const [count, text] of behind) if (count > 0) row('', `${numberInWords(count)} ${text}`)
  say()
}

const sayMoved = ({ people, items, objects }: Moved, milliseconds: number): void => {
  say()
  row('People', `${numberInWords(people)}, each with the same name, roles and standing on both sides`)
  row('Items', `${numberInWords(items.count)}, the same on both sides: ${items.digest.slice(0, 16)}…`)
  row('Objects', `${numberInWords(objects.count)}, ${bytesInWords(objects.bytes)}; each was read back and has its digest`)
  row('Took', duration(milliseconds))
  say()
  say('The school has moved. What is left where it came from was not changed: keep it until you have looked around.')
  say()
}

const beforeOf = (begun: Progress | undefined) => ({ people: begun?.ids.length ?? 0, items: begun?.items ?? 0, objects: begun?.bytes ?? 0 })

const checkBegun = (begun: Progress | undefined, { resumes, isDry }: Wish, path: string): void => {
  if (begun && !resumes && !isDry)
    throw new MoveTrouble(`This move has been begun and not ended. Go on with --resume; to begin anew, empty the home it goes to and remove ${path}`)
  if (!begun && resumes) throw new MoveTrouble('No such move has been begun: leave out --resume.')
}

const carry = async (
  ends: Ends,
  plan: Plan,
  { begun, checkpoint, leavesEvents }: { begun: Progress | undefined; checkpoint: Checkpoint; leavesEvents: boolean },
) => {
  const started = performance.now()
  const screen = { write: (text: string) => void process.stdout.write(text), isLive: process.stdout.isTTY === true, now: () => performance.now() }
  const bar = movingBar({ people: plan.people, items: plan.items, objects: plan.objects.bytes }, beforeOf(begun), screen)
  const { secret } = randomIds(systemClock)
  try {
    const moved = await moveSchool({ ...ends, checkpoint, secret: () => secret(24), tell: bar.tell, leavesEvents })
    bar.end()
    sayMoved(moved, performance.now() - started)
  } catch (error) {
    bar.end()
    throw error
  }
}

const run = async (wish: Wish): Promise<void> => {
  const ends = await openEnds(wish)
  try {
    const checkpoint = checkpointIn(ends.checkpoint)
    const begun = await checkpoint.read()
    checkBegun(begun, wish, ends.checkpoint)
    const plan = await planMove(ends)
    sayPlan(ends, plan)
    if (!begun) checkPlan(plan, wish.leavesEvents)
    if (wish.isDry) return void say(begun ? 'A move was begun; --resume goes on with it.' : 'Nothing was changed: without --dry-run it is moved.')
    await carry(ends, plan, { begun, checkpoint, leavesEvents: wish.leavesEvents })
  } finally {
    await ends.close()
  }
}

/** In a line or two what an operator can mend; undefined for a fault. */
const wordsOf = (error: unknown): string | undefined => {
  if (error instanceof MoveTrouble || error instanceof SettingsError || error instanceof Trouble) return error.message
  return troubleIn(error)?.message
}

export const move: Verb = {
  name: 'move',
  says: 'carries the whole school from this machine to AWS, or back',
  help: `
npm run lectern -- move --to aws|machine [--stage staging|production] [--dry-run] [--resume] [--leave-events]

Carries people, tables and objects between the data folder (LECTERN_DATA) and a deployed AWS home. Both are closed meanwhile.
Where the AWS home is, the last deployment of --stage from this machine tells, or the environment: AWS_REGION, LECTERN_URL, TABLE_NAME,
STORE_BUCKET, UPLOAD_BUCKET, QUEUES_URL, USER_POOL_ID, USER_POOL_CLIENT_ID, USER_POOL_DOMAIN. Credentials are those of AWS's own tools.

--dry-run        counts what would be carried and says what stays behind; changes nothing
--resume         goes on with a move that stopped
--leave-events   goes without the events that not everybody has heard

The home it goes to has to be unused. Nothing is removed where the school comes from. docs/operations/moving.md tells the whole of it.
Ends with 1 where the school was not moved.`,
  async run(args) {
    const wish = wishOf(args)
    if (!wish) {
      process.stderr.write('\n  Whereto? npm run lectern -- move --to aws|machine (--help tells the rest)\n\n')
      return 2
    }
    try {
      await run(wish)
      return 0
    } catch (error) {
      const words = wordsOf(error)
      if (words === undefined) throw error
      process.stderr.write(`\n  ${words}\n\n`)
      return 1
    }
  },
}
