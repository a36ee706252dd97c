import { readdir } from 'node:fs/promises'
import { join, posix, sep } from 'node:path'
import { SHELL_KEY } from '#core/courses/publishing.ts'
import { siteFiles } from '#homes/machine/site.ts'
import { DeployTrouble, type Upload } from './tools.ts'

const SHELL = '/index.html'
const FOR_EVER = 'public, max-age=31536000, immutable'
const ASKED_ANEW = 'public, max-age=0, must-revalidate'

const pathsIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `/${posix.join(...parentPath.slice(folder.length).split(sep), name)}`)
    .sort()
}

/**
 * Puts the web app into the store: the page that names the others last, so that nobody is sent for what is not there yet. Nothing is
 * removed: pages of courses, and browsers that are open, name the files of before.
 */
export const uploadSite = async (folder: string, bucket: string, upload: Upload): Promise<number> => {
  const read = siteFiles(folder)
  const paths = (await pathsIn(folder)).filter((path) => path !== SHELL)
  const shell = await read(SHELL)
  if (!shell) throw new DeployTrouble(`There is no web app in ${join(folder)}.`)
  for (const path of paths) {
    const file = await read(path)
    if (!file) throw new DeployTrouble(`${path} of the web app has a name no address is made of.`)
    await upload(bucket, { key: `site${path}`, ...file, cacheControl: path.startsWith('/assets/') ? FOR_EVER : ASKED_ANEW })
  }
  for (const key of [SHELL_KEY, `site${SHELL}`]) await upload(bucket, { key, ...shell, cacheControl: ASKED_ANEW })
  return paths.length + 1
}
