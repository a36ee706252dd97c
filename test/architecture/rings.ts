import type { Import, Module } from './modules.ts'

export type Violation = { rule: string; place: string; says: string }

type Ring = {
  /** Rings whose files it may import, besides its own. */
  reaches: readonly string[]
  /** The packages it may import, where not all. */
  packages?: readonly string[]
  /** The modules of Node it may import, where not all. */
  node?: readonly string[]
}

/** DESIGN §2: contract, ports ← core ← api ← homes; ports ← vendors ← homes; contract ← web. */
const RINGS: Record<string, Ring> = {
  contract: { reaches: [], packages: ['@orpc/contract', 'zod/mini'], node: [] },
  ports: { reaches: [], packages: [], node: [] },
  core: { reaches: ['contract', 'ports'], packages: ['@orpc/contract', 'zod/mini', 'croner', 'fflate', 'yaml'], node: ['node:crypto'] },
  api: { reaches: ['contract', 'ports', 'core'] },
  vendors: { reaches: ['ports'] },
  homes: { reaches: ['contract', 'ports', 'core', 'api', 'vendors', 'sandbox'] },
  // Stand-ins for other companies' servers: they may know nothing of the school.
  sandbox: { reaches: [] },
  web: { reaches: ['contract'], node: [] },
  // Its manifest is its own, so that names of this one lead nowhere from there.
  amplify: { reaches: ['homes/aws'] },
  // Programs apart from the school: they share its words and its engines, and have no leave for its tables.
  tasks: { reaches: ['contract', 'ports', 'core', 'vendors', 'homes'] },
  scripts: { reaches: ['contract', 'ports', 'core', 'api', 'vendors', 'homes', 'sandbox'] },
}

/** What a port's laws may use besides: they are tests that every home calls. */
const LAWS_NODE = ['node:assert/strict', 'node:crypto', 'node:test']
/** What makes the app reads its sources; what lies in `src` runs in browsers. */
const BUILD_NODE = ['node:fs', 'node:path', 'node:url']

const isWithin = (path: string, folder: string): boolean => path.startsWith(`${folder}/`)
const isTestOnly = (path: string): boolean => isWithin(path, 'test') || isWithin(path, 'bench') || /\.(test|fixture|laws)\.ts$/.test(path)

/** What an import from one ring's source breaks, in a few words. */
const reachBroken = ({ ring, kind, path }: Module, { specifier, target = '', isOurs }: Import): [rule: string, says: string] | undefined => {
  const rules = RINGS[ring]
  if (!rules) return undefined
  if (isOurs) {
    if (kind === 'source' && isTestOnly(target)) return ['tests', 'is for tests only']
    const mayReach = [ring, ...rules.reaches].some((folder) => isWithin(target, folder))
    return mayReach ? undefined : [`ring ${ring}`, `lies outside ${[ring, ...rules.reaches].join(', ')}`]
  }
  if (specifier.startsWith('node:')) {
    const isBuild = ring === 'web' && !isWithin(path, 'web/src')
    const allowed = kind === 'laws' ? [...(rules.node ?? []), ...LAWS_NODE] : isBuild ? BUILD_NODE : rules.node
    return allowed === undefined || allowed.includes(specifier) ? undefined : [`${ring} without Node`, 'is Node’s']
  }
  return rules.packages === undefined || rules.packages.includes(specifier) ? undefined : [`${ring}’s packages`, 'is none of its packages']
}

const importBroken = (module: Module, found: Import): [rule: string, says: string] | undefined => {
  if (found.isOurs && found.target === undefined) return ['resolves', 'leads nowhere']
  const leaves = found.isOurs && module.ring !== 'amplify' && found.specifier.startsWith('.') && found.target?.split('/')[0] !== module.ring
  if (leaves) return ['by name', `lies in another ring: write #${found.target}`]
  // A test may set up the whole school from any ring.
  return module.kind === 'test' ? undefined : reachBroken(module, found)
}

export const ringViolations = (modules: readonly Module[]): Violation[] =>
  modules.flatMap((module) =>
    module.imports.flatMap((found) => {
      const broken = importBroken(module, found)
      return broken ? [{ rule: broken[0], place: `${module.path}:${found.line}`, says: `${found.specifier} ${broken[1]}` }] : []
    }),
  )

/** Each cycle once, from the file it was entered by. Types count: a cycle of types is a file that cannot be read alone. */
export const cycles = (modules: readonly Module[]): Violation[] => {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const finished = new Set<string>()
  const found: Violation[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) found.push({ rule: 'no cycles', place: path, says: [...trail.slice(at), path].join(' → ') })
    if (at >= 0 || finished.has(path)) return
    for (const target of new Set(byPath.get(path)?.imports.map((each) => each.target))) if (target !== undefined) visit(target, [...trail, path])
    finished.add(path)
  }
  for (const { path } of modules) visit(path, [])
  return found
}
