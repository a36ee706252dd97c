import { i18n } from './i18n.ts'

/** `December 12, 2026`, where the reader is. */
export const formatDay = (at: string | Date): string => new Intl.DateTimeFormat(i18n.global.locale.value, { dateStyle: 'long' }).format(new Date(at))
/** `Dec 12, 2026`, where there is little room. */
export const formatDayShort = (at: string | Date): string => new Intl.DateTimeFormat(i18n.global.locale.value, { dateStyle: 'medium' }).format(new Date(at))
