import { html, type Markup } from '../markup.ts'
import { type Desk, REVIEWER } from './desk.ts'
import { short, when } from './html.ts'
import { changesBetween } from './merging.ts'
import { changedFiles } from './page-diff.ts'
import { badge, commentForm, mark, remark, said, stateOf, statusList, who } from './parts.ts'
import { closePull, mergePull, rehearseMerge, reopenPull, revertPull, startOf } from './pulls.ts'
import type { Answer } from './routes.ts'
import type { Pull } from './store.ts'
import { type Asked, goTo, inPath, missing, to, view } from './view.ts'

const SHOWN = ['open', 'merged', 'closed', 'all'] as const
const SHOWN_WORDS = { open: 'Open', merged: 'Merged', closed: 'Closed', all: 'All' } as const

const row = (desk: Desk, pull: Pull): Markup => {
  const talk = desk.store.comments(`pull/${pull.number}`).length
  return html`<li><a href="${to(desk, `pull/${pull.number}`)}">${badge(pull)}<span class="what"><strong>${pull.title}</strong><span class="soft">#${pull.number} by ${pull.by.login.replace('[bot]', '')}, ${when(pull.createdAt)}</span></span><span class="facts">${mark(desk, pull.head)}${talk > 0 && html`<span class="soft">${talk} ${talk === 1 ? 'comment' : 'comments'}</span>`}</span></a></li>`
}

export const pullList = (desk: Desk, { query }: Asked): Answer => {
  const which = SHOWN.find((each) => each === query.get('state')) ?? 'open'
  const all = desk.store.pulls()
  const pulls = all.filter((pull) => which === 'all' || stateOf(pull) === which)
  const filters = SHOWN.map(
    (each) =>
      html`<a class="button" href="${to(desk, `pulls?state=${each}`)}" ${each === which && html`aria-current="true"`}>${SHOWN_WORDS[each]} <span class="count">${each === 'all' ? all.length : all.filter((pull) => stateOf(pull) === each).length}</span></a>`,
  )
  const empty =
    all.length === 0
      ? html`<div class="empty"><strong>No pull requests yet</strong>They appear here when a draft is proposed, or when a branch is pushed and opened through the API.</div>`
      : html`<div class="empty"><strong>None of these</strong>${which === 'open' ? 'Everything that was proposed has been dealt with.' : 'Choose another list above.'}</div>`
  return view(desk, {
    ...{ tab: 'pulls', title: 'Pull requests' },
    body: html`<div class="head"><h1>Pull requests</h1><div class="filters" role="group" aria-label="Which">${filters}</div></div>${pulls.length === 0 ? empty : html`<ul class="rows">${pulls.map((pull) => row(desk, pull))}</ul>`}`,
  })
}

const button = (desk: Desk, pull: Pull, [verb, words, kind = '']: [verb: string, words: string, kind?: string]): Markup =>
  html`<form method="post" action="${to(desk, `pull/${pull.number}/${verb}`)}"><button class="${kind}">${words}</button></form>`

/** What may be done with it now. */
const verdict = async (desk: Desk, pull: Pull): Promise<Markup> => {
  const checks = statusList(desk, pull.head)
  if (pull.mergedAt !== null) {
    const commit = pull.mergeCommit ?? ''
    return html`<section class="verdict merged" aria-label="Merging"><div><h2>Merged</h2><p class="soft">${pull.mergedBy && who(pull.mergedBy)} merged it as <a href="${to(desk, `commit/${commit}`)}"><code>${short(commit)}</code></a>, ${when(pull.mergedAt)}. Reverting proposes a change that takes it back.</p></div>${checks}<div class="acts">${button(desk, pull, ['revert', 'Revert'])}</div></section>`
  }
  if (pull.state === 'closed')
    return html`<section class="verdict closed" aria-label="Merging"><div><h2>Closed without merging</h2><p class="soft">Its branch is still there.</p></div>${checks}<div class="acts">${button(desk, pull, ['reopen', 'Reopen'])}</div></section>`
  const rehearsed = await rehearseMerge(desk, pull)
  const conflicts = rehearsed && 'conflicts' in rehearsed ? rehearsed.conflicts : []
  const words =
    conflicts.length > 0
      ? html`<h2>This branch conflicts with ${pull.base}</h2><p class="soft">Both changed ${conflicts.join(', ')}. Merge ${pull.base} into the branch with git, or close it.</p>`
      : html`<h2>Ready to merge</h2><p class="soft">It goes into <code>${pull.base}</code> without conflicts. Whatever follows ${pull.base} publishes it then.</p>`
  const merge =
    conflicts.length > 0 ? html`<button class="primary" disabled>Merge pull request</button>` : button(desk, pull, ['merge', 'Merge pull request', 'primary'])
  return html`<section class="verdict ${conflicts.length > 0 ? 'blocked' : 'open'}" aria-label="Merging"><div>${words}</div>${checks}<div class="acts">${merge}${button(desk, pull, ['close', 'Close'])}</div></section>`
}

const heading = (desk: Desk, pull: Pull, { tab, files, commits }: { tab: 'talk' | 'files'; files: number; commits: number }): Markup => {
  const at = to(desk, `pull/${pull.number}`)
  return html`<div class="pull"><h1>${pull.title} <span class="soft">#${pull.number}</span></h1><p class="line">${badge(pull)} <span>${who(pull.by)} ${pull.mergedAt === null ? 'proposes' : 'proposed'} ${commits} ${commits === 1 ? 'commit' : 'commits'} for <code>${pull.base}</code> from <a href="${to(desk, `tree/${inPath(pull.branch)}`)}"><code>${pull.branch}</code></a></span></p>
<nav class="tabs" aria-label="Pull request"><a href="${at}" ${tab === 'talk' && html`aria-current="page"`}>Conversation</a><a href="${at}/files" ${tab === 'files' && html`aria-current="page"`}>Files changed <span class="count">${files}</span></a></nav></div>`
}

const commitsOf = async ({ git }: Desk, start: string, head: string): Promise<number> => {
  let count = 0
  for (const { oid } of await git.log(head, 100)) {
    if (await git.isWithin(oid, start)) break
    count += 1
  }
  return count
}

const pullPage = async (desk: Desk, pull: Pull, tab: 'talk' | 'files'): Promise<Answer> => {
  const start = await startOf(desk, pull)
  const changes = await changesBetween(desk.git, start, pull.head)
  const head = heading(desk, pull, { tab, files: changes.length, commits: await commitsOf(desk, start, pull.head) })
  const title = `${pull.title} #${pull.number}`
  if (tab === 'files') {
    const editAt =
      pull.state === 'open' ? (path: string): string => to(desk, `edit/${inPath(pull.branch)}?path=${encodeURIComponent(path)}&pull=${pull.number}`) : undefined
    return view(desk, { tab: 'pulls', title, body: html`${head}${await changedFiles(desk, changes, editAt)}` })
  }
  const comments = desk.store.comments(`pull/${pull.number}`)
  return view(desk, {
    ...{ tab: 'pulls', title },
    body: html`${head}<div class="talk">${said({ by: pull.by, at: pull.createdAt, body: pull.body })}${comments.map(remark)}${await verdict(desk, pull)}${commentForm(`${to(desk, `pull/${pull.number}`)}/comment`)}</div>`,
  })
}

const press = async (desk: Desk, pull: Pull, verb: string, body: string): Promise<number | undefined> => {
  if (verb === 'merge') return (await mergePull(desk, pull, { by: REVIEWER })).number
  if (verb === 'close') return closePull(desk, pull, REVIEWER).number
  if (verb === 'reopen') return (await reopenPull(desk, pull, REVIEWER)).number
  if (verb === 'revert') return (await revertPull(desk, pull, REVIEWER)).number
  if (verb !== 'comment') return undefined
  const words = new URLSearchParams(body).get('body')?.trim().slice(0, 65_536) ?? ''
  const at = desk.now()
  if (words !== '') desk.store.addComment({ on: `pull/${pull.number}`, body: words, by: REVIEWER, createdAt: at, updatedAt: at })
  return pull.number
}

export const pullAnswer = async (desk: Desk, { method, body }: Asked, [number = '', rest = '']: string[]): Promise<Answer> => {
  const pull = /^\d{1,9}$/.test(number) ? desk.store.pull(Number(number)) : undefined
  if (!pull) return missing(desk)
  if (method !== 'POST') return rest === '' || rest === 'files' ? pullPage(desk, pull, rest === 'files' ? 'files' : 'talk') : missing(desk)
  const led = await desk.inTurn(() => press(desk, pull, rest, body))
  return led === undefined ? missing(desk) : goTo(to(desk, `pull/${led}`))
}
