import ts from 'typescript'
import { lineOf, type Module, walk } from './modules.ts'
import type { Violation } from './rings.ts'

const MOST_FUNCTION_LINES = 60
const BANNED_GLOBALS = new Set([
  'process',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'globalThis',
  'XMLHttpRequest',
  'WebSocket',
])

const mostLines = ({ path, kind }: Module): number => {
  if (path.endsWith('.vue')) return 250
  return kind === 'source' ? 300 : 400
}

export const linesOf = ({ text }: Module): number => text.trimEnd().split('\n').length

const longFiles = (module: Module): Violation[] => {
  const [lines, most] = [linesOf(module), mostLines(module)]
  return lines > most ? [{ rule: 'file length', place: module.path, says: `has ${lines} lines, ${most} at most` }] : []
}

type Extent = { line: number; lines: number }

/** The functions with a body of statements. */
export const functionsOf = ({ syntax }: Module): Extent[] => {
  const found: Extent[] = []
  walk(syntax, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body || !ts.isBlock(node.body)) return
    const last = syntax.getLineAndCharacterOfPosition(node.end).line + 1
    found.push({ line: lineOf(syntax, node), lines: last - lineOf(syntax, node) + 1 })
  })
  return found
}

/** Of tests only the files' length counts: a suite is a function too. */
const longFunctions = (module: Module): Violation[] =>
  (module.kind === 'source' ? functionsOf(module) : [])
    .filter(({ lines }) => lines > MOST_FUNCTION_LINES)
    .map(({ line, lines }) => ({ rule: 'function length', place: `${module.path}:${line}`, says: `has ${lines} lines, ${MOST_FUNCTION_LINES} at most` }))

const isNameOnly = (node: ts.Identifier, parent: ts.Node): boolean =>
  (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
  ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent)) &&
    parent.name === node)

/** Time, chance and the outside world, which contract and core get from their caller. */
const worldly = (node: ts.Node, parent: ts.Node): string | undefined => {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Date' && !node.arguments?.length) return 'new Date()'
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const name = `${node.expression.text}.${node.name.text}`
    if (name === 'Date.now' || name === 'Math.random' || name === 'crypto.randomUUID') return name
  }
  const isBanned = ts.isIdentifier(node) && BANNED_GLOBALS.has(node.text) && !isNameOnly(node, parent)
  return isBanned ? node.text : undefined
}

const purity = (module: Module): Violation[] => {
  if (module.kind !== 'source' || (module.ring !== 'core' && module.ring !== 'contract')) return []
  const found: Violation[] = []
  const visit = (node: ts.Node, parent: ts.Node): void => {
    const name = worldly(node, parent)
    if (name !== undefined)
      found.push({ rule: 'no world of its own', place: `${module.path}:${lineOf(module.syntax, node)}`, says: `${name} comes from the world` })
    ts.forEachChild(node, (child) => visit(child, node))
  }
  visit(module.syntax, module.syntax)
  return found
}

const LOOSE: { rule: string; pattern: RegExp; says: string }[] = [
  // What is silenced must say why, in the words after it.
  { rule: 'no silencing', pattern: /@ts-(ignore|nocheck)|@ts-expect-error\s*$/, says: 'silences the types' },
  { rule: 'no silencing', pattern: /biome-ignore[^:]*$|biome-ignore-all/, says: 'silences lint without a reason' },
  {
    rule: 'every test runs',
    pattern: /\b(test|it|describe)\.(only|skip)\(|\b(only|skip): true/,
    says: 'runs not all tests; a skip gives its reason: { skip: "why" }',
  },
]

const looseLines = (module: Module): Violation[] =>
  module.text.split('\n').flatMap((line, index) =>
    // The patterns themselves stand here and in the tests of them.
    module.path.startsWith('test/architecture')
      ? []
      : LOOSE.filter(({ pattern }) => pattern.test(line)).map(({ rule, says }) => ({ rule, place: `${module.path}:${index + 1}`, says })),
  )

/** `any` and `!` in every file, also where lint does not look. */
const looseTypes = (module: Module): Violation[] => {
  const found: Violation[] = []
  const lines = module.text.split('\n')
  walk(module.syntax, (node) => {
    const isAny = node.kind === ts.SyntaxKind.AnyKeyword
    if (!isAny && !ts.isNonNullExpression(node)) return
    const line = lineOf(module.syntax, node)
    if (isAny && lines[line - 2]?.includes('noExplicitAny:')) return
    found.push({ rule: 'strict types', place: `${module.path}:${line}`, says: isAny ? 'any' : 'a value taken to be there with !' })
  })
  return found
}

export const shapeViolations = (modules: readonly Module[]): Violation[] =>
  modules.flatMap((module) => [...longFiles(module), ...longFunctions(module), ...purity(module), ...looseLines(module), ...looseTypes(module)])
