import type { Plugin } from 'vite'

/*
 * What two libraries would do that the pages' Content-Security-Policy stops: media-chrome makes markup with `<style>` elements of text, and
 * reka-ui draws such elements beside its lists. Here both are led through the school's own policy, so that it need let nobody else.
 */

const PLAYER = /\/media-chrome\/dist\/.+\.js$/
const LISTS = /\/reka-ui\/dist\/.+\.js$/

type Node = { type: string; start: number; end: number }
type Change = { start: number; end: number; by: string }

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value && 'start' in value

/** A node and everything below it. */
const walk = (node: Node, look: (node: Node & Record<string, unknown>) => void): void => {
  // Of a syntax tree anything may be asked by name.
  look(node as Node & Record<string, unknown>)
  for (const child of Object.values(node).flat()) if (isNode(child)) walk(child, look)
}

const changed = (code: string, changes: readonly Change[]): string =>
  changes.toSorted((a, b) => b.start - a.start).reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), code)

/** Which argument of these calls is made markup of. */
const MARKING: Record<string, number> = { insertAdjacentHTML: 1, parseFromString: 0 }

/** Markup by the school's policy, and a shadow root with its styles as sheets. */
const playerMarkup = (code: string, tree: Node): string => {
  const changes: Change[] = []
  const said = (node: unknown): string => (isNode(node) ? code.slice(node.start, node.end) : '')
  walk(tree, ({ type, start, end, left, right, callee, arguments: given }) => {
    const place = /^(.*)\.innerHTML$/s.exec(type === 'AssignmentExpression' ? said(left) : '')?.[1]
    if (place?.endsWith('.shadowRoot')) changes.push({ start, end, by: `drawShadow(${place}, ${said(right)})` })
    else if (place !== undefined) changes.push({ start, end, by: `${place}.innerHTML = trustedMarkup(${said(right)})` })
    const [, root = '', verb = ''] = /^(.*)\.(\w+)$/s.exec(type === 'CallExpression' ? said(callee) : '') ?? []
    const all: unknown[] = Array.isArray(given) ? given : []
    if (verb === 'setHTMLUnsafe') changes.push({ start, end, by: `drawShadow(${root}, ${said(all[0])})` })
    const text = all[MARKING[verb] ?? -1]
    if (isNode(text)) changes.push({ start: text.start, end: text.end, by: `trustedMarkup(${said(text)})` })
  })
  const drawn = changed(code, changes).replaceAll('styleParent.querySelectorAll("style:not([media])")', 'sheetsOf(styleParent)')
  return drawn === code ? code : `import { drawShadow, sheetsOf } from '/src/lib/shadow.ts'\nimport { trustedMarkup } from '/src/lib/trusted.ts'\n${drawn}`
}

/** Nothing may be left that would be stopped in somebody's browser: a library of another version is looked at here. */
const checked = (code: string, id: string): string => {
  if (/document\.write|\.outerHTML = |createContextualFragment|srcdoc = |createElement\("style"\)/.test(code))
    throw new Error(`${id} makes markup in a way that web/contained.ts does not know.`)
  return code
}

export const containedLibraries = (): Plugin => ({
  name: 'lectern:contained',
  transform(code, id) {
    if (LISTS.test(id) && code.includes('as: "style"')) return { code: code.replaceAll('as: "style"', 'as: "noscript"'), map: null }
    if (!PLAYER.test(id)) return undefined
    return { code: checked(playerMarkup(code, this.parse(code)), id), map: null }
  },
})
