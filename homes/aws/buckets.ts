/** Names of the two buckets: one for everything, and the one that browsers upload videos to. */
export type Buckets = { store: string; uploads: string }

/** Below it lies what teachers have uploaded, as it came. */
export const UPLOADS_PREFIX = 'sources/'

export const bucketOf = ({ store, uploads }: Buckets, key: string): string => (key.startsWith(UPLOADS_PREFIX) ? uploads : store)

/** The buckets that may hold keys with a prefix. */
export const bucketsOf = ({ store, uploads }: Buckets, prefix: string): string[] => {
  if (prefix.startsWith(UPLOADS_PREFIX)) return [uploads]
  return UPLOADS_PREFIX.startsWith(prefix) ? [store, uploads] : [store]
}
