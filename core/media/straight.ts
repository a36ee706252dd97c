import type { Straight } from '#contract/media.ts'
import type { Actor } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import type { StoredUpload } from './records.ts'

/** Films lie below the prefix of whoever sends them: that alone is what their own keys at a store open. The file's own name is only ever shown. */
export const sourceKey = (person: string, video: string): string => `sources/${person}/${video}/source`

/** The video that a key of a film names, of before there were prefixes of people too. */
export const videoOfSource = (key: string): string | undefined => /^sources\/(?:[^/]+\/)?(vid_[^/]+)\/source$/.exec(key)?.[1]

/** How the page of whoever asks may sign the parts itself; somebody else's upload, taken up, is signed by the school. */
export const straightFor = ({ settings }: Pick<World, 'settings'>, { id }: Actor, { key, ticket, video }: StoredUpload): Straight | undefined => {
  const place = settings.upload.straight
  if (!place || key !== sourceKey(id, video)) return undefined
  const { origin, ...pool } = place
  return { ...pool, url: `${origin}/${key}`, ticket }
}
