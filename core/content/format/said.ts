import * as z from 'zod/mini'
import type { Reading } from './documents.ts'
import { fewest, findingsOf, type KnownKeys, unknownKeys } from './findings.ts'
import { type Head, parted } from './front-matter.ts'

/** In a head all is text: what means yes, and what no. */
export const YesNo = z.pipe(
  z.enum(['true', 'false', 'yes', 'no']),
  z.transform((word) => word === 'true' || word === 'yes'),
)

/** Reads a file by the schema of its head. `make` puts the document together of the head and the text below it. */
export const read = <H, T>(
  file: string,
  { head: schema, known, make }: { head: z.ZodMiniType<H>; known: KnownKeys; make: (head: H, text: string) => z.core.util.SafeParseResult<T> },
): Reading<T> => {
  const found = parted(file)
  if ('findings' in found) return { findings: fewest(found.findings) }
  const { head, text, lineOf } = found
  const [strangers, said] = [unknownKeys(head, known, lineOf), schema.safeParse(head)]
  if (!said.success) return { findings: fewest([...strangers, ...findingsOf(said.error.issues, head, lineOf)]) }
  if (strangers.length > 0) return { findings: fewest(strangers) }
  const made = make(said.data, text)
  return made.success ? { document: made.data } : { findings: fewest(findingsOf(made.error.issues, head, lineOf)) }
}

/** Without the keys that say nothing. */
export const said = (entries: Head): Head => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))

/** Undefined for what need not be written. */
export const filled = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined)
