/**
 * Lessons that have an order of their own, in a section with others: each of the others stays behind the one it stood behind, or at the
 * beginning. What is in neither list any more is left out by its caller.
 */
export const interleaved = (before: readonly string[], ordered: readonly string[]): string[] => {
  const own = new Set(ordered)
  const [first, behind]: [string[], Map<string, string[]>] = [[], new Map(ordered.map((id) => [id, []]))]
  let followed = first
  for (const id of before) {
    if (own.has(id)) followed = behind.get(id) ?? first
    else followed.push(id)
  }
  return [...first, ...ordered.flatMap((id) => [id, ...(behind.get(id) ?? [])])]
}
