import { registerHooks } from 'node:module'
import { basename } from 'node:path'
import type { Registered } from './unheard.fixture.ts'

/**
 * A program: given test files, it tells which laws of the ports each would run, as `{ [file]: Registered[] }`. The files are read as
 * ever, and `node:test` is another.
 */
const recorder = (port: string): string => new URL(`./unheard.fixture.ts?port=${port}`, import.meta.url).href
const lawsOf = (parent: string | undefined): string | undefined => /\/ports\/([a-z]+)\.laws\.ts$/.exec(parent ?? '')?.[1]
const seen = new Set<string>()

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'node:test') return next(specifier, context)
    const port = lawsOf(context.parentURL) ?? ''
    seen.add(port)
    return { url: recorder(port), shortCircuit: true }
  },
})

const heard: Record<string, Registered[]> = {}
for (const path of process.argv.slice(2)) {
  await import(path)
  const books = [...seen].filter((port) => port !== '').map((port) => import(recorder(port)))
  const found = await Promise.all(books)
  heard[`${path.includes('/aws/') ? 'aws' : 'machine'}/${basename(path)}`] = found.flatMap(({ taken }) => taken())
}
process.stdout.write(`\n${JSON.stringify(heard)}\n`, () => process.exit(0))
