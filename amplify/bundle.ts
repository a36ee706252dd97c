import { existsSync } from 'node:fs'
import { cp, mkdir, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(import.meta.dirname, 'dist')

/** What runs on Lambda, a bundle each. */
export const ENTRIES = ['api', 'hooks', 'events', 'schedule', 'post-confirmation'] as const
/** Each is `amplify/dist/<entry>/index.mjs`. */
export type Entry = (typeof ENTRIES)[number]

/** Cognito's trigger is no part of the home: it opens none. */
const sourceOf = (entry: Entry): string =>
  entry === 'post-confirmation' ? join(import.meta.dirname, 'auth', entry, 'handler.ts') : join(ROOT, 'homes', 'aws', 'entries', `${entry}.ts`)

/** Packages of CommonJS among what is bundled ask for Node's own modules by `require`, which an ES module has none of. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`

/** What draws the pages that are published: the build of the web app leaves it there. */
const DRAWING = join(ROOT, 'web', 'drawing', 'dist')

/** Files that the page of the API's documents is made of. */
const DOCS_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js']

const fileOf = (entry: Entry): string => join(DIST, entry, 'index.mjs')
const sizeOf = async (entry: Entry): Promise<number> => (await stat(fileOf(entry))).size

/** How large each is that was made before. */
export const bundled = async (): Promise<Record<string, number>> =>
  Object.fromEntries(await Promise.all(ENTRIES.map(async (entry) => [entry, await sizeOf(entry)] as const)))

const bundleOf = async (entry: Entry): Promise<number> => {
  const folder = join(DIST, entry)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: [sourceOf(entry)],
    outfile: fileOf(entry),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    // The stack of a fault is read by people: names stay as they are written.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    // ES modules where a package has both: what nobody uses of them is left out.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts') },
    logLevel: 'warning',
  })
  if (entry === 'api') {
    const from = dirname(createRequire(join(ROOT, 'package.json')).resolve('swagger-ui-dist/package.json'))
    await Promise.all(DOCS_FILES.map((file) => cp(join(from, file), join(folder, 'swagger-ui', file))))
  }
  // Read when something is published, and not before.
  if (entry === 'events' && existsSync(DRAWING)) await cp(DRAWING, join(folder, 'drawing'), { recursive: true })
  return sizeOf(entry)
}

/** Bundles everything that runs on Lambda into `amplify/dist/<entry>/index.mjs`; answers how large each is. */
export const bundle = async (entries: readonly Entry[] = ENTRIES): Promise<Record<string, number>> => {
  const sizes = await Promise.all(entries.map(async (entry) => [entry, await bundleOf(entry)] as const))
  return Object.fromEntries(sizes)
}

if (import.meta.main) {
  for (const [entry, bytes] of Object.entries(await bundle())) process.stdout.write(`${entry.padEnd(10)} ${(bytes / 1024 ** 2).toFixed(2)} MB\n`)
}
