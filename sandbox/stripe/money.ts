/** The share of what is sold that the stand-in calls tax, wherever automatic tax is on: a fifth on top, contained in the price. */
export const TAX_PERCENT = 20

/** `amount × part ÷ all`, to the nearest minor unit, halves away from nought; in integers, so that nothing is lost on the way. */
export const share = (amount: number, part: number, all: number): number => {
  const [size, whole] = [BigInt(Math.abs(amount)) * BigInt(part), BigInt(all)]
  const rounded = Number((size * 2n + whole) / (whole * 2n))
  return amount < 0 && rounded > 0 ? -rounded : rounded
}

/** How much of a price with tax is tax. */
export const containedTax = (amount: number): number => amount - share(amount, 100, 100 + TAX_PERCENT)

/** A sum shared out in proportion; what rounding leaves over goes to the last that has any. */
export const sharedOut = (sum: number, weights: readonly number[]): number[] => {
  const all = weights.reduce((total, weight) => total + weight, 0)
  if (all === 0) return weights.map(() => 0)
  let [given, passed] = [0, 0]
  return weights.map((weight) => {
    passed += weight
    const upToHere = share(sum, passed, all)
    const own = upToHere - given
    given = upToHere
    return own
  })
}

export type Cut = { amount_off: number | null; percent_off: number | null }

/** Percentages may have two decimals. */
export const reduction = ({ amount_off: off, percent_off: percent }: Cut, amount: number): number => {
  if (amount <= 0) return 0
  return Math.min(amount, off ?? share(amount, Math.round((percent ?? 0) * 100), 10_000))
}
