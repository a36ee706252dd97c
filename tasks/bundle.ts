import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** What runs in containers: the entries that a machine runs as processes, a file each. */
export const PROGRAMS = ['writer', 'publisher'] as const
export type Program = (typeof PROGRAMS)[number]

/** Packages of CommonJS among what is bundled ask for Node's own modules by `require`, which an ES module has none of. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`

/** Bundles a program's entry and all that it imports into `<folder>/<program>.mjs`; answers where it is and how large. */
export const bundleProgram = async (program: Program, folder = join(import.meta.dirname, 'dist')): Promise<{ file: string; bytes: number }> => {
  const file = join(folder, `${program}.mjs`)
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: [join(import.meta.dirname, program, 'main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node26',
    format: 'esm',
    minify: true,
    // The stack of a fault is read by people: names stay as they are written.
    keepNames: true,
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    logLevel: 'warning',
  })
  return { file, bytes: (await stat(file)).size }
}

if (import.meta.main) {
  for (const program of PROGRAMS) {
    const { bytes } = await bundleProgram(program)
    process.stdout.write(`${program.padEnd(10)} ${(bytes / 1024 ** 2).toFixed(2)} MB\n`)
  }
}
