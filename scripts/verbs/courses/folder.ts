import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TreeFile } from '#core/content/format/documents.ts'
import { hasCode } from '#homes/machine/error-code.ts'

const SKIPPED = /^(\.|node_modules$)/

/** Files below a folder, by their paths with `/`. Links are not followed, and what is hidden is left alone. */
const pathsBelow = async (folder: string, below = ''): Promise<string[]> => {
  const entries = await readdir(join(folder, below), { withFileTypes: true })
  const found = entries.map(async (entry): Promise<string[]> => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (SKIPPED.test(entry.name)) return []
    if (entry.isDirectory()) return pathsBelow(folder, path)
    return entry.isFile() ? [path] : []
  })
  return (await Promise.all(found)).flat().toSorted()
}

const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    // The mark at its beginning is for whoever reads the file to take off.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** @throws ENOENT, ENOTDIR where there is no such folder */
export const filesIn = async (folder: string): Promise<TreeFile[]> =>
  Promise.all((await pathsBelow(folder)).map(async (path) => ({ path, text: textOf(await readFile(join(folder, path))) })))

/** Lessons in the courses' folders that are not among these files. */
export const strayIn = async (folder: string, files: readonly { path: string }[]): Promise<string[]> => {
  const slugs = [...new Set(files.map(({ path }) => path.split('/')[0] ?? ''))]
  const written = new Set(files.map(({ path }) => path))
  const found = slugs.map(async (slug) => {
    try {
      return (await pathsBelow(join(folder, slug))).map((path) => `${slug}/${path}`)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return []
      throw error
    }
  })
  return (await Promise.all(found)).flat().filter((path) => path.endsWith('.md') && !path.toLowerCase().endsWith('/readme.md') && !written.has(path))
}

/** Those of the files that are there already with another text: somebody has changed them, or they are of another day. */
export const differingIn = async (folder: string, files: readonly { path: string; text: string }[]): Promise<string[]> => {
  const found = files.map(async ({ path, text }): Promise<string[]> => {
    try {
      return (await readFile(join(folder, path))).equals(Buffer.from(text)) ? [] : [path]
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return []
      throw error
    }
  })
  return (await Promise.all(found)).flat()
}

/** A lesson's id in its head, which an export or a draft has written: the school has given that file out, or still has its lesson. */
const OURS = /^---\r?\n(?:(?!---).*\r?\n)*?id: *["']?les_\w/

/** Files that came from a school, and those that somebody wrote. */
export const byOrigin = async (folder: string, paths: readonly string[]): Promise<{ ours: string[]; theirs: string[] }> => {
  const texts = await Promise.all(paths.map(async (path) => ({ path, isOurs: OURS.test(await readFile(join(folder, path), 'utf8')) })))
  const of = (isOurs: boolean): string[] => texts.filter((text) => text.isOurs === isOurs).map(({ path }) => path)
  return { ours: of(true), theirs: of(false) }
}

export const removeIn = async (folder: string, paths: readonly string[]): Promise<void> => {
  for (const path of paths) await rm(join(folder, path))
}

export const writeIn = async (folder: string, files: readonly { path: string; text: string }[]): Promise<void> => {
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}
