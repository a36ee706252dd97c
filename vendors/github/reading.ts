import { RepositoryFailed, type RepositoryFile } from '#ports/repository.ts'
import { type Ask, isRefused } from './client.ts'
import { Anything, Blob, Ref, Tree } from './shapes.ts'

const OID = /^[0-9a-f]{40}([0-9a-f]{24})?$/

const oid = (named: string): string => {
  if (!OID.test(named)) throw new RepositoryFailed('refused', 'That is no hash of Git’s.')
  return named
}

/** The commit a branch is at; undefined where there is no such branch, or nothing in the repository at all. */
export const branchHead = async (ask: Ask, branch: string): Promise<string | undefined> => {
  try {
    return (await ask('GET /repos/{owner}/{repo}/git/ref/{+ref}', { ref: `heads/${branch}` }, Ref)).object.sha
  } catch (error) {
    // 409: “Git Repository is empty.”
    if (isRefused(error, 404, 409)) return undefined
    throw error
  }
}

/** As `branchHead`, but no repository is not an empty one: GitHub answers 404 to who may not see it. */
export const mainHead = async (ask: Ask, branch: string): Promise<string | undefined> => {
  try {
    return (await ask('GET /repos/{owner}/{repo}/git/ref/{+ref}', { ref: `heads/${branch}` }, Ref)).object.sha
  } catch (error) {
    if (isRefused(error, 409)) return undefined
    if (!isRefused(error, 404)) throw error
    await ask('GET /repos/{owner}/{repo}', {}, Anything)
    throw new RepositoryFailed('refused', `The repository has no branch ${branch}.`, { cause: error })
  }
}

const treeOf = async (ask: Ask, sha: string, isDeep: boolean) => {
  const found = await ask('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', { tree_sha: sha, ...(isDeep && { recursive: '1' }) }, Tree)
  // Half a list would look like files that were removed.
  if (found.truncated) throw new RepositoryFailed('refused', 'The folder has more files than GitHub lists at once.')
  return found.tree
}

const isFile = ({ type, mode }: { type: string; mode: string }): boolean => type === 'blob' && (mode === '100644' || mode === '100755')

/** Only the folder is listed whole, however large the rest of the repository is. Links and modules are no files. */
export const filesAt = async (ask: Ask, commit: string, folder: string): Promise<RepositoryFile[]> => {
  let sha = oid(commit)
  for (const part of folder === '' ? [] : folder.split('/')) {
    const found = (await treeOf(ask, sha, false)).find(({ path, type }) => path === part && type === 'tree')
    if (!found) return []
    sha = found.sha
  }
  const rows = (await treeOf(ask, sha, true)).filter(isFile)
  const named = rows.map(({ path, sha: blob, size }) => ({ path: folder === '' ? path : `${folder}/${path}`, blob, sizeBytes: size ?? 0 }))
  return named.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

export const readText = async (ask: Ask, blob: string): Promise<string | undefined> => {
  const { encoding, content } = await ask('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { file_sha: oid(blob) }, Blob)
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    // Bytes that are no UTF-8.
    return undefined
  }
}
