import { applyPatch, structuredPatch } from 'diff'
import type { Entry, Flat, Git } from './git.ts'

export type Merged = { tree: string } | { conflicts: string[] }

const isSame = (a: Entry | undefined, b: Entry | undefined): boolean => a?.oid === b?.oid && a?.mode === b?.mode

const asText = (bytes: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    // Bytes that are no text are not merged line by line.
    return undefined
  }
}

type Three = { base: Entry | undefined; ours: Entry | undefined; theirs: Entry | undefined }

/** A file that both sides changed: their changes are made to ours, where the lines around them are still there. */
const mergeFile = async (git: Git, { base, ours, theirs }: Three): Promise<Entry | undefined> => {
  if (!base || !ours || !theirs || ours.mode !== theirs.mode) return undefined
  const [before, mine, other] = (await Promise.all([base, ours, theirs].map(({ oid }) => git.blob(oid)))).map(asText)
  if (before === undefined || mine === undefined || other === undefined) return undefined
  const merged = applyPatch(mine, structuredPatch('a', 'b', before, other, undefined, undefined, { context: 3 }))
  return merged === false ? undefined : { mode: ours.mode, oid: await git.writeBlob(new TextEncoder().encode(merged)) }
}

/** A name cannot be a file and a folder. */
const clashes = (flat: Flat): string[] =>
  [...flat.keys()].filter((path) => path.split('/').some((_, depth, parts) => depth > 0 && flat.has(parts.slice(0, depth).join('/'))))

/** Three-way: what became of `base` in `theirs` is done to `ours`. Takes trees or commits. */
export const mergeTrees = async (git: Git, of: { base: string; ours: string; theirs: string }): Promise<Merged> => {
  const [base, ours, theirs] = await Promise.all([git.flat(of.base), git.flat(of.ours), git.flat(of.theirs)])
  const merged: Flat = new Map(ours)
  const conflicts: string[] = []
  for (const path of new Set([...base.keys(), ...theirs.keys()])) {
    const three = { base: base.get(path), ours: ours.get(path), theirs: theirs.get(path) }
    if (isSame(three.base, three.theirs) || isSame(three.ours, three.theirs)) continue
    const entry = isSame(three.base, three.ours) ? three.theirs : await mergeFile(git, three)
    if (entry) merged.set(path, entry)
    else if (isSame(three.base, three.ours)) merged.delete(path)
    else conflicts.push(path)
  }
  conflicts.push(...clashes(merged))
  return conflicts.length > 0 ? { conflicts: conflicts.toSorted() } : { tree: await git.writeFlat(merged) }
}

export type Change = { path: string; status: 'added' | 'modified' | 'removed' | 'renamed'; from?: string; before?: Entry; after?: Entry }

/** What differs between two trees; a file that went and one of the same bytes that came is a rename. */
export const changesBetween = async (git: Git, before: string | undefined, after: string): Promise<Change[]> => {
  const [old, young] = [before === undefined ? new Map<string, Entry>() : await git.flat(before), await git.flat(after)]
  const gone = new Map([...old].filter(([path]) => !young.has(path)))
  const changes: Change[] = []
  for (const [path, entry] of young) {
    const was = old.get(path)
    if (isSame(was, entry)) continue
    if (was) changes.push({ path, status: 'modified', before: was, after: entry })
    else {
      const [from] = [...gone].find(([, lost]) => lost.oid === entry.oid) ?? []
      const moved = from === undefined ? undefined : gone.get(from)
      if (from !== undefined) gone.delete(from)
      changes.push({ path, status: moved ? 'renamed' : 'added', after: entry, ...(moved && from !== undefined && { from, before: moved }) })
    }
  }
  for (const [path, entry] of gone) changes.push({ path, status: 'removed', before: entry })
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

export type Hunk = { header: string; lines: { sign: ' ' | '+' | '-'; text: string; before?: number; after?: number }[] }

const SIGNS = [' ', '+', '-'] as const

/** A file's difference line by line; undefined where it is no text. */
export const hunksOf = async (git: Git, { path, before, after }: Change): Promise<Hunk[] | undefined> => {
  const texts = await Promise.all([before, after].map(async (entry) => (entry ? asText(await git.blob(entry.oid)) : '')))
  const [old, young] = texts
  if (old === undefined || young === undefined) return undefined
  return structuredPatch(path, path, old, young, undefined, undefined, { context: 3 }).hunks.map((hunk) => {
    let [left, right] = [hunk.oldStart, hunk.newStart]
    const lines = hunk.lines.flatMap((line) => {
      const sign = SIGNS.find((each) => each === line[0])
      if (!sign) return []
      return [{ sign, text: line.slice(1), ...(sign !== '+' && { before: left++ }), ...(sign !== '-' && { after: right++ }) }]
    })
    return { header: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`, lines }
  })
}
