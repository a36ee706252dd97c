/** Where a machine can be killed on purpose: right before or after it writes, and around a letter. */
export const POINTS = [
  ...(['before the insert', 'after the insert', 'before settling', 'after settling', 'before the receipt', 'after the receipt'] as const),
  ...(['before the letter', 'after the letter', 'before the mark', 'after the mark'] as const),
]
export type Point = (typeof POINTS)[number]

/** What a parent tells its child to begin with. `nth`: of the times it comes by there; `isSplit`: its commits are broken in two. */
export type Begin = { folder: string; killAt?: { point: Point; nth: number }; isSplit: boolean }
export type Listening = { port: number }

export const orderOf = (number: number): string => `ord_${String(number).padStart(8, '0')}`
export const PRICE = { amountMinor: 4900, currency: 'EUR' }
export const COURSE = { id: 'crs_00000001', slug: 'colour', title: 'Colour' }
