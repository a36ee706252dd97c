import ts from 'typescript'
import { lineOf, type Module, walk } from './modules.ts'
import type { Violation } from './rings.ts'

/** Where a context of its own is made for words that stand there. */
const MAY_USE_VM = ['homes/machine/heap.ts']
/** Of Node's, those that hand a line of words to a shell. */
const BY_SHELL = new Set(['exec', 'execSync'])

const named = (node: ts.Expression): string => {
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  return ts.isIdentifier(node) ? node.text : ''
}

/** `eval` by whatever name it is called, and functions that are made of a text. */
const isCodeOfText = (node: ts.Node): boolean => {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'eval'
  if (ts.isIdentifier(node)) return node.text === 'eval'
  return (ts.isNewExpression(node) || ts.isCallExpression(node)) && named(node.expression) === 'Function'
}

const importsOf = (node: ts.Node, from: string): ts.ImportDeclaration | undefined =>
  ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text === from ? node : undefined

/** Taken whole, nobody sees which of its functions are called. */
const takesShell = ({ importClause }: ts.ImportDeclaration): boolean => {
  const bindings = importClause?.namedBindings
  if (!bindings || !ts.isNamedImports(bindings)) return true
  return bindings.elements.some(({ name, propertyName }) => BY_SHELL.has((propertyName ?? name).text))
}

const isShellOption = (node: ts.Node): boolean =>
  (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) && ts.isIdentifier(node.name) && node.name.text === 'shell'

const dangersIn = (module: Module): Violation[] => {
  const { path, kind, syntax, imports } = module
  const startsPrograms = imports.some(({ specifier }) => specifier === 'node:child_process')
  const found: Violation[] = []
  const note = (node: ts.Node, rule: string, says: string): void => void found.push({ rule, place: `${path}:${lineOf(syntax, node)}`, says })
  walk(syntax, (node) => {
    if (isCodeOfText(node)) note(node, 'no code of text', 'makes code of a text')
    if (kind === 'source' && importsOf(node, 'node:vm') && !MAY_USE_VM.includes(path)) note(node, 'no code of text', 'runs a text as code')
    const programs = importsOf(node, 'node:child_process')
    if (programs && takesShell(programs)) note(node, 'no shell', 'starts programs by a shell')
    if (startsPrograms && isShellOption(node)) note(node, 'no shell', 'starts programs by a shell')
  })
  return found
}

/** Texts are run by nobody: not as code, and not by a shell. */
export const dangerViolations = (modules: readonly Module[]): Violation[] => modules.flatMap(dangersIn)
