import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { type KeyState, keyStates, kindOf } from '#core/delivery/rotation.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { hasCode } from '#homes/machine/error-code.ts'
import { rotateKeyIn } from '#homes/machine/identity/keys.ts'
import { keysIn, replaceKeys, rotateKeys } from '#homes/machine/keys.ts'
import { refuseOther } from '#homes/machine/migrations.ts'
import { readSettings } from '#homes/machine/settings.ts'
import { say } from './saying.ts'
import type { Verb } from './verb.ts'

const world = { ids: randomIds(systemClock), clock: systemClock }

const minutes = (seconds: number): string => (seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`)
const shown = (date: Date | string): string => `${new Date(date).toISOString().slice(0, 19)}Z`

const stateOf = (state: KeyState): string => {
  if (state.is === 'signing') return 'signs and verifies'
  return state.is === 'verifying' ? `verifies, needed until ${shown(state.until)}` : 'verifies, no longer needed: goes at the next rotation'
}

const list = async (): Promise<number> => {
  const settings = readSettings(process.env)
  const states = keyStates(await keysIn(settings.data), settings, systemClock.now())
  const widest = Math.max(...states.map(({ key }) => key.id.length))
  say(...states.map(({ key, state }) => [key.id.padEnd(widest), (kindOf(key.publicKey) ?? '').padEnd(8), shown(key.since), stateOf(state)].join('  ')))
  return 0
}

const rotate = async (): Promise<number> => {
  const settings = readSettings(process.env)
  const outcome = await rotateKeys({ folder: settings.data, settings, ...world })
  if ('waitSeconds' in outcome) {
    process.stderr.write(
      `\n  Not rotated: cookies signed by a former key are still good. Wait ${minutes(outcome.waitSeconds)}, or say --now if a key has leaked.\n\n`,
    )
    return 1
  }
  const [signing, former] = outcome.keys
  say(`${signing.id} signs from now on. An open school takes it up within 5 seconds, without a restart.`, `${former?.id} stays valid: no viewer notices.`)
  return 0
}

const replace = async (): Promise<number> => {
  const [signing] = await replaceKeys({ folder: readSettings(process.env).data, ...world })
  say(
    `${signing.id} is the only key from now on. An open school takes it up within 5 seconds, without a restart.`,
    'Whatever the old keys signed is refused from then on. Each player asks for new cookies once and goes on;',
    'nobody is signed out, and links to files that have been handed out are to be asked for again.',
  )
  return 0
}

/** Of the sign-in: its file is opened beside an open school's, which looks for another key every few seconds. */
const rotateSignIn = async (isLeaked: boolean): Promise<number> => {
  const { data } = readSettings(process.env)
  await access(join(data, 'identity.sqlite'))
  await refuseOther(data)
  const kid = await rotateKeyIn(data, systemClock, isLeaked)
  say(
    `${kid} signs sign-ins from now on. An open school takes it up within 5 seconds, without a restart.`,
    isLeaked
      ? 'Whatever the old keys signed is refused from then on; browsers renew it by themselves.'
      : 'The former verifies for another day: nobody is signed out.',
  )
  return 0
}

const ACTS: Record<string, () => Promise<number>> = {
  '': list,
  list,
  rotate,
  'rotate --now': replace,
  'rotate sign-in': () => rotateSignIn(false),
  'rotate sign-in --now': () => rotateSignIn(true),
}

export const keys: Verb = {
  name: 'keys',
  says: 'lists the keys that open videos, and rotates them or that of sign-ins',
  help: `
npm run lectern -- keys               lists them: id, kind, since when, and what each is for
npm run lectern -- keys rotate        puts a new key in front; the former goes on verifying
npm run lectern -- keys rotate --now  for a key that has leaked: a new key, and no other
npm run lectern -- keys rotate sign-in [--now]   the same for the key that signs who somebody is

It works while the school is open or closed; an open one takes the change up within 5 seconds. Two keys are live at once: the
newest signs, both verify. Rotating again is refused until nothing the former key signed can be valid any more, which is
LECTERN_PLAYBACK_SECONDS (give it here too where the school has been given it) and a minute.

--now drops all old keys at once. Every player is refused once, renews its cookies and goes on; a viewer sees at most a short wait.
Private halves are never printed; they are in secrets.json of the data folder. Ends with 1 where nothing was done.`,
  async run(args) {
    const act = ACTS[args.join(' ')]
    if (!act) {
      process.stderr.write('\n  Which of them? keys, keys rotate, keys rotate --now, or keys rotate sign-in [--now]\n\n')
      return 2
    }
    try {
      return await act()
    } catch (error) {
      const isMissing = hasCode(error, 'ENOENT')
      process.stderr.write(`\n  ${isMissing ? 'There is no school in this data folder yet.' : error instanceof Error ? error.message : error}\n\n`)
      return 1
    }
  },
}
