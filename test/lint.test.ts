import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const BIOME = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')

/** A file each that one rule must refuse: overrides in biome.json are easy to get wrong without anybody noticing. */
const BREACHES: Record<string, { path: string; text: string }> = {
  'lint/suspicious/noExplicitAny': { path: 'core/any.ts', text: 'export const x: any = 1\n' },
  'lint/style/noNonNullAssertion': { path: 'core/there.ts', text: 'export const x = (list: string[]) => list[0]!.length\n' },
  'lint/security/noGlobalEval': { path: 'core/runs.ts', text: 'export const x = (text: string): unknown => eval(text)\n' },
  'lint/style/useImportType': { path: 'core/type.ts', text: "import { X } from './there.ts'\n\nexport type Y = X\n" },
  'lint/nursery/noFloatingPromises': {
    path: 'homes/floats.ts',
    text: 'const later = async (): Promise<number> => 1\n\nexport const x = () => {\n  later()\n}\n',
  },
  'lint/style/noRestrictedGlobals': { path: 'core/calls.ts', text: "export const x = () => fetch('/x')\n" },
  'lint/style/noEnum': { path: 'api/kinds.ts', text: "export enum Kind {\n  One = 'one',\n}\n" },
  'lint/style/noDefaultExport': { path: 'api/whole.ts', text: 'const whole = 1\nexport default whole\n' },
  'lint/style/useFilenamingConvention': { path: 'api/camelCase.ts', text: 'export const x = 1\n' },
  'lint/style/useNodejsImportProtocol': { path: 'homes/bare.ts', text: "import { join } from 'path'\n\nexport const x = join\n" },
  'lint/suspicious/noFocusedTests': { path: 'core/alone.test.ts', text: "import { test } from 'node:test'\n\ntest.only('x', () => {})\n" },
  'lint/correctness/noUnusedImports': {
    path: 'web/src/Unused.vue',
    text: '<script setup lang="ts">\nimport { ref } from \'vue\'\n</script>\n\n<template><p>Text</p></template>\n',
  },
  'lint/a11y/useAltText': { path: 'web/src/Picture.vue', text: '<template><img src="/x.png"></template>\n' },
  format: { path: 'api/wide.ts', text: 'export const x = "double quotes";\n' },
}

type Report = { diagnostics: { category: string; location: { path: string | { file: string } } }[] }

const categoriesOf = ({ diagnostics }: Report): Map<string, string[]> => {
  const byPath = new Map<string, string[]>()
  for (const { category, location } of diagnostics) {
    const path = typeof location.path === 'string' ? location.path : location.path.file
    byPath.set(path, [...(byPath.get(path) ?? []), category])
  }
  return byPath
}

describe('the rules of lint', () => {
  let root = ''
  let found = new Map<string, string[]>()
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'lectern-lint-'))
    const config = JSON.parse(await readFile(join(ROOT, 'biome.json'), 'utf8'))
    await writeFile(join(root, 'biome.json'), JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }))
    await mkdir(join(root, 'web', 'src'), { recursive: true })
    await writeFile(
      join(root, 'web', 'src', 'Used.vue'),
      '<script setup lang="ts">\nimport { formatted } from \'./formatted.ts\'\n</script>\n\n<template>\n  <p>{{ formatted }}</p>\n</template>\n',
    )
    for (const { path, text } of Object.values(BREACHES)) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
    const out = await new Promise<string>((resolve) =>
      execFile(process.execPath, [BIOME, 'check', '--reporter=json', '--max-diagnostics=none', '.'], { cwd: root }, (_, stdout) => resolve(stdout)),
    )
    found = categoriesOf(JSON.parse(out))
  })
  after(() => rm(root, { recursive: true, force: true }))

  for (const [rule, { path }] of Object.entries(BREACHES)) {
    it(`refuse ${path} by ${rule}`, () => assert.ok(found.get(path)?.includes(rule), `found ${JSON.stringify(found.get(path) ?? [])}`))
  }

  it('know what a Vue template uses of its script', () => assert.equal(found.get('web/src/Used.vue'), undefined))
})
