import { createHash } from 'node:crypto'

/** `kept`: as `500`, and kept under the idempotency key, so that the same call is answered so for good. `lost`: the work is done, and the connection cut before the answer. `hang`: the connection stays, and nothing ever comes. */
export const API_FAULTS = ['none', 'down', 'slow', 'hang', '500', 'kept', '429', 'lost', 'malformed', 'amounts'] as const
export const WEBHOOK_FAULTS = ['none', 'duplicate', 'reorder', 'drop', 'delay'] as const
export type ApiFault = (typeof API_FAULTS)[number]
export type WebhookFault = (typeof WEBHOOK_FAULTS)[number]
export type Faults = {
  api: ApiFault
  webhooks: WebhookFault
  /** How often `duplicate` sends each event. */
  times: number
  /** How long `slow` and `delay` wait. */
  seconds: number
  /** With a seed, faults are chosen by it where no switch is on; at this rate, in percent. */
  seed: number | null
  rate: number
}
export const NO_FAULTS: Faults = { api: 'none', webhooks: 'none', times: 3, seconds: 30, seed: null, rate: 20 }

/** Those a seed may choose: none that makes a caller wait by the clock on the wall. */
const SEEDED_API = ['lost', 'down', '500', '429', 'malformed'] as const
const SEEDED_WEBHOOKS = ['duplicate', 'delay', 'reorder', 'drop'] as const

/** A number from 0 up to 1 that is the same for the same seed and name, whatever else happens. */
export const chance = (seed: number, name: string): number => createHash('sha256').update(`${seed}\n${name}`).digest().readUInt32BE() / 2 ** 32

const chosen = <T extends string>({ seed, rate }: Faults, name: string, all: readonly T[]): T | 'none' => {
  if (seed === null || chance(seed, `${name} whether`) * 100 >= rate) return 'none'
  return all[Math.floor(chance(seed, `${name} which`) * all.length)] ?? 'none'
}

/** Ids in a path differ from run to run; which call it is does not. */
const placeOf = (path: string): string => path.replace(/(?<=\/)[a-z]+_(?:test_)?[0-9a-z]{8,}/gi, ':id')

/** The fault of a call: the switch's, or for the how-manieth call of its kind the seed's. */
export const apiFault = (faults: Faults, { method, path, tally }: { method: string; path: string; tally(name: string): number }): ApiFault => {
  if (faults.api !== 'none' || faults.seed === null) return faults.api
  const call = `${method} ${placeOf(path)}`
  return chosen(faults, `${call} #${tally(call)}`, SEEDED_API)
}

export type Told = { type: string; endpoint: number }

const seededDues = (faults: Faults, { type, endpoint }: Told, now: number, tally: (name: string) => number): (number | undefined)[] => {
  const call = `event ${type} at ${endpoint}`
  const name = `${call} #${tally(call)}`
  const later = (what: string): number => now + Math.floor(chance(faults.seed ?? 0, `${name} ${what}`) * faults.seconds * 1000)
  switch (chosen(faults, name, SEEDED_WEBHOOKS)) {
    case 'drop':
      return [undefined]
    case 'delay':
      return [now + faults.seconds * 1000]
    case 'reorder':
      return [later('when')]
    case 'duplicate':
      return Array.from({ length: 2 + Math.floor(chance(faults.seed ?? 0, `${name} times`) * (faults.times - 1)) }, (_, copy) => later(`copy ${copy}`))
    default:
      return [now]
  }
}

/** When each of the events made together is to be sent; `undefined` is never. */
export const dueTimes = (faults: Faults, told: readonly Told[], now: number, tally: (name: string) => number): (number | undefined)[][] => {
  const { webhooks, times, seconds, seed } = faults
  if (webhooks === 'none' && seed !== null) return told.map((each) => seededDues(faults, each, now, tally))
  if (webhooks === 'drop') return told.map(() => [undefined])
  if (webhooks === 'delay') return told.map(() => [now + seconds * 1000])
  if (webhooks === 'duplicate') return told.map(() => Array.from({ length: times }, () => now))
  // The first made is sent last, and far enough behind to arrive so.
  if (webhooks === 'reorder') return told.map((_, place) => [now + (told.length - 1 - place) * 1000])
  return told.map(() => [now])
}

export const readFaults = (asked: Record<string, unknown>, before: Faults): Faults => {
  const whole = (name: 'times' | 'seconds' | 'rate', most: number): number => {
    const value = asked[name] === undefined || asked[name] === '' ? before[name] : Number(asked[name])
    return Number.isInteger(value) && value >= 0 ? Math.min(most, value) : before[name]
  }
  const seed = asked['seed'] === undefined ? before.seed : asked['seed'] === '' || asked['seed'] === null ? null : Number(asked['seed'])
  return {
    api: API_FAULTS.find((name) => name === asked['api']) ?? before.api,
    webhooks: WEBHOOK_FAULTS.find((name) => name === asked['webhooks']) ?? before.webhooks,
    times: Math.max(1, whole('times', 100)),
    seconds: whole('seconds', 86_400),
    seed: seed === null || Number.isSafeInteger(seed) ? seed : before.seed,
    rate: whole('rate', 100),
  }
}

/** Every amount a little off, in an answer that is otherwise right. */
export const withWrongAmounts = (body: string): string =>
  JSON.stringify(
    JSON.parse(body, (name, value: unknown) => (typeof value === 'number' && /^amount|^total$/.test(name) && value > 0 ? value + 1 : value)),
    null,
    2,
  )
