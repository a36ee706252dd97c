import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const src = join(dirname(fileURLToPath(import.meta.url)), 'src')

/** What is loaded with a file: what it imports by name, and components that come a moment later. */
const WITH_IT = [
  /^import (?!type\b)[^'"]*['"](\.[^'"]+)['"]/gms,
  /^\s*(?:\} )?from '(\.[^']+)'/gm,
  /(?:defineAsyncComponent|styledComponent)\(\(\) => import\('([^']+)'\)\)/g,
]
/** Pages of the routes that are open to everybody. */
const PAGES = /component: \(\) => import\('([^']+)'\)/g

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].flatMap(([, found]) => found ?? [])

/** Every source that may be at work in the browser of somebody who has not signed in: path below `src` and text. */
export const visitorsSources = (): Map<string, string> => {
  const found = new Map<string, string>()
  const walk = (path: string): void => {
    if (found.has(path) || !/\.(ts|vue)$/.test(path) || !existsSync(path)) return
    const text = readFileSync(path, 'utf8')
    found.set(path, text)
    const patterns = path.endsWith('pages/visitor-routes.ts') ? [...WITH_IT, PAGES] : WITH_IT
    for (const next of patterns.flatMap((pattern) => matches(text, pattern))) walk(join(dirname(path), next))
  }
  walk(join(src, 'main.ts'))
  return found
}

export type Texts = Record<string, unknown>

const localeFiles = (): string[] =>
  readdirSync(join(src, 'locales'))
    .filter((name) => /^en(\.\w+)?\.json$/.test(name))
    .map((name) => join(src, 'locales', name))

// Files of texts, which their own test reads as such.
const english = (): Texts => Object.assign({}, ...localeFiles().map((path) => JSON.parse(readFileSync(path, 'utf8')) as Texts))

/** What sources name of the texts, as paths: of `legal.${page}` all of `legal`. */
const namedTexts = (): string[][] =>
  [...visitorsSources().values()].flatMap((text) => matches(text, /['"`]([a-z]\w*(?:\.\w+)*)(?:\.\$\{[^}]*\}[^'"`]*)?['"`]/g)).map((key) => key.split('.'))

const isGroup = (texts: unknown): texts is Texts => typeof texts === 'object' && texts !== null

/** Two parts of the texts: what paths lead to, and the others. */
const divided = (texts: Texts, paths: readonly string[][]): { named: Texts; others: Texts } => {
  const parts: { named: Texts; others: Texts } = { named: {}, others: {} }
  for (const [key, value] of Object.entries(texts)) {
    const into = paths.filter(([first]) => first === key).map(([, ...rest]) => rest)
    if (into.some(({ length }) => length === 0)) parts.named[key] = value
    else if (into.length === 0 || !isGroup(value)) parts.others[key] = value
    else {
      const within = divided(value, into)
      if (Object.keys(within.named).length > 0) parts.named[key] = within.named
      if (Object.keys(within.others).length > 0) parts.others[key] = within.others
    }
  }
  return parts
}

/** English as visitors' sources name it, and the rest. A single word is no path: many a string is spelled like a section. */
export const splitTexts = (): { visitors: Texts; inside: Texts } => {
  const whole = namedTexts().filter(({ length }) => length > 1)
  const groups = [...visitorsSources().values()].flatMap((text) => matches(text, /`([a-z]\w*)\.\$\{/g)).map((key) => [key])
  const { named, others } = divided(english(), [...whole, ...groups])
  return { visitors: named, inside: others }
}

/** What components draw by themselves: waiting, closing, choosing. */
const OF_COMPONENTS = ['loader-circle', 'x', 'chevron-down', 'check']

/** Lucide's names of the icons in visitors' sources. */
export const visitorsIcons = (): string[] => [
  ...new Set([...OF_COMPONENTS, ...[...visitorsSources().values()].flatMap((text) => matches(text, /\bi-lucide-([a-z0-9-]+)/g))]),
]

type Lucide = { icons: Record<string, object>; aliases?: Record<string, { parent: string }>; width?: number; height?: number }

const icons = (): Record<string, object> => {
  // Iconify's own collection, of its published type.
  const lucide = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('@iconify-json/lucide/icons.json')), 'utf8')) as Lucide
  const drawingOf = (name: string): object => {
    const { parent, ...changes } = lucide.aliases?.[name] ?? {}
    const found = lucide.icons[name] ?? (parent === undefined ? undefined : { ...drawingOf(parent), ...changes })
    if (!found) throw new Error(`Lucide has no icon ${name}.`)
    return { width: lucide.width, height: lucide.height, ...found }
  }
  return Object.fromEntries(visitorsIcons().map((name) => [`lucide-${name}`, drawingOf(name)]))
}

const PARTS: Record<string, () => unknown> = {
  'virtual:texts/visitors': () => splitTexts().visitors,
  'virtual:texts/inside': () => splitTexts().inside,
  'virtual:icons/visitors': icons,
}

/** Makes what visitors load out of what their pages name, so that nobody has to keep a list. */
export const partsForVisitors = (): Plugin => ({
  name: 'lectern:visitors',
  resolveId: (id) => (id in PARTS ? `\0${id}` : undefined),
  load(id) {
    const part = id.startsWith('\0') ? PARTS[id.slice(1)] : undefined
    if (!part) return undefined
    for (const path of [...visitorsSources().keys(), ...localeFiles()]) this.addWatchFile(path)
    // Read as JSON: a parser of data is quicker than one of a language.
    return `export default JSON.parse(${JSON.stringify(JSON.stringify(part()))})`
  },
})
