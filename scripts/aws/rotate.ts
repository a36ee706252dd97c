import { keyStates, kindOf } from '#core/delivery/rotation.ts'
import { exchangeKeys, keysOf, newPair, nextPair, signingSecret } from '#homes/aws/rotation.ts'
import { deployWith } from './deploy.ts'
import { DeployTrouble, makingWith, type Tools } from './tools.ts'
import { versionsOf } from './versions.ts'
import { contextOf, type Wish } from './wish.ts'

const USUAL_PLAYBACK_SECONDS = 600

/**
 * CloudFront learns a key before anything signs with it: the templates first, then the secret. The key that signed stays for whatever it
 * has signed; the one before goes, which is refused while anything of it may still hold.
 */
const rotate = async (tools: Tools, wish: Wish): Promise<void> => {
  const before = await tools.secrets.get(signingSecret(wish.stage))
  const [pair, context] = [await keysOf(tools.secrets, wish.stage), await contextOf(wish, tools.stages)]
  if (!pair || before === undefined) throw new DeployTrouble(`${wish.stage} has no signing keys yet: npm run aws:deploy -- ${wish.stage} makes them.`)
  const playbackTtlSeconds = Number(context['LECTERN_PLAYBACK_SECONDS'] ?? USUAL_PLAYBACK_SECONDS)
  const isLeaked = wish.flags.has('--now')
  const outcome = isLeaked ? { pair: newPair(makingWith(tools)) } : nextPair(pair, makingWith(tools), { playbackTtlSeconds })
  if ('waitSeconds' in outcome)
    throw new DeployTrouble(
      `Not rotated: cookies of a former key are still good. Wait ${Math.ceil(outcome.waitSeconds / 60)} min, or say --now if a key has leaked.`,
    )
  const versions = versionsOf(tools.kept, wish.stage)
  tools.say(isLeaked ? 'Two new keys; what the old ones signed ends with this deployment' : `A new key beside ${pair[0].id}`)
  const told = await deployWith({ tools, wish, versions }, outcome.pair, false)
  await exchangeKeys(tools.secrets, wish.stage, { before, pair: outcome.pair })
  await versions.finish(told.version)
  tools.say(`${outcome.pair[0].id} signs from now on, as soon as each function looks at the secret again. Versions of before cannot be rolled back to`)
}

const list = async (tools: Tools, wish: Wish): Promise<void> => {
  const pair = await keysOf(tools.secrets, wish.stage)
  if (!pair) return tools.say('There are none yet: the first deployment makes them')
  const context = await contextOf(wish, tools.stages)
  const settings = { playbackTtlSeconds: Number(context['LECTERN_PLAYBACK_SECONDS'] ?? USUAL_PLAYBACK_SECONDS) }
  for (const { key, state } of keyStates(pair, settings, tools.now())) tools.say(`${key.id}  ${kindOf(key.publicKey) ?? ''}  since ${key.since}  ${state.is}`)
}

/** `npm run aws:keys -- staging [rotate [--now]]` */
export const keys = (tools: Tools, wish: Wish): Promise<void> => {
  const [word, ...more] = wish.words
  if (word === undefined) return list(tools, wish)
  if (word === 'rotate' && more.length === 0) return rotate(tools, wish)
  throw new DeployTrouble('Which of them? aws:keys -- <stage>, … rotate, or … rotate --now')
}
