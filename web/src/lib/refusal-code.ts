import { REFUSALS, type RefusalCode } from '#contract/refusals.ts'

const isRefusalCode = (code: string): code is RefusalCode => code in REFUSALS

/** A gateway may stand before the API and refuse in words of its own: what it means is in the status alone. */
const BY_STATUS: Readonly<Record<number, RefusalCode>> = { 401: 'not-signed-in', 429: 'too-many' }

/** What an answer that is an error means to this app. */
export const refusalCode = ({ code, status }: { code: string; status: number }): RefusalCode => (isRefusalCode(code) ? code : (BY_STATUS[status] ?? 'fault'))
