import { parseDocument, stringify } from 'yaml'

/** A file's head, a YAML mapping between two lines of `---`, and the text below it. `line` counts from 1. */
export type Parted = { head: unknown; text: string } | { findings: { line?: number; says: string }[] }

const FENCE = '---'

/** Takes a file apart. Only plain YAML is read: no tags, no anchors that grow. */
export const parted = (file: string): Parted => {
  const text = file.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const lines = text.split('\n')
  const end = lines.indexOf(FENCE, 1)
  if (lines[0] !== FENCE || end < 0)
    return { findings: [{ line: 1, says: 'A file begins with its head: a line ---, what is said of it, and another line ---.' }] }
  const document = parseDocument(lines.slice(1, end).join('\n'), { schema: 'core', uniqueKeys: true })
  const [error] = document.errors
  if (error) return { findings: [{ line: (error.linePos?.[0].line ?? 1) + 1, says: error.message.split('\n')[0] ?? 'This is no YAML.' }] }
  return { head: document.toJS({ maxAliasCount: 0 }), text: lines.slice(end + 1).join('\n') }
}

/** The file of a head and a text; `parted` gives both back. */
export const joined = (head: Record<string, unknown>, text: string): string => `${FENCE}\n${stringify(head, { lineWidth: 0 })}${FENCE}\n${text}`
