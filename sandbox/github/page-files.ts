import { html, type Markup } from '../markup.ts'
import { branchNames, commitFile, headOf } from './branches.ts'
import { type Desk, REVIEWER } from './desk.ts'
import type { Flat, TreeRow } from './git.ts'
import { short, when } from './html.ts'
import { renderedFile } from './markdown.ts'
import { mark } from './parts.ts'
import type { Answer } from './routes.ts'
import { type Asked, goTo, inPath, missing, problem, to, view } from './view.ts'

type Place = { branch: string; head: string; path: string }

/** `main/courses/x`: a branch may have slashes too, so the longest that is there is meant. A commit's hash will do as well. */
const placeOf = async (desk: Desk, rest: string[]): Promise<Place | undefined> => {
  const whole = rest.map(decodeURIComponent).join('/') || desk.branch
  const [branch] = (await branchNames(desk)).filter((name) => whole === name || whole.startsWith(`${name}/`)).toSorted((a, b) => b.length - a.length)
  const [named = ''] = [branch ?? whole.split('/')[0]]
  const head = branch === undefined ? ((await desk.git.kindOf(named)) === 'commit' ? named : undefined) : await headOf(desk, branch)
  return head === undefined ? undefined : { branch: named, head, path: whole.slice(named.length + 1).replace(/\/+$/, '') }
}

const crumbs = (desk: Desk, { branch, path }: Place): Markup => {
  const parts = path === '' ? [] : path.split('/')
  return html`<p class="crumbs"><a href="${to(desk, `tree/${inPath(branch)}`)}">${desk.name}</a>${parts.map((part, place) => html` / ${place === parts.length - 1 ? html`<strong>${part}</strong>` : html`<a href="${to(desk, `tree/${inPath(branch)}/${inPath(parts.slice(0, place + 1).join('/'))}`)}">${part}</a>`}`)}</p>`
}

const branchLinks = async (desk: Desk, branch: string): Promise<Markup> =>
  html`<details class="branches"><summary>Branch: <strong>${branch}</strong></summary><ul>${(await branchNames(desk)).map((name) => html`<li><a href="${to(desk, `tree/${inPath(name)}`)}" ${name === branch && html`aria-current="true"`}>${name}</a></li>`)}</ul></details>`

const sizeWords = (bytes: number): string =>
  bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${Math.round(bytes / 100) / 10} kB` : `${Math.round(bytes / 100_000) / 10} MB`

const entryRow = async (desk: Desk, { branch, path }: Place, row: TreeRow): Promise<Markup> => {
  const at = `${inPath(branch)}/${inPath(path === '' ? row.path : `${path}/${row.path}`)}`
  const isFolder = row.type === 'tree'
  return html`<li><a href="${to(desk, `${isFolder ? 'tree' : 'blob'}/${at}`)}"><span class="icon ${isFolder ? 'folder' : 'paper'}" aria-hidden="true"></span><span class="what">${row.path}${isFolder && html`<span class="hush"> (folder)</span>`}</span><span class="soft">${row.type === 'blob' && sizeWords(await desk.git.sizeOf(row.oid))}</span></a></li>`
}

const textOf = async ({ git }: Desk, oid: string): Promise<string | undefined> => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await git.blob(oid))
    return text.includes('\0') ? undefined : text
  } catch {
    // Bytes that are no text are not shown.
    return undefined
  }
}

const rowsAt = async ({ git }: Desk, { head, path }: Place): Promise<TreeRow[] | undefined> => {
  let oid = head
  for (const part of path === '' ? [] : path.split('/')) {
    const found = (await git.rows(oid)).find((row) => row.path === part && row.type === 'tree')
    if (!found) return undefined
    oid = found.oid
  }
  return git.rows(oid)
}

const isBranch = async (desk: Desk, { branch }: Place): Promise<boolean> => (await headOf(desk, branch)) !== undefined

export const treePage = async (desk: Desk, _asked: Asked, rest: string[]): Promise<Answer> => {
  const place = await placeOf(desk, rest)
  const rows = place && (await rowsAt(desk, place))
  if (!place || !rows) return missing(desk)
  const sorted = rows.toSorted((a, b) => (a.type === 'tree' ? 0 : 1) - (b.type === 'tree' ? 0 : 1) || a.path.localeCompare(b.path))
  const [latest] = await desk.git.log(place.head, 1)
  const readme = rows.find(({ path }) => /^readme\.md$/i.test(path))
  const words = readme && (await textOf(desk, readme.oid))
  const add =
    (await isBranch(desk, place)) &&
    html`<a class="button" href="${to(desk, `edit/${inPath(place.branch)}?path=${encodeURIComponent(place.path === '' ? '' : `${place.path}/`)}`)}">Add a file</a>`
  return view(desk, {
    ...{ tab: 'files', title: place.path || 'Files' },
    body: html`<div class="head">${crumbs(desk, place)}<div class="acts">${await branchLinks(desk, place.branch)}${add}</div></div>
${latest && html`<p class="latest"><a href="${to(desk, `commit/${latest.oid}`)}"><code>${short(latest.oid)}</code></a> <span class="what">${latest.message.split('\n')[0]}</span> ${mark(desk, latest.oid)} <span class="soft">${latest.author.name}, ${when(latest.author.timestamp * 1000)}</span></p>`}
<ul class="rows files">${await Promise.all(sorted.map((row) => entryRow(desk, place, row)))}</ul>
${words !== undefined && html`<section class="card readme" aria-label="README"><div class="prose">${renderedFile(words)}</div></section>`}
<section class="clone" aria-label="Work with git"><h2>Work with git</h2><p class="soft">It is a real repository on this machine. Whatever is pushed to <code>${desk.branch}</code> is told to the school at once.</p><pre>git clone ${desk.git.gitdir}</pre></section>`,
  })
}

export const blobPage = async (desk: Desk, { query }: Asked, rest: string[]): Promise<Answer> => {
  const place = await placeOf(desk, rest)
  const entry = place && (await desk.git.flat(place.head)).get(place.path)
  if (!place || !entry) return missing(desk)
  const text = await textOf(desk, entry.oid)
  const isMarkdown = /\.(md|markdown)$/i.test(place.path)
  const isPlain = !isMarkdown || query.has('plain')
  const at = to(desk, `blob/${inPath(place.branch)}/${inPath(place.path)}`)
  const views =
    isMarkdown &&
    html`<a class="button" href="${at}" ${!isPlain && html`aria-current="true"`}>Rendered</a><a class="button" href="${at}?plain" ${isPlain && html`aria-current="true"`}>Source</a>`
  const edit =
    (await isBranch(desk, place)) &&
    text !== undefined &&
    html`<a class="button" href="${to(desk, `edit/${inPath(place.branch)}?path=${encodeURIComponent(place.path)}`)}">Edit</a>`
  const body =
    text === undefined
      ? html`<p class="note">No text: ${sizeWords(await desk.git.sizeOf(entry.oid))}.</p>`
      : isPlain
        ? html`<pre class="source">${text}</pre>`
        : html`<div class="prose">${renderedFile(text)}</div>`
  return view(desk, {
    ...{ tab: 'files', title: place.path },
    body: html`<div class="head">${crumbs(desk, place)}<div class="acts">${views}${edit}</div></div><section class="card whole">${body}</section>`,
  })
}

const isPath = (path: string): boolean => path.length < 400 && path.split('/').every((part) => !/^(|\.|\.\.|\.git)$/i.test(part) && !/[\\\p{Cc}]/u.test(part))

type Draft = { path: string; text: string; was: string; pull: string; isNew: boolean }

const editForm = (desk: Desk, branch: string, { path, text, was, pull, isNew }: Draft, warning?: string): Answer =>
  view(desk, {
    ...{ tab: pull === '' ? 'files' : 'pulls', title: isNew ? 'New file' : `Edit ${path}`, ...(warning !== undefined && { status: 409 }) },
    body: html`<h1>${isNew ? 'New file' : 'Edit'}</h1>${warning !== undefined && html`<p class="warning" role="alert">${warning}</p>`}
<form class="write edit" method="post"><input type="hidden" name="was" value="${was}"><input type="hidden" name="pull" value="${pull}">
<label for="path">File</label><input id="path" name="path" value="${path}" required maxlength="400" ${!isNew && html`readonly`} placeholder="courses/my-course/lesson.md">
<label for="text">Text</label><textarea id="text" name="text" rows="24" spellcheck="true">
${text}</textarea>
<label for="message">What changed <span class="soft">(optional)</span></label><input id="message" name="message" maxlength="200" placeholder="${isNew ? 'Add a file' : 'Update the file'}">
<p class="soft">One commit on <code>${branch}</code>${branch === desk.branch && ': it counts at once'}.</p>
<div class="acts"><button class="primary" name="do" value="save">Commit</button>${!isNew && html`<button name="do" value="remove" class="bad" formnovalidate>Delete this file</button>`}<a class="button" href="${pull === '' ? to(desk, `tree/${inPath(branch)}`) : to(desk, `pull/${pull}/files`)}">Cancel</a></div></form>`,
  })

const saveEdit = async (desk: Desk, { branch, head }: Place, body: string): Promise<Answer> => {
  const form = new URLSearchParams(body)
  const [path = '', was = '', pull = '', said = ''] = ['path', 'was', 'pull', 'message'].map((name) => form.get(name)?.trim() ?? '')
  // Browsers send line ends as CRLF.
  const typed = (form.get('text') ?? '').replaceAll('\r\n', '\n')
  const text = typed === '' || typed.endsWith('\n') ? typed : `${typed}\n`
  const isNew = was === ''
  const back = { path, text, was, pull: /^\d+$/.test(pull) ? pull : '', isNew }
  if (!isPath(path)) return editForm(desk, branch, back, 'That is no path of a file: names, with / between them.')
  const flat: Flat = await desk.git.flat(head)
  const now = flat.get(path)?.oid ?? ''
  if (now !== was)
    return editForm(
      desk,
      branch,
      { ...back, was: now, isNew: now === '' },
      isNew
        ? 'There is such a file already. Committing again overwrites it.'
        : 'Somebody changed this file meanwhile. Committing again overwrites what they wrote.',
    )
  const isGoing = form.get('do') === 'remove'
  const message = said || `${isGoing ? 'Delete' : isNew ? 'Create' : 'Update'} ${path.split('/').at(-1)}`
  await commitFile(desk, branch, { path, text: isGoing ? undefined : text, message, by: REVIEWER })
  if (back.pull !== '') return goTo(to(desk, `pull/${back.pull}/files`))
  return goTo(to(desk, isGoing ? `tree/${inPath(branch)}` : `blob/${inPath(branch)}/${inPath(path)}`))
}

export const editPage = async (desk: Desk, { method, body, query }: Asked, rest: string[]): Promise<Answer> => {
  const place = await placeOf(desk, rest)
  if (place?.path !== '' || !(await isBranch(desk, place))) return missing(desk)
  if (method === 'POST') return desk.inTurn(async () => saveEdit(desk, (await placeOf(desk, rest)) ?? place, body))
  const path = query.get('path') ?? ''
  const entry = (await desk.git.flat(place.head)).get(path)
  const text = entry ? await textOf(desk, entry.oid) : ''
  if (text === undefined) return problem(desk, 'That file is no text: change it with git.', 422)
  return editForm(desk, place.branch, { path, text, was: entry?.oid ?? '', pull: /^\d+$/.exec(query.get('pull') ?? '')?.[0] ?? '', isNew: !entry })
}
