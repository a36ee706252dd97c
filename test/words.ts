import assert from 'node:assert/strict'

/** Each text by its path, said with marks in place of what is filled in. */
const said = (words: object, under = ''): [path: string, text: string][] =>
  Object.entries(words).flatMap(([key, value]) => {
    const path = `${under}${key}`
    if (typeof value === 'object') return said(value, `${path}.`)
    return [[path, typeof value === 'function' ? value('‹1›', '‹2›', '‹3›') : value]] satisfies [string, string][]
  })
const marks = (text: string): string[] => (text.match(/‹\d›/g) ?? []).toSorted()

/** That another language says everything English does, names in it whatever English names, and has words of its own, save what is `alike` in both. */
export const assertWhole = (english: object, own: object, alike: readonly string[] = []): void => {
  const [source, spoken] = [said(english), said(own)]
  assert.deepEqual(
    spoken.map(([path, text]) => [path, marks(text)]),
    source.map(([path, text]) => [path, marks(text)]),
  )
  assert.ok(spoken.every(([, text]) => text.trim() !== ''))
  const same = spoken.filter(([, text], at) => text === source[at]?.[1]).map(([path]) => path)
  assert.deepEqual(same, alike)
}
