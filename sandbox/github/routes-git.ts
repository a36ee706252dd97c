import { headOf, move } from './branches.ts'
import { branchOf, type Desk, signatureOf } from './desk.ts'
import { ApiError, invalid, notFound } from './errors.ts'
import type { Flat, TreeRow } from './git.ts'
import { readBranches } from './refs.ts'
import { type Call, json, REPOSITORY, type Route, required, route, text } from './routes.ts'
import { commitShape, refShape, repositoryShape, repositoryUrl } from './shapes.ts'

const EMPTY = (): ApiError => new ApiError(409, 'Git Repository is empty.')

const objectOf = async ({ git }: Desk, oid: string, kind: string): Promise<string> => {
  if ((await git.kindOf(oid)) !== kind) throw notFound()
  return oid
}

/** A commit by its hash, or by a branch's name. */
export const commitBy = async (desk: Desk, named: string): Promise<string> => {
  const head = await headOf(desk, named.replace(/^(refs\/)?heads\//, ''))
  if (head !== undefined) return head
  if ((await desk.git.kindOf(named)) !== 'commit') throw invalid(`No commit found for SHA: ${named}`)
  return named
}

/** What `git check-ref-format` would refuse, roughly. */
const isBranchName = (name: string): boolean =>
  /^refs\/heads\/[^\s~^:?*[\\\p{Cc}]+$/u.test(name) && !/\.\.|\/\/|\/\.|@\{|\.lock(\/|$)|[/.]$/.test(name) && name.length < 250

const readRef = async ({ desk, params }: Call) => {
  const branches = await readBranches(desk.git.gitdir)
  if (branches.size === 0) throw EMPTY()
  const ref = `refs/${decodeURIComponent(params[0] ?? '')}`
  const sha = branches.get(ref)
  if (sha === undefined) throw notFound()
  return json(refShape(desk, ref, sha))
}

const createRef = async ({ desk, said, by }: Call) => {
  const [ref, sha] = [required(said, 'ref'), required(said, 'sha')]
  if (!isBranchName(ref)) throw invalid(`${ref} is not a valid ref name.`)
  if ((await desk.git.kindOf(sha)) !== 'commit') throw invalid('Object does not exist')
  if ((await headOf(desk, branchOf(ref))) !== undefined) throw invalid('Reference already exists')
  await move(desk, branchOf(ref), { from: undefined, to: sha, by })
  return json(refShape(desk, ref, sha), 201)
}

const updateRef = async ({ desk, params, said, by }: Call) => {
  const [ref, sha] = [`refs/${decodeURIComponent(params[0] ?? '')}`, required(said, 'sha')]
  const from = await headOf(desk, branchOf(ref))
  if (from === undefined) throw invalid('Reference does not exist')
  if ((await desk.git.kindOf(sha)) !== 'commit') throw invalid('Object does not exist')
  if (said['force'] !== true && !(await desk.git.isWithin(from, sha))) throw invalid('Update is not a fast forward')
  if (from !== sha) await move(desk, branchOf(ref), { from, to: sha, by })
  return json(refShape(desk, ref, sha))
}

const treeShape = async (desk: Desk, rows: TreeRow[], sha: string) => ({
  ...{ sha, url: `${repositoryUrl(desk)}/git/trees/${sha}`, truncated: false },
  tree: await Promise.all(
    rows.map(async ({ path, mode, type, oid }) => ({
      ...{ path, mode, type, sha: oid },
      ...(type === 'blob' && { size: await desk.git.sizeOf(oid) }),
      url: `${repositoryUrl(desk)}/git/${type}s/${oid}`,
    })),
  ),
})

const readTree = async ({ desk, params, query }: Call) => {
  const { git } = desk
  const named = decodeURIComponent(params[0] ?? '')
  const head = await headOf(desk, named)
  const kind = await git.kindOf(head ?? named)
  if (kind !== 'tree' && kind !== 'commit') throw notFound()
  const oid = kind === 'commit' ? (await git.commit(head ?? named)).tree : named
  // Any value will do, as with GitHub, were it `0`.
  const rows = query.has('recursive') ? await git.walk(oid) : await git.rows(oid)
  const shape = await treeShape(desk, rows, oid)
  if (desk.store.faults().api !== 'truncated') return json(shape)
  return json({ ...shape, truncated: true, tree: shape.tree.slice(0, Math.floor(shape.tree.length / 2)) })
}

const FILE_MODES = ['100644', '100755', '120000']

const isPath = (path: string): boolean =>
  path !== '' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git')

const applyRow = async ({ git }: Desk, flat: Flat, row: unknown): Promise<void> => {
  if (typeof row !== 'object' || row === null) throw invalid('Invalid tree info')
  // An object may be read by any name.
  const said = row as Record<string, unknown>
  const [path, mode, content] = [required(said, 'path'), text(said, 'mode') ?? '100644', text(said, 'content')]
  if (!isPath(path)) throw invalid('tree.path contains a malformed path component')
  if (!FILE_MODES.includes(mode)) throw invalid('tree.mode is not a mode of a file')
  if (content !== undefined) return void flat.set(path, { mode, oid: await git.writeBlob(new TextEncoder().encode(content)) })
  if (said['sha'] === null) {
    if (!flat.delete(path)) throw invalid('GitRPC::BadObjectState')
    return
  }
  const sha = required(said, 'sha')
  if ((await git.kindOf(sha)) !== 'blob') throw invalid('tree.sha is not a valid blob')
  flat.set(path, { mode, oid: sha })
}

const createTree = async ({ desk, said }: Call) => {
  const { git } = desk
  const [base, rows] = [text(said, 'base_tree'), said['tree']]
  if (!Array.isArray(rows) || rows.length === 0) throw invalid('Invalid tree info')
  if (base !== undefined && !['tree', 'commit'].includes((await git.kindOf(base)) ?? '')) throw notFound()
  const flat: Flat = base === undefined ? new Map() : await git.flat(base)
  for (const row of rows) await applyRow(desk, flat, row)
  const oid = await git.writeFlat(flat)
  return json(await treeShape(desk, await git.rows(oid), oid), 201)
}

const readBlob = async ({ desk, params }: Call) => {
  const oid = await objectOf(desk, params[0] ?? '', 'blob')
  const bytes = await desk.git.blob(oid)
  // Broken into lines, as GitHub does.
  const content = Buffer.from(bytes).toString('base64').replace(/.{60}/g, '$&\n')
  return json({ sha: oid, size: bytes.length, url: `${repositoryUrl(desk)}/git/blobs/${oid}`, encoding: 'base64', content })
}

const createBlob = async ({ desk, said }: Call) => {
  const encoding = text(said, 'encoding') === 'base64' ? 'base64' : 'utf8'
  const sha = await desk.git.writeBlob(Buffer.from(required(said, 'content'), encoding))
  return json({ sha, url: `${repositoryUrl(desk)}/git/blobs/${sha}` }, 201)
}

const createCommit = async ({ desk, said, by }: Call) => {
  const { git, now } = desk
  const [message, tree, parents] = [required(said, 'message'), required(said, 'tree'), said['parents'] ?? []]
  if ((await git.kindOf(tree)) !== 'tree') throw invalid('Tree SHA does not exist')
  if (!Array.isArray(parents)) throw invalid('Invalid request.')
  for (const parent of parents)
    if (typeof parent !== 'string' || (await git.kindOf(parent)) !== 'commit') throw invalid('Parent SHA does not exist or is not a commit object')
  const signature = signatureOf(by, now())
  const oid = await git.writeCommit({ tree, parent: parents, message: `${message.replace(/\n*$/, '')}\n`, author: signature, committer: signature })
  return json(commitShape(desk, await git.commit(oid)), 201)
}

export const gitRoutes: Route[] = [
  route(`GET ${REPOSITORY}`, ({ desk }) => json(repositoryShape(desk))),
  route(`GET ${REPOSITORY}/git/ref/{ref}`, readRef),
  route(`POST ${REPOSITORY}/git/refs`, createRef),
  route(`PATCH ${REPOSITORY}/git/refs/{ref}`, updateRef),
  route(`GET ${REPOSITORY}/git/trees/{ref}`, readTree),
  route(`POST ${REPOSITORY}/git/trees`, createTree),
  route(`GET ${REPOSITORY}/git/blobs/{sha}`, readBlob),
  route(`POST ${REPOSITORY}/git/blobs`, createBlob),
  route(`GET ${REPOSITORY}/git/commits/{sha}`, async ({ desk, params }) =>
    json(commitShape(desk, await desk.git.commit(await objectOf(desk, params[0] ?? '', 'commit')))),
  ),
  route(`POST ${REPOSITORY}/git/commits`, createCommit),
]
