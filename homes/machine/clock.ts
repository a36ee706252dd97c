import { randomBytes } from 'node:crypto'
import type { Clock, Ids } from '#ports/clock.ts'

export const systemClock: Clock = { now: () => new Date() }

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** Forty-eight bits of time and eighty of chance in Crockford's base 32: 26 characters that sort by time, as a ULID does. */
const ulid = (milliseconds: number): string => {
  let value = (BigInt(milliseconds) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`)
  let text = ''
  for (let place = 0; place < 26; place += 1) {
    text = DIGITS.charAt(Number(value & 31n)) + text
    value >>= 5n
  }
  return text
}

export const randomIds = (clock: Clock): Ids => ({
  make: (kind) => `${kind}_${ulid(clock.now().getTime())}`,
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
})
