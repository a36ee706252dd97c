import { RepositoryFailed } from '#ports/repository.ts'

const MOST_FILES = 100
const MOST_TEXT = 1024 * 1024
const MOST_PATH = 400
const MOST_TITLE = 256
const MOST_BODY = 65_536

const refused = (message: string): RepositoryFailed => new RepositoryFailed('refused', message)

/**
 * What a name in a path may not be: empty, beginning with a dot (`..`, `.github`, `.git`), or one that some file system takes for
 * another: characters that are not seen, a backslash, a colon, a dot or space at the end, and the short names of Windows.
 */
const isName = (name: string): boolean =>
  name !== '' && !name.startsWith('.') && !/[\p{C}\\:*?"<>|]/u.test(name) && !/[. ]$/.test(name) && !/^\s/u.test(name) && !/~\d/.test(name)

/** @throws RepositoryFailed for a path that leaves the folder, or that is not plainly the path of a file */
const checkPath = (path: string, folder: string): void => {
  const isInside = folder === '' || path.startsWith(`${folder}/`)
  if (!isInside || path.length > MOST_PATH || !path.split('/').every(isName))
    throw refused(`Only files below ${folder || 'the repository'} are proposed, by plain names: not ${JSON.stringify(path.slice(0, 100))}.`)
}

const checkFiles = (files: readonly { path: string; text: string }[], folder: string): void => {
  if (files.length === 0 || files.length > MOST_FILES) throw refused(`From one to ${MOST_FILES} files are proposed at once, not ${files.length}.`)
  for (const { path, text } of files) {
    checkPath(path, folder)
    if (text.length > MOST_TEXT) throw refused(`${path} is larger than ${MOST_TEXT} characters.`)
  }
  // File systems that do not tell capitals apart would keep one of them.
  const names = new Set(files.map(({ path }) => path.normalize('NFC').toLowerCase()))
  if (names.size !== files.length) throw refused('Two of the files have the same path.')
  for (const name of names)
    if (name.split('/').some((_, depth, parts) => depth > 0 && names.has(parts.slice(0, depth).join('/'))))
      throw refused('One of the files is a folder of another.')
}

const isBranch = (branch: string): boolean => /^[A-Za-z0-9][\w./-]{0,199}$/.test(branch) && !/\.\.|\/\/|\/\.|\.\/|\.lock(\/|$)|[./]$/.test(branch)

type Asked = { branch: string; title: string; body: string; files: readonly { path: string; text: string }[] }

/** Before any call is made. @throws RepositoryFailed */
export const checkProposal = ({ branch, title, body, files }: Asked, { main, folder }: { main: string; folder: string }): void => {
  if (!isBranch(branch) || branch.toLowerCase() === main.toLowerCase()) throw refused(`${JSON.stringify(branch.slice(0, 100))} is no branch to propose from.`)
  if (title.trim() === '' || title.length > MOST_TITLE || /\p{Cc}/u.test(title)) throw refused(`A title is one line of at most ${MOST_TITLE} characters.`)
  if (body.length > MOST_BODY) throw refused(`A description has at most ${MOST_BODY} characters.`)
  checkFiles(files, folder)
}

/** Of a path that an earlier proposal says it wrote: whatever is not ours is left alone. */
export const isOurs = (path: string, folder: string): boolean => {
  try {
    checkPath(path, folder)
    return true
  } catch (error) {
    if (error instanceof RepositoryFailed) return false
    throw error
  }
}
