import type { Secret } from './secret.ts'

/** A CloudFront key pair: EC P-256 or RSA-2048, both halves as PEM. `since` is when it was put in front (ISO 8601). */
export type SigningKey = { id: string; since: string; privateKey: Secret; publicKey: string }

/** Newest first: the first signs, every one verifies. */
export type LiveKeys = readonly [SigningKey, ...SigningKey[]]

/** The keys that open videos, as they are at this moment. */
export type Keys = {
  /**
   * Cheap enough for every request: the same list, as an object, until something changes. A rotation shows within 5 s,
   * with no restart. When the place they are kept in cannot be read, the last good ones stay.
   */
  live(): Promise<LiveKeys>
}
