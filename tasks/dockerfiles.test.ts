import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { PROGRAMS } from './bundle.ts'

const HERE = import.meta.dirname
const MANIFEST = join(HERE, '..', 'package.json')

/** Instructions, one a line, and of the last stage what is in the image. */
const lines = (await readFile(join(HERE, 'Dockerfile'), 'utf8'))
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
const image = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))

const argumentsOf = (of: readonly string[], name: string): string[] =>
  of.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

describe('the image of a program', () => {
  it('is made of one Dockerfile, by the program’s name', async () => {
    assert.deepEqual(
      (await readdir(HERE, { recursive: true })).filter((path) => path.endsWith('Dockerfile')),
      ['Dockerfile'],
    )
    for (const program of PROGRAMS) assert.ok((await readdir(join(HERE, program))).includes('main.ts'), program)
  })

  it('holds the one file that is bundled from the entry a machine runs, and runs nothing else', () => {
    assert.ok(lines.includes('RUN node tasks/bundle.ts'))
    const bundled = `/lectern/tasks/dist/\${PROGRAM}.mjs`
    assert.deepEqual(argumentsOf(image, 'COPY'), [`--from=bundle --chown=root:root --chmod=0444 ${bundled} program.mjs`])
    assert.deepEqual(argumentsOf(image, 'ENTRYPOINT'), ['["node", "program.mjs"]'])
    for (const instruction of ['RUN', 'ADD', 'CMD', 'VOLUME', 'EXPOSE', 'HEALTHCHECK']) assert.deepEqual(argumentsOf(image, instruction), [], instruction)
  })

  it('is run by somebody who is not root, and who owns nothing in it', () => {
    assert.deepEqual(argumentsOf(image, 'USER'), ['1000:1000'])
    assert.ok(image.findIndex((line) => line.startsWith('USER ')) > image.findIndex((line) => line.startsWith('COPY ')))
  })

  it('stands on one exact version of Node, the one that is tested with', async () => {
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(await readFile(MANIFEST, 'utf8'))
    const [base, ...more] = argumentsOf(lines, 'ARG')
    assert.match(base ?? '', /^NODE_IMAGE=node:\d+\.\d+\.\d+-bookworm-slim(@sha256:[0-9a-f]{64})?$/)
    assert.ok(base?.startsWith(`NODE_IMAGE=node:${dependencies['node']}-`))
    assert.deepEqual(more, ['PROGRAM'], 'what is given at build time is in the image’s history')
    assert.match(argumentsOf(lines, 'FROM').join('; '), /^\$\{NODE_IMAGE\} AS bundle; \$\{NODE_IMAGE\}$/)
  })

  it('holds no secret and nothing that only one school has', () => {
    assert.deepEqual(argumentsOf(lines, 'ENV'), ['NODE_ENV=production'])
    const copied = argumentsOf(lines, 'COPY').filter((of) => !of.startsWith('--from'))
    const allowed = [
      'package.json package-lock.json ./',
      'tsconfig.json ./',
      ...['contract', 'ports', 'core', 'vendors', 'homes', 'tasks'].map((ring) => `${ring} ${ring}`),
    ]
    for (const each of copied) assert.ok(allowed.includes(each), each)
    assert.ok(!lines.some((line) => /--mount=type=secret|KEY|TOKEN|PASSWORD/.test(line)))
  })
})
