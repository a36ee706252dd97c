import { ref } from 'vue'
import * as z from 'zod/mini'
import { MINE, store } from '../../lib/store.ts'
import { wholeNumber } from '../../lib/whole-number.ts'

/** The contract's own bounds. */
export const FEWEST_SEATS = 2
export const MOST_SEATS = 200
const USUAL_SEATS = 5

/** How many seats an address asks for. */
export const seatsIn = (text: unknown): number => wholeNumber(typeof text === 'string' ? text : '', { least: FEWEST_SEATS, most: MOST_SEATS }) ?? USUAL_SEATS

const GIFT = `${MINE}gift`
const Draft = z.object({ to: z.string(), message: z.string() })

const draft = (): z.infer<typeof Draft> => {
  try {
    return Draft.parse(JSON.parse(store.get(GIFT) ?? ''))
  } catch {
    return { to: '', message: '' }
  }
}

/** For whom, and with which words: kept by the browser over the way to the sign-up and back, for an address is no place for letters. */
export const useGift = () => {
  const { to: known, message: words } = draft()
  const [to, message] = [ref(known), ref(words)]
  return { to, message, keep: () => store.set(GIFT, JSON.stringify({ to: to.value, message: message.value })) }
}

/** Once it is paid the words have been sent. */
export const forgetGift = (): void => store.remove(GIFT)
