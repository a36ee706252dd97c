import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const IMPORTED = /from '([^']+)'/g
const MAKERS = '#homes/machine/ffmpeg/'

/** The demo's lectures are encoded while its school is open; only a school that is opened empty makes none. @param {string} text */
const mayOpenTheDemo = (text) => text.replaceAll("program({ args: ['--empty']", '').includes('program(')

/**
 * Whether a journey may encode films, which fills a machine: it reaches the maker of films by its imports, or opens a school that
 * is not told to be empty.
 * @param {string} file
 */
export const mayEncode = async (file) => {
  const journey = await readFile(file, 'utf8')
  if (mayOpenTheDemo(journey)) return true
  const seen = new Set([file])
  for (const each of seen) {
    const text = each === file ? journey : await readFile(each, 'utf8')
    const imported = [...text.matchAll(IMPORTED)].map(([, from = '']) => from)
    if (imported.some((from) => from.startsWith(MAKERS))) return true
    // What lies beside it is read as well; a set that grows is gone through to its end.
    for (const from of imported) if (from.startsWith('./')) seen.add(join(dirname(each), from))
  }
  return false
}
