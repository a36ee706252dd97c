import { access, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Violation } from './rings.ts'

/** The ports whose engine is a file of each home's own. */
const ENGINES = ['tables', 'objects', 'events', 'transcoder', 'identity', 'keys', 'alerts']
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'] as const
const EXACT = /^(npm:@?[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Every home has a file for each engine, and every engine's port has its laws. */
export const portViolations = async (root: string, homes: readonly string[]): Promise<Violation[]> => {
  const wanted = [...homes.flatMap((home) => ENGINES.map((port) => `homes/${home}/${port}.ts`)), ...ENGINES.map((port) => `ports/${port}.laws.ts`)]
  const found = await Promise.all(wanted.map((path) => exists(join(root, path))))
  return wanted.filter((_, index) => !found[index]).map((path) => ({ rule: 'a file for each port', place: path, says: 'is missing' }))
}

type Manifest = Partial<Record<(typeof DEPENDENCIES)[number], Record<string, string>>>

/** Every version is written out: what was tested is what is installed. */
export const pinViolations = (manifest: Manifest): Violation[] =>
  DEPENDENCIES.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => ({ rule: 'exact versions', place: `package.json ${kind}`, says: `${name} is ${version}` })),
  )

type Lock = { packages: Record<string, { integrity?: string; resolved?: string; inBundle?: boolean }> }

/** Each package is the very one whose digest was written down, from wherever npm is told to fetch; none has a place of its own. */
export const lockViolations = ({ packages }: Lock): Violation[] =>
  Object.entries(packages).flatMap(([path, { integrity, resolved, inBundle }]) => {
    const says = resolved !== undefined ? `comes from ${resolved}` : integrity === undefined && !inBundle ? 'has no digest' : undefined
    return path === '' || says === undefined ? [] : [{ rule: 'digests', place: path, says }]
  })

const FORBIDDEN: { pattern: RegExp; says: string }[] = [
  { pattern: /\bregistry\.[\w-]+\.(org|com|dev)\b|_authToken|npmmirror/, says: 'names a package registry' },
  { pattern: /(^|[\s'"`(=])\/(work|home|root|Users)\/\w/m, says: 'names a folder of somebody’s machine' },
  { pattern: /-----BEGIN (RSA |EC )?PRIVATE KEY-----\s*\n?[A-Za-z0-9+/=]{40}|\bsk_live_\w{8}|\bAKIA[0-9A-Z]{16}\b/, says: 'holds a secret' },
  {
    pattern: /\brejectUnauthorized\b|NODE_TLS_REJECT_UNAUTHORIZED|\bcheckServerIdentity\b|\bignoreTLS\b|\bcurl\b.* (-k|--insecure)\b/,
    says: 'turns the check of certificates off',
  },
]
const TEXT = /\.(ts|mjs|cjs|vue|json|md|css|html|ya?ml|sh)$|(^|\/)Dockerfile$|\.env\.example$|^(NOTICE|LICENSE|\.gitignore|\.ci\/run)$/
const SKIPPED = /(^|\/)(node_modules|dist|data|\.git|\.cache|coverage|test-results|cdk\.out)(\/|$)/

/** The text files of the tree, without what is built or kept while it runs. */
const textFiles = async (root: string, folder = ''): Promise<string[]> => {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  const found = entries.map(async (entry): Promise<string[]> => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (SKIPPED.test(path)) return []
    if (entry.isDirectory()) return textFiles(root, path)
    return TEXT.test(path) ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

export const wordViolations = async (root: string): Promise<Violation[]> => {
  const files = await textFiles(root)
  const found = await Promise.all(
    files.map(async (path) => {
      // Here the patterns and the tests of them stand.
      if (path.startsWith('test/architecture')) return []
      const text = await readFile(join(root, path), 'utf8')
      return FORBIDDEN.filter(({ pattern }) => pattern.test(text)).map(({ says }) => ({ rule: 'no such words', place: path, says }))
    }),
  )
  return found.flat()
}

const CITED = /(?<![\w./-])docs\/[\w./-]*\w/g
/** Of Markdown: what lies beside the page, and no address or heading. */
const LINKED = /\]\((?!https?:|mailto:|#)([^)#\s]+)/g

/** A page of the documentation that is named is there: by its path from the root anywhere, and by links from page to page. */
export const citedViolations = async (root: string): Promise<Violation[]> => {
  const files = (await textFiles(root)).filter((path) => !path.startsWith('test/architecture'))
  const cited = files.map(async (path) => {
    const text = await readFile(join(root, path), 'utf8')
    const linked = path.endsWith('.md') ? [...text.matchAll(LINKED)].map(([, target = '']) => join(dirname(path), target)) : []
    const named = [...text.matchAll(CITED)].map(([target]) => target)
    const absent = await Promise.all([...new Set([...named, ...linked])].map(async (target) => ((await exists(join(root, target))) ? [] : [target])))
    return absent.flat().map((target) => ({ rule: 'cited pages', place: path, says: `there is no ${target}` }))
  })
  return (await Promise.all(cited)).flat()
}
