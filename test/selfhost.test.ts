import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'
import * as z from 'zod'
import { readSettings, SETTINGS } from '#homes/machine/settings.ts'
import { schoolFlags, schoolMemory } from '#scripts/setup.mjs'

const ROOT = join(import.meta.dirname, '..')
const text = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8')
const kit = (name: string): Promise<string> => text(`selfhost/${name}`)

const lines = (await kit('Dockerfile'))
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
const image = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
const argumentsOf = (of: readonly string[], name: string): string[] =>
  of.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
const copied = argumentsOf(image, 'COPY').filter((of) => !of.startsWith('--from'))
const inImage = copied.flatMap((of) => of.split(' ').slice(0, -1))
const environment = Object.fromEntries(
  argumentsOf(image, 'ENV')
    .flatMap((of) => of.split(' '))
    .map((pair) => pair.split('=', 2)),
)
const pagesBuilt = argumentsOf(lines, 'RUN').filter((of) => of.includes('vite.js build'))
const PORT = readSettings({}).port
const DATA = '/var/lib/lectern'

const Compose = z.object({
  services: z.object({
    school: z.looseObject({
      env_file: z.string(),
      environment: z.record(z.string(), z.string()),
      volumes: z.array(z.string()),
      read_only: z.literal(true),
      cap_drop: z.tuple([z.literal('ALL')]),
    }),
    caddy: z.looseObject({ image: z.string(), environment: z.record(z.string(), z.string()), volumes: z.array(z.string()) }),
  }),
  networks: z.object({ inside: z.object({ ipam: z.object({ config: z.tuple([z.object({ subnet: z.string() })]) }) }) }),
})
const compose = Compose.parse(parse(await kit('compose.yaml')))

/** What a file imports when it is loaded: no types, and nothing that is only fetched when it is needed. */
const IMPORT = /^(?:import|export)\s(?!type\b)(?:[^'"()]*?\bfrom\s+)?'([^']+)'/gm

/** The files of ours and the packages that a program loads at its start. */
const loadedBy = async (entries: readonly string[]) => {
  const [files, packages] = [new Set<string>(), new Map<string, string>()]
  const load = async (path: string): Promise<void> => {
    if (files.has(path)) return
    files.add(path)
    for (const [, name = ''] of (await text(path)).matchAll(IMPORT)) {
      if (name.startsWith('node:')) continue
      if (name.startsWith('.')) await load(posix.join(posix.dirname(path), name))
      else if (name.startsWith('#')) await load(name.slice(1))
      else
        packages.set(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
          path,
        )
    }
  }
  for (const entry of entries) await load(entry)
  return { files: [...files], packages }
}

/** The school, its threads and encoders, the programs it begins, and what an operator says to it. */
const PROGRAMS = [
  ...[
    'homes/machine/main.ts',
    'homes/machine/school-thread.ts',
    'homes/machine/office-thread.ts',
    'homes/machine/ffmpeg/worker.ts',
    'homes/machine/identity/guessable-thread.ts',
  ],
  ...['tasks/writer/main.ts', 'tasks/publisher/main.ts', 'scripts/lectern.ts'],
]

test('the image stands on the version of Node that is tested with, and what runs in it is not root', async () => {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(await text('package.json'))
  assert.deepEqual(argumentsOf(lines, 'ARG'), [`NODE_IMAGE=node:${dependencies['node']}-bookworm-slim`])
  assert.deepEqual(argumentsOf(image, 'USER'), ['1000:1000'])
  assert.ok(lines.includes('RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund'))
  assert.ok(!lines.some((line) => /^ADD |--mount=type=secret|KEY|TOKEN|PASSWORD/.test(line)))
})

test('the image and the service open the school with the memory that `npm start` gives it, and Node takes it at its word', async () => {
  const limit = (flags: readonly string[]): number => Number(spawnSync(process.execPath, [...flags, '-p', 'v8.getHeapStatistics().heap_size_limit']).stdout)
  assert.ok(limit(schoolFlags) > 0)
  assert.ok(limit(schoolFlags) < limit([]))
  assert.deepEqual(argumentsOf(image, 'ENTRYPOINT'), [`["node", ${schoolFlags.map((flag) => `"${flag}"`).join(', ')}, "homes/machine/main.ts"]`])
  for (const [name, value] of Object.entries(schoolMemory)) {
    assert.equal(environment[name], value)
    assert.match(await kit('lectern.service'), new RegExp(`^Environment=.*\\b${name}=${value}\\b`, 'm'))
  }
  assert.match(await kit('lectern.service'), new RegExp(`/node ${schoolFlags.join(' ')} homes/machine/main\\.ts`))
})

test('all that the image is made of is there, and goes to the builder', async () => {
  const sent = (await kit('Dockerfile.dockerignore')).split('\n').flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
  const wanted = argumentsOf(lines, 'COPY').filter((of) => !of.startsWith('--from'))
  for (const path of wanted.flatMap((of) => of.split(' ').slice(0, -1))) {
    assert.ok(existsSync(join(ROOT, path)), path)
    assert.ok(sent.includes(path), `${path} goes to the builder`)
  }
})

test('the image builds the pages as the set-up does, and takes along all that it builds', async () => {
  const [, wanted = ''] = /for \(const more of (\[\[.+\]\])\)/.exec(await text('scripts/setup.mjs')) ?? []
  const builds: string[][] = JSON.parse(wanted.replaceAll("'", '"'))
  assert.deepEqual(
    pagesBuilt.map((of) => of.split('--logLevel=warn')[1]?.trim()),
    builds.map((more) => more.join(' ')),
  )
  const fromPages = argumentsOf(image, 'COPY').filter((of) => of.startsWith('--from=pages'))
  const folders = [...(await text('web/vite.config.ts')).matchAll(/'((?:drawing\/)?dist)'/g)].map(([, folder]) => `web/${folder}`)
  assert.ok(folders.includes('web/drawing/dist'))
  for (const folder of new Set([...folders, 'web/dist']))
    assert.ok(
      fromPages.some((of) => of.endsWith(` ${folder}`)),
      folder,
    )
})

test('the image holds every file that its programs load, and every package among those that are not for developers', async () => {
  const { dependencies, optionalDependencies } = JSON.parse(await text('package.json'))
  const { files, packages } = await loadedBy(PROGRAMS)
  assert.ok(files.length > 300)
  assert.deepEqual(
    files.filter((path) => !inImage.some((folder) => path.startsWith(`${folder}/`))),
    [],
  )
  const strange = [...packages].filter(([name]) => !(name in dependencies) && !(name in optionalDependencies))
  assert.deepEqual(strange, [])
})

test('each setting that a file of the kit names is one that the school reads', async () => {
  const own = ['LECTERN_UPSTREAM', 'NODE_ENV']
  for (const name of ['Dockerfile', 'compose.yaml', 'Caddyfile', 'nginx.conf', 'lectern.env.example', 'lectern.service', 'lectern-backup.service'])
    for (const [word] of (await kit(name)).matchAll(/\b(?:LECTERN|STRIPE|SMTP|MAIL|CHATBOT)_[A-Z_]+\b|\bNODE_ENV\b/g))
      assert.ok(SETTINGS.has(word) || own.includes(word), `${name}: ${word}`)
})

test('the example of settings is one that a school opens with', async () => {
  const settings = readSettings(parseEnv(await kit('lectern.env.example')))
  assert.deepEqual([settings.url, settings.stripe, settings.mail?.from], ['https://school.example', undefined, 'The Example School <school@school.example>'])
})

test('port, data folder and network are the same in all of them', async () => {
  assert.deepEqual([environment['PORT'], environment['LECTERN_DATA']], [String(PORT), DATA])
  assert.deepEqual([argumentsOf(image, 'EXPOSE'), argumentsOf(image, 'VOLUME')], [[String(PORT)], [DATA]])
  const { school, caddy } = compose.services
  assert.equal(caddy.environment['LECTERN_UPSTREAM'], `school:${PORT}`)
  assert.ok(school.volumes.includes(`school:${DATA}`))
  assert.equal(school.environment['LECTERN_TRUSTED_PROXIES'], compose.networks.inside.ipam.config[0].subnet)
  assert.match(caddy.image, /^caddy:\d+\.\d+\.\d+-alpine$/)
  assert.ok((await kit('Caddyfile')).includes(`127.0.0.1:${PORT}`))
  const nginx = await kit('nginx.conf')
  assert.ok(nginx.includes(`proxy_pass         http://127.0.0.1:${PORT};`) && nginx.includes(`alias    ${DATA}/objects/blobs/;`))
  for (const unit of ['lectern.service', 'lectern-backup.service']) assert.ok((await kit(unit)).includes(`LECTERN_DATA=${DATA}\n`), unit)
  for (const [, path = ''] of (await kit('litestream.yml')).matchAll(/path: (\S+)/g)) assert.ok(path.startsWith(`${DATA}/`))
})

test('the proxy is told what its file reads of the environment and nothing else, so that it holds none of the school’s secrets', async () => {
  const read = [...(await kit('Caddyfile')).matchAll(/\{\$(\w+)/g)].map(([, name = '']) => name)
  const { school, caddy } = compose.services
  assert.equal(caddy['env_file'], undefined)
  assert.deepEqual(Object.keys(caddy.environment).toSorted(), read.toSorted())
  // Compose puts into `${…}` what stands in the file that it finds by this name, which is the school's alone.
  assert.match(caddy.environment['LECTERN_URL'] ?? '', /^\$\{LECTERN_URL:\?/)
  assert.equal(school.env_file, '.env')
  assert.ok('LECTERN_URL' in parseEnv(await kit('lectern.env.example')))
})

test('what a unit starts is there, and each proxy keeps the stand-ins shut', async () => {
  for (const unit of ['lectern.service', 'lectern-backup.service']) {
    const [, program = ''] = /^ExecStart=\/opt\/lectern\/node_modules\/node\/bin\/node (?:--\S+ )*(\S+)/m.exec(await kit(unit)) ?? []
    assert.ok(existsSync(join(ROOT, program)), program)
  }
  assert.match(await kit('Caddyfile'), /@sandbox path \/sandbox \/sandbox\/\*\n\trespond @sandbox 404/)
  assert.match(await kit('nginx.conf'), /location = \/sandbox {2}\{ return 404; \}\n {4}location \^~ \/sandbox\/ \{ return 404; \}/)
})

test('a program that asks whether the school is well is told by its end', () => {
  const run = spawnSync(process.execPath, [join(ROOT, 'scripts', 'health.mjs')], { env: { PORT: '1' }, timeout: 20_000 })
  assert.equal(run.status, 1)
})
