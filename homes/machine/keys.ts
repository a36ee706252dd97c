import { open, stat } from 'node:fs/promises'
import { newSigningKey, rotated } from '#core/delivery/rotation.ts'
import type { Keys, LiveKeys } from '#ports/keys.ts'
import type { Settings, World } from '#ports/world.ts'
import { lookingEvery } from '../looking.ts'
import { liveOf, storedKey } from '../stored-keys.ts'
import { exchanging, parsedSecrets, secretsPath } from './secrets.ts'

type Content = { others: object; live: LiveKeys }

const contentOf = (text: string, changedAt: Date): Content => {
  const raw = parsedSecrets(text)
  return { others: Object(raw), live: liveOf(raw, { place: 'secrets.json', changedAt }) }
}

type Found = Content & { stamp: string }

const stampOf = ({ ino, size, mtimeNs }: { ino: bigint; size: bigint; mtimeNs: bigint }): string => `${ino} ${size} ${mtimeNs}`

/** The file and what tells it from the next one, by one handle: a file put in its place meanwhile is not mixed in. */
const read = async (path: string): Promise<Found> => {
  const file = await open(path)
  try {
    const found = await file.stat({ bigint: true })
    return { ...contentOf(await file.readFile('utf8'), found.mtime), stamp: stampOf(found) }
  } finally {
    await file.close()
  }
}

/** One look at the file's date a second, and only while somebody asks: no watcher to lose, no timer to stop. */
const LOOK_EVERY_MS = 1000

/** The keys of `secrets.json`, read anew when the file is another. One that cannot be read changes nothing but the log. */
export const keys = async ({ folder, clock, log }: { folder: string } & Pick<World, 'clock' | 'log'>): Promise<Keys> => {
  const path = secretsPath(folder)
  let { live, stamp } = await read(path)
  let complainedOf: string | undefined

  const look = async (): Promise<void> => {
    let at = 'nowhere'
    try {
      at = stampOf(await stat(path, { bigint: true }))
      if (at === stamp) return
      const found = await read(path)
      live = found.live
      stamp = found.stamp
      log.info('signing keys changed', { signing: live[0].id, keys: live.length })
    } catch (error) {
      // Tried again at the next look, for it may have been the disk; said once for each file.
      if (complainedOf !== at) log.error('signing keys cannot be read: the last good ones stay', error)
      complainedOf = at
    }
  }

  const looked = lookingEvery(LOOK_EVERY_MS, { clock, look })
  return {
    live: async () => {
      await looked()
      return live
    },
  }
}

/** The keys in a data folder right now, whether its school is open or not. */
export const keysIn = async (folder: string): Promise<LiveKeys> => (await read(secretsPath(folder))).live

type Rotation = { folder: string; settings: Pick<Settings, 'playbackTtlSeconds'> } & Pick<World, 'ids' | 'clock'>

const written = ({ others }: Content, live: LiveKeys): string => JSON.stringify({ ...others, signingKeys: live.map(storedKey) }, null, 2)

/** A new key in front, the former behind it; or how long to wait, while a key is needed that would have to go. */
export const rotateKeys = ({ folder, settings, ids, clock }: Rotation): Promise<{ keys: LiveKeys } | { waitSeconds: number }> =>
  exchanging(secretsPath(folder), async (put) => {
    const found = await read(secretsPath(folder))
    const outcome = rotated(found.live, newSigningKey({ ids, clock }), settings)
    if ('keys' in outcome) await put(written(found, outcome.keys))
    return outcome
  })

/** For a key that has leaked: a new one, and no other. Whatever the old ones signed is refused from then on. */
export const replaceKeys = ({ folder, ids, clock }: Omit<Rotation, 'settings'>): Promise<LiveKeys> =>
  exchanging(secretsPath(folder), async (put) => {
    const live: LiveKeys = [newSigningKey({ ids, clock })]
    await put(written(await read(secretsPath(folder)), live))
    return live
  })
