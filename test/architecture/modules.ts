import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import ts from 'typescript'

/** A source file with what it imports. Paths are relative to the tree's root, with forward slashes. */
export type Module = { path: string; ring: string; kind: 'source' | 'laws' | 'test'; text: string; syntax: ts.SourceFile; imports: Import[] }

/** `target` is a path of the tree, a package or a `node:` module as written, or undefined where a path of ours leads nowhere. */
export type Import = { specifier: string; target: string | undefined; isOurs: boolean; line: number }

const RINGS = ['contract', 'ports', 'core', 'api', 'vendors', 'homes', 'sandbox', 'tasks', 'web', 'amplify', 'bench', 'test', 'scripts']
const NOT_OURS = new Set(['node_modules', 'dist', 'generated', 'cdk.out'])

/** Every source file below the rings' folders, sorted. */
export const sourcePaths = async (root: string): Promise<string[]> => {
  const below = RINGS.map((ring) => readdir(join(root, ring), { recursive: true, withFileTypes: true }).catch(() => []))
  const entries = (await Promise.all(below)).flat().filter((entry) => entry.isFile() && /\.(ts|mjs|vue)$/.test(entry.name))
  const paths = entries.map(({ parentPath, name }) => posix.join(...parentPath.slice(root.length).split(/[\\/]/), name).replace(/^\//, ''))
  return paths.filter((path) => !path.split('/').some((part) => NOT_OURS.has(part) || part.startsWith('.'))).sort()
}

/** The scripts of a Vue file on the lines they stand on, so that what is found has the right line. */
const scriptOf = (path: string, text: string): string => {
  if (!path.endsWith('.vue')) return text
  const script = /<script\b[^>]*>([\s\S]*?)<\/script>/g
  return [...text.matchAll(script)].reduce(
    (blank, { 0: all, 1: code = '', index }) => {
      const start = index + all.indexOf('>') + 1
      return blank.slice(0, start) + code + blank.slice(start + code.length)
    },
    text.replace(/[^\n]/g, ' '),
  )
}

const specifierOf = (node: ts.Node): ts.StringLiteral | undefined => {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) return node.moduleSpecifier
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) return node.argument.literal
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
  const [first] = isDynamic ? node.arguments : []
  return first && ts.isStringLiteral(first) ? first : undefined
}

/** Calls `visit` with a node and all below it. */
export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

export const lineOf = (syntax: ts.SourceFile, node: ts.Node): number => syntax.getLineAndCharacterOfPosition(node.getStart(syntax)).line + 1

/** `#ring/x.ts` is `ring/x.ts`, as package.json's `imports` says; every other name without a dot is a package. */
const resolved = (path: string, specifier: string, existing: ReadonlySet<string>): Pick<Import, 'target' | 'isOurs'> => {
  const alias = /^#([a-z]+)\/(.*)$/.exec(specifier)
  // The interface's components are configured under a name their build makes.
  if (alias?.[1] === 'build' || (!alias && !specifier.startsWith('.'))) return { target: specifier, isOurs: false }
  const target = alias ? `${alias[1]}/${alias[2]}` : posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''))
  return { target: existing.has(target) ? target : undefined, isOurs: true }
}

/** What is no source file but may be imported: styles, locales, package.json. */
const isAsset = (specifier: string): boolean => /\.(css|json|svg|sql|txt|html)(\?.*)?$/.test(specifier)

const kindOf = (path: string): Module['kind'] => {
  if (/\.laws\.ts$/.test(path)) return 'laws'
  return /^(test|bench)\/|\.(test|fixture)\.ts$/.test(path) ? 'test' : 'source'
}

export const readModules = async (root: string): Promise<Module[]> => {
  const paths = await sourcePaths(root)
  const existing = new Set(paths)
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(root, path), 'utf8')
      const syntax = ts.createSourceFile(path, scriptOf(path, text), ts.ScriptTarget.Latest, false, ts.ScriptKind.TS)
      const imports: Import[] = []
      walk(syntax, (node) => {
        const specifier = specifierOf(node)?.text
        if (specifier !== undefined && !isAsset(specifier)) imports.push({ specifier, ...resolved(path, specifier, existing), line: lineOf(syntax, node) })
      })
      return { path, ring: path.split('/')[0] ?? '', kind: kindOf(path), text, syntax, imports }
    }),
  )
}
