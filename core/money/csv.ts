export type Cell = string | number | undefined

/** What a spreadsheet would take for a formula (OWASP, CSV injection): a plain number is none, whatever it begins with. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text)

const cell = (value: Cell): string => {
  if (value === undefined) return ''
  const text = harmless(String(value))
  // Numbers stand bare; everything else in quotes (RFC 4180 §2.5–2.7), so that no separator of any language splits it.
  return /^-?\d+(\.\d+)?$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`
}

type Row = readonly Cell[]

/** Rows alone, to follow what a table has already (RFC 4180). */
export const csvRows = (rows: readonly Row[]): string => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')

/** RFC 4180 with a byte order mark, by which spreadsheets know that it is UTF-8. */
export const csvText = (head: readonly string[], rows: readonly Row[]): string => `\uFEFF${csvRows([head, ...rows])}`
