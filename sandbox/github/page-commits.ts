import { html, type Markup } from '../markup.ts'
import { headOf } from './branches.ts'
import { type Desk, REVIEWER } from './desk.ts'
import type { Commit } from './git.ts'
import { short, when } from './html.ts'
import { changesBetween } from './merging.ts'
import { changedFiles } from './page-diff.ts'
import { commentForm, mark, remark, statusList } from './parts.ts'
import type { Answer } from './routes.ts'
import { type Asked, goTo, missing, to, view } from './view.ts'

const MOST_SHOWN = 100

const row = (desk: Desk, { oid, message, author, parent }: Commit): Markup => {
  const talk = desk.store.comments(`commit/${oid}`).length
  return html`<li><a href="${to(desk, `commit/${oid}`)}"><code>${short(oid)}</code><span class="what"><strong>${message.split('\n')[0]}</strong><span class="soft">${author.name}, ${when(author.timestamp * 1000)}${parent.length > 1 && ', a merge'}</span></span><span class="facts">${mark(desk, oid)}${talk > 0 && html`<span class="soft">${talk} ${talk === 1 ? 'comment' : 'comments'}</span>`}</span></a></li>`
}

export const commitList = async (desk: Desk, _asked: Asked, rest: string[]): Promise<Answer> => {
  const branch = rest.map(decodeURIComponent).join('/') || desk.branch
  const head = await headOf(desk, branch)
  if (head === undefined) return missing(desk)
  const commits = await desk.git.log(head, MOST_SHOWN)
  return view(desk, {
    ...{ tab: 'commits', title: 'Commits' },
    body: html`<div class="head"><h1>Commits</h1><p class="soft">On <code>${branch}</code>, newest first</p></div><ul class="rows">${commits.map((commit) => row(desk, commit))}</ul>`,
  })
}

export const commitAnswer = async (desk: Desk, { method, body }: Asked, [oid = '', verb]: string[]): Promise<Answer> => {
  if ((await desk.git.kindOf(oid)) !== 'commit') return missing(desk)
  const on = `commit/${oid}`
  if (method === 'POST') {
    const words = new URLSearchParams(body).get('body')?.trim().slice(0, 65_536) ?? ''
    if (verb !== 'comment') return missing(desk)
    const at = desk.now()
    if (words !== '') desk.store.addComment({ on, body: words, by: REVIEWER, createdAt: at, updatedAt: at })
    return goTo(to(desk, on))
  }
  const commit = await desk.git.commit(oid)
  const [subject = '', ...more] = commit.message.trim().split('\n')
  const changes = await changesBetween(desk.git, commit.parent[0], oid)
  const parents = commit.parent.map((each) => html` <a href="${to(desk, `commit/${each}`)}"><code>${short(each)}</code></a>`)
  const rest = more.join('\n').trim()
  return view(desk, {
    ...{ tab: 'commits', title: subject },
    body: html`<div class="pull"><h1>${subject}</h1>${rest !== '' && html`<pre class="message">${rest}</pre>`}<p class="line"><code>${short(oid)}</code> <span>${commit.author.name}, ${when(commit.author.timestamp * 1000)}${parents.length > 0 && html`, after${parents}`}</span></p></div>
${statusList(desk, oid)}${await changedFiles(desk, changes)}<div class="talk">${desk.store.comments(on).map(remark)}${commentForm(to(desk, `${on}/comment`))}</div>`,
  })
}
