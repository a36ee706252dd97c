import * as z from 'zod'
import { isPair, kindOf } from '#core/delivery/rotation.ts'
import type { LiveKeys, SigningKey } from '#ports/keys.ts'
import { secret } from '#ports/secret.ts'

export const hidden = z.string().transform(secret)

const Since = z.iso.datetime({ offset: true })

const storedKeyWith = <S extends z.ZodType>(since: S) =>
  z
    .object({
      // It stands in a cookie and a URL as it is.
      id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'an id is made of letters, digits, - and _'),
      since,
      privateKey: hidden,
      publicKey: z.string(),
    })
    .refine(({ publicKey }) => kindOf(publicKey) !== undefined, 'a key is EC P-256 or RSA-2048, its halves in PEM')
    .refine(isPair, 'the two halves of a key belong together')

/** A key that was put where it is by us. */
export const DatedKey = storedKeyWith(Since)
/** Keys of the version before, and those put in by hand, have no date: then it is when what holds them was last changed. */
const StoredKey = storedKeyWith(Since.optional())
const StoredKeys = z.object({
  signingKeys: z.tuple([StoredKey], StoredKey).refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'no two keys have one id'),
})

/** The keys that a home has kept in `place`, its `signingKeys`. @throws Error that quotes nothing of them. */
export const liveOf = (raw: unknown, { place, changedAt }: { place: string; changedAt: Date }): LiveKeys => {
  const { success, data, error } = StoredKeys.safeParse(raw)
  // Only where and what is asked for: what stands there instead may be a key.
  if (!success) throw new Error(`${place} holds no keys to sign with. ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`)
  const since = changedAt.toISOString()
  const [first, ...rest] = data.signingKeys
  return [{ ...first, since: first.since ?? since }, ...rest.map((key) => ({ ...key, since: key.since ?? since }))]
}

/** A key as a home keeps it: the only place where its private half is written out. */
export const storedKey = ({ id, since, privateKey, publicKey }: SigningKey): Record<string, string> => ({
  ...{ id, since, privateKey: privateKey.reveal(), publicKey },
})
