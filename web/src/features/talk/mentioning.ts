/** The name that is being written after an `@`, up to where the cursor stands; undefined where none is. */
export const nameBegun = (text: string, cursor: number): { start: number; begins: string } | undefined => {
  const before = text.slice(0, cursor)
  const start = before.lastIndexOf('@')
  if (start < 0) return undefined
  // An address has letters in front of its sign.
  if (start > 0 && /[\p{L}\p{N}]/u.test(before.charAt(start - 1))) return undefined
  const begins = before.slice(start + 1)
  return begins.length > 40 || /[\n@]/.test(begins) || /\s{2}|^\s/.test(begins) || begins.split(' ').length > 3 ? undefined : { start, begins }
}

/** The text with the name whole, and where the cursor stands behind it. */
export const withName = (text: string, { start, end, name }: { start: number; end: number; name: string }): { text: string; cursor: number } => {
  const whole = `@${name} `
  return { text: text.slice(0, start) + whole + text.slice(end).replace(/^ /, ''), cursor: start + whole.length }
}
