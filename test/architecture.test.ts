import assert from 'node:assert/strict'
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { dangerViolations } from './architecture/dangers.ts'
import { type Module, readModules } from './architecture/modules.ts'
import { citedViolations, lockViolations, pinViolations, portViolations, wordViolations } from './architecture/project.ts'
import { cycles, ringViolations, type Violation } from './architecture/rings.ts'
import { functionsOf, shapeViolations } from './architecture/shape.ts'

const ROOT = join(import.meta.dirname, '..')
const COMMON_FUNCTION_LINES = 40

const told = (violations: readonly Violation[]): string[] => violations.map(({ rule, place, says }) => `${place} (${rule}): ${says}`)

describe('the architecture of the school', () => {
  let modules: Module[] = []
  before(async () => {
    modules = await readModules(ROOT)
  })

  it('is read whole: every source file on the disk, and the imports between them', async () => {
    const onDisk = await Array.fromAsync(glob('**/*.{ts,mjs,vue}', { cwd: ROOT, exclude: ['**/node_modules', '**/dist', 'data', '**/cdk.out', 'docs'] }))
    assert.deepEqual(
      modules.map(({ path }) => path),
      onDisk.map((path) => path.replaceAll('\\', '/')).toSorted(),
    )
    const crossings = modules.flatMap(({ imports }) => imports).filter(({ isOurs, target }) => isOurs && target !== undefined)
    assert.ok(crossings.length > modules.length, `only ${crossings.length} imports were resolved`)
  })

  it('imports in one direction only, and by name across rings', () => assert.deepEqual(told(ringViolations(modules)), []))
  it('has no cycles', () => assert.deepEqual(told(cycles(modules)), []))
  it('is made of short, strictly typed pieces, and takes time and chance from the world', () => assert.deepEqual(told(shapeViolations(modules)), []))

  it('makes no code of a text, and starts programs by lists of arguments and never by a shell', () => assert.deepEqual(told(dangerViolations(modules)), []))

  it('has functions that mostly fit on a screen', () => {
    const lengths = modules.filter(({ kind }) => kind === 'source').flatMap((module) => functionsOf(module).map(({ lines }) => lines))
    const common = lengths.toSorted((a, b) => a - b)[Math.floor(lengths.length * 0.9)] ?? Number.POSITIVE_INFINITY
    assert.ok(common <= COMMON_FUNCTION_LINES, `nine in ten have up to ${common} lines`)
  })

  it('has an engine for every port, and laws for every engine', async () => assert.deepEqual(told(await portViolations(ROOT, ['machine'])), []))
  it('names the exact version of every dependency', async () =>
    assert.deepEqual(told(pinViolations(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')))), []))
  it('is installed from npm’s registry alone, by the digest of each package', async () => {
    for (const lock of ['package-lock.json', 'amplify/package-lock.json'])
      assert.deepEqual(told(lockViolations(JSON.parse(await readFile(join(ROOT, lock), 'utf8')))), [], lock)
  })
  it('names no page of the documentation that is not there', async () => assert.deepEqual(told(await citedViolations(ROOT)), []))
  it('names no registry, no folder of a machine and no secret, and nowhere turns the check of certificates off', async () =>
    assert.deepEqual(told(await wordViolations(ROOT)), []))
})

const MANY_LINES = (lines: number): string => '// a line\n'.repeat(lines)
const LONG_FUNCTION = `export const long = () => {\n${'  void 0\n'.repeat(60)}}\n`

/** A tree that breaks nothing. */
const SOUND: Record<string, string> = {
  'contract/base.ts': "import * as z from 'zod/mini'\nexport const base = z.string()\n",
  'ports/tables.ts': 'export type Tables = { get(): Promise<string> }\n',
  'ports/tables.laws.ts':
    "import { test } from 'node:test'\nimport type { Tables } from './tables.ts'\nexport const laws = (_: Tables) => test('holds', () => {})\n",
  'core/enrol.ts': "import { createHash } from 'node:crypto'\nimport { base } from '#contract/base.ts'\nexport const enrol = () => [createHash, base]\n",
  'core/enrol.test.ts': "import { tables } from '#homes/machine/tables.ts'\nvoid [tables, Date.now()]\n",
  'api/mount.ts': "import { enrol } from '#core/enrol.ts'\nexport const mount = enrol\n",
  'vendors/stripe/client.ts': "import type { Tables } from '#ports/tables.ts'\nexport type Client = Tables\n",
  'homes/machine/tables.ts': "import { mount } from '#api/mount.ts'\nexport const tables = mount\n",
  'homes/aws/entries/api.ts': 'export const handler = 1\n',
  'sandbox/stripe/server.ts': "import { createServer } from 'node:http'\nexport const server = createServer\n",
  'amplify/api.ts': "import { handler } from '../homes/aws/entries/api.ts'\nexport const api = handler\n",
  'web/src/App.vue': '<script setup lang="ts">\nimport { base } from \'#contract/base.ts\'\nvoid base\n</script>\n<template><p>!</p></template>\n',
}

/** One file each that breaks the tree, with the rule it breaks. */
const BREACHES: [says: string, rule: string, path: string, text: string][] = [
  ['contract that reads core', 'ring contract', 'contract/x.ts', "import { enrol } from '#core/enrol.ts'\nvoid enrol\n"],
  ['contract with a package of its own', 'contract’s packages', 'contract/x.ts', "import { Hono } from 'hono'\nvoid Hono\n"],
  ['contract that uses Node', 'contract without Node', 'contract/x.ts', "import 'node:fs'\n"],
  ['a port that reads the contract', 'ring ports', 'ports/x.ts', "import type { base } from '#contract/base.ts'\nexport type X = typeof base\n"],
  ['a port with a package', 'ports’s packages', 'ports/x.ts', "import * as z from 'zod/mini'\nvoid z\n"],
  ['laws that open a file', 'ports without Node', 'ports/x.laws.ts', "import 'node:fs'\n"],
  ['a port that tests itself', 'ports without Node', 'ports/x.ts', "import 'node:test'\n"],
  ['core that reads a home', 'ring core', 'core/x.ts', "export { tables } from '#homes/machine/tables.ts'\n"],
  ['core that reads a home only for a type', 'ring core', 'core/x.ts', "export type X = typeof import('#homes/machine/tables.ts')\n"],
  ['core that reads a home when it runs', 'ring core', 'core/x.ts', "export const x = () => import('#homes/machine/tables.ts')\n"],
  ['core that opens files', 'core without Node', 'core/x.ts', "import 'node:fs/promises'\n"],
  ['core that knows a company', 'core’s packages', 'core/x.ts', "import Stripe from 'stripe'\nvoid Stripe\n"],
  ['the HTTP edge that reads a home', 'ring api', 'api/x.ts', "import { tables } from '#homes/machine/tables.ts'\nvoid tables\n"],
  ['a vendor that reads core', 'ring vendors', 'vendors/x.ts', "import { enrol } from '#core/enrol.ts'\nvoid enrol\n"],
  ['a stand-in that knows the school', 'ring sandbox', 'sandbox/x.ts', "import { base } from '#contract/base.ts'\nvoid base\n"],
  ['the web app that reads core', 'ring web', 'web/src/X.vue', '<script setup lang="ts">\nimport { enrol } from \'#core/enrol.ts\'\nvoid enrol\n</script>\n'],
  ['the web app that uses Node', 'web without Node', 'web/src/x.ts', "import 'node:fs'\n"],
  ['infrastructure beyond its home', 'ring amplify', 'amplify/x.ts', "import { tables } from '../homes/machine/tables.ts'\nvoid tables\n"],
  ['a program that leans on a test', 'tests', 'homes/machine/x.ts', "import '#core/enrol.test.ts'\n"],
  ['a ring reached by a relative path', 'by name', 'homes/machine/x.ts', "import { enrol } from '../../core/enrol.ts'\nvoid enrol\n"],
  ['an import that leads nowhere', 'resolves', 'core/x.ts', "import { gone } from './gone.ts'\nvoid gone\n"],
  ['a file that imports itself by way of another', 'no cycles', 'contract/base.ts', "import '#contract/y.ts'\n"],
  ['a long file', 'file length', 'core/x.ts', MANY_LINES(301)],
  ['a long Vue file', 'file length', 'web/src/X.vue', MANY_LINES(251)],
  ['a long function', 'function length', 'core/x.ts', LONG_FUNCTION],
  ['any', 'strict types', 'core/x.ts', 'export const x: any = 1\n'],
  ['a value taken to be there', 'strict types', 'web/src/X.vue', '<script setup lang="ts">\nconst x: string[] = []\nvoid x[0]!.length\n</script>\n'],
  ['types that are silenced', 'no silencing', 'api/x.ts', '// @ts-ignore\nexport const x = 1\n'],
  ['a test left alone', 'every test runs', 'core/x.test.ts', "import { test } from 'node:test'\ntest.only('x', () => {})\n"],
  ['a test skipped without a reason', 'every test runs', 'core/x.test.ts', "import { test } from 'node:test'\ntest('x', { skip: true }, () => {})\n"],
  ['core that reads the clock', 'no world of its own', 'core/x.ts', 'export const now = () => Date.now()\n'],
  ['core that makes the present', 'no world of its own', 'core/x.ts', 'export const now = () => new Date()\n'],
  ['core that throws dice', 'no world of its own', 'core/x.ts', 'export const dice = () => Math.random()\n'],
  ['core that calls out', 'no world of its own', 'core/x.ts', "export const out = () => fetch('http://localhost')\n"],
  ['code that is made of a text', 'no code of text', 'web/src/x.ts', 'export const x = (text: string): unknown => eval(text)\n'],
  ['a text that is run by another name', 'no code of text', 'web/src/x.ts', 'export const x = (text: string): unknown => window.eval(text)\n'],
  ['a function that is made of a text', 'no code of text', 'homes/machine/x.ts', 'export const x = (text: string): unknown => new Function(text)\n'],
  ['a text that runs in another context', 'no code of text', 'homes/machine/x.ts', "import { runInNewContext } from 'node:vm'\nvoid runInNewContext\n"],
  ['a program that a shell starts', 'no shell', 'homes/machine/x.ts', "import { spawn } from 'node:child_process'\nspawn('x', ['y'], { shell: true })\n"],
  ['a line of words for a shell', 'no shell', 'homes/machine/x.ts', "import { exec as run } from 'node:child_process'\nrun('x y')\n"],
  ['all that starts programs, by one name', 'no shell', 'scripts/x.ts', "import * as programs from 'node:child_process'\nvoid programs\n"],
  ['contract that reads the environment', 'no world of its own', 'contract/x.ts', "export const key = process.env['KEY']\n"],
]

describe('the check of the architecture', () => {
  let root = ''
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const broken = async (): Promise<Violation[]> => {
    const modules = await readModules(root)
    return [...ringViolations(modules), ...cycles(modules), ...shapeViolations(modules), ...dangerViolations(modules)]
  }
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'lectern-architecture-'))
    for (const [path, text] of Object.entries({ ...SOUND, 'contract/y.ts': "import { base } from './base.ts'\nvoid base\n" })) await write(path, text)
  })
  after(() => rm(root, { recursive: true, force: true }))

  it('is content with a sound tree', async () => assert.deepEqual(told(await broken()), []))

  for (const [says, rule, path, text] of BREACHES) {
    it(`refuses ${says}, until it is mended`, async () => {
      await write(path, text)
      assert.deepEqual([...new Set((await broken()).map((violation) => violation.rule))], [rule])
      await (SOUND[path] === undefined ? rm(join(root, path)) : write(path, SOUND[path]))
      assert.deepEqual(told(await broken()), [])
    })
  }

  it('misses an engine, and laws, that are not there', async () => {
    const missing = (await portViolations(root, ['machine'])).map(({ place }) => place)
    assert.ok(missing.includes('homes/machine/objects.ts') && missing.includes('ports/objects.laws.ts'))
    assert.ok(!missing.includes('homes/machine/tables.ts') && !missing.includes('ports/tables.laws.ts'))
  })

  it('refuses a version that may drift', () => {
    const dependencies = { a: '^1.0.0', b: '1.0.0', c: 'latest', d: 'npm:e@2.0.0', f: 'npm:e@~2.0.0' }
    assert.deepEqual(
      pinViolations({ dependencies }).map(({ says }) => says),
      ['a is ^1.0.0', 'c is latest', 'f is npm:e@~2.0.0'],
    )
  })

  it('refuses a package of no digest, or of a place of its own', () => {
    const packages = {
      '': {},
      'node_modules/a': { integrity: 'sha512-a' },
      'node_modules/b': {},
      'node_modules/c': { resolved: 'git+ssh://git@school.example/c' },
    }
    assert.deepEqual(
      lockViolations({ packages }).map(({ place }) => place),
      ['node_modules/b', 'node_modules/c'],
    )
  })

  it('refuses a page that is named and not there', async () => {
    await write('docs/there.md', 'See [this](there.md), [that](gone.md#x) and [outside](https://school.example).\n')
    await write('core/cites.ts', '// docs/there.md and docs/operations/gone.md\n')
    const [cited, linked] = (await citedViolations(root)).toSorted((a, b) => a.place.localeCompare(b.place))
    assert.deepEqual([cited?.says, linked?.says], ['there is no docs/operations/gone.md', 'there is no docs/gone.md'])
  })

  it('refuses the name of a registry, a folder of a machine, a secret, and certificates that nobody checks', async () => {
    await write('docs/a.md', `Fetched from https://registry.example.org/x\n`)
    await write('docs/b.md', 'Lies in /home/ada/lectern\n')
    await write('docs/c.md', `The key is sk_live_${'x'.repeat(12)}\n`)
    await write('vendors/d.ts', 'export const tls = { rejectUnauthorized: false }\n')
    await write('selfhost/compose.yaml', 'environment: { NODE_TLS_REJECT_UNAUTHORIZED: "0" }\n')
    await write('scripts/e.sh', 'curl --insecure https://school.example\n')
    const places = ['docs/a.md', 'docs/b.md', 'docs/c.md', 'scripts/e.sh', 'selfhost/compose.yaml', 'vendors/d.ts']
    assert.deepEqual((await wordViolations(root)).map(({ place }) => place).toSorted(), places)
  })
})
