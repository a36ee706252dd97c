import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const FOLDERS = ['contract', 'core', 'api', 'vendors', 'homes', 'tasks', 'scripts']

/** What runs as the school or for its operator, by its path, in order; what only tests run is left out. */
export const programFiles = async (): Promise<{ path: string; text: string }[]> => {
  const paths = await Array.fromAsync(glob(`{${FOLDERS.join(',')}}/**/*.{ts,mjs,js}`, { cwd: ROOT }))
  const own = paths.map((path) => path.replaceAll('\\', '/')).filter((path) => !/\.(test|fixture|laws)\.ts$/.test(path))
  return Promise.all(own.toSorted().map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })))
}
