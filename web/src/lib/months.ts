/** The same day of a later month, or that month's last: a payment of 31 January is followed by one of 28 February. */
export const monthsAfter = (from: Date, months: number): Date => {
  const first = new Date(from.getFullYear(), from.getMonth() + months, 1)
  const lastDay = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate()
  first.setDate(Math.min(from.getDate(), lastDay))
  return first
}

export const daysAfter = (from: Date, days: number): Date => new Date(from.getFullYear(), from.getMonth(), from.getDate() + days)
