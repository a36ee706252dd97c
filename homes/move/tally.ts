import { createHash } from 'node:crypto'
import type { Item, Json } from '#ports/tables.ts'

/** Names in their order, whichever order a home gives them in. */
const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return entries.map(([name, each]) => [name, sorted(each)])
}

export type Tally = { count: number; digest: string }

const SPACE = 1n << 256n

/** Counts items and sums their digests, so that two homes that list them in orders of their own come to the same. Versions are a home's own. */
export const tallying = () => {
  let [count, sum] = [0, 0n]
  return {
    add({ pk, sk, body, index }: Item): void {
      const text = JSON.stringify([pk, sk, sorted(body), index ? [index.ipk, index.isk] : null])
      count += 1
      sum = (sum + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % SPACE
    },
    tally: (): Tally => ({ count, digest: sum.toString(16).padStart(64, '0') }),
  }
}
