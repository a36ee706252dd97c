/** A whole number as people type one, within bounds; undefined for anything else. */
export const wholeNumber = (typed: string, { least, most }: { least: number; most: number }): number | undefined => {
  const text = typed.trim()
  if (!/^\d{1,6}$/.test(text)) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}
