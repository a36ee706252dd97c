import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './setup.mjs'
import { Trouble } from './terminal.mjs'

/**
 * Optional dependencies (the builds for other machines) that a lock names but does not hold. npm writes such a lock without a word where
 * one machine's build is missing from its registry, and `npm ci` then fails on every machine.
 * @param {Record<string, { optionalDependencies?: Record<string, string> }>} packages
 */
export const missingFromLock = (packages) => {
  /** @type {(from: string, name: string) => boolean} */
  const isHeld = (from, name) => {
    if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true
    if (from === '') return false
    const above = from.lastIndexOf('/node_modules/')
    return isHeld(above < 0 ? '' : from.slice(0, above), name)
  }
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isHeld(place, name))
      .map((name) => `${place || 'the project'} → ${name}`),
  )
}

export const checkLock = async () => {
  const packages = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages
  const missing = missingFromLock(packages)
  if (missing.length > 0) throw new Trouble('package-lock.json lacks builds for some machines:', missing.join('\n'))
  return `${Object.keys(packages).length} packages`
}
