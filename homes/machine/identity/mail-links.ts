import { noteSecurity } from '#core/audit/security.ts'
import { transaction } from '../database.ts'
import { type Desk, type Handler, openSession, tooMany, type Visit } from './desk.ts'
import type { Answer } from './http.ts'
import { languageFor } from './language.ts'
import { changedLetter } from './letters.ts'
import type { Link, LinkKind } from './links.ts'
import type { Account } from './listing.ts'
import { confirmPage, resetPage } from './pages.ts'
import { hashPassword, isPassword, passwordFault, weakness } from './passwords.ts'
import { deadLinkPage, plainPage } from './plain-pages.ts'
import { needsMore, proceed } from './two-step.ts'

type Opened = { token: string; link: Link; account: Account }

const open = ({ links, people }: Desk, kind: LinkKind, token: string): Opened | undefined => {
  const link = links.find(kind, token)
  const account = link && people.find(link.account)
  return link && account && !account.isDisabled ? { token, link, account } : undefined
}

const dead = ({ spoken }: Visit): Answer => ({ status: 410, page: deadLinkPage(spoken) })

/** The browser that asked for this link, in the very sign-in it was asked in. */
const isHome = ({ uid, interaction }: Visit, { link }: Opened): boolean => interaction !== undefined && link.visit === uid

/** Uses the link up; false when someone else was faster. */
const use = ({ database, links, people }: Desk, { token, link }: Opened, password: string): boolean =>
  transaction(database, () => {
    if (!links.find(link.kind, token)) return false
    people.confirm(link.account, password, link.name)
    return true
  })

const goOn = async (desk: Desk, visit: Visit, opened: Opened, title: string): Promise<Answer | undefined> => {
  if (isHome(visit, opened)) return proceed(desk, visit, opened.account, ['pwd'])
  const { ready, signIn } = visit.spoken.words
  const href = `${desk.house.url}${opened.link.returnTo}`
  if (needsMore(desk, opened.account))
    return { page: plainPage(visit.spoken, { title, icon: 'done', lead: ready.withSecond, action: { label: signIn.title, href } }) }
  await openSession(desk, visit, opened.account.id)
  return { page: plainPage(visit.spoken, { title, icon: 'done', lead: ready.lead, action: { label: ready.goOn, href } }) }
}

/**
 * Opening a confirmation's link confirms by itself only in the browser that asked for it, which holds the sign-in's cookie:
 * a mail scanner does not, and neither does anyone to whom a stranger's link was sent. Elsewhere the password is asked for.
 */
export const showConfirm: Handler = async (desk, visit) => {
  const opened = open(desk, 'confirm', visit.query.get('token') ?? '')
  if (!opened || opened.link.password === null) return dead(visit)
  if (!isHome(visit, opened)) return { page: confirmPage(visit.spoken, visit.path, { token: opened.token, email: opened.account.email }) }
  return use(desk, opened, opened.link.password) ? proceed(desk, visit, opened.account, ['pwd']) : dead(visit)
}

export const confirm: Handler = async (desk, visit) => {
  const opened = open(desk, 'confirm', visit.form.get('token') ?? '')
  if (!opened || opened.link.password === null) return dead(visit)
  const { token, account, link } = opened
  const wait = await desk.gate.take('signInPerAccount', account.email)
  if (wait !== undefined) return tooMany(desk, visit, wait)
  if (!(await isPassword(visit.form.get('password') ?? '', opened.link.password))) {
    return {
      status: 401,
      page: confirmPage(visit.spoken, visit.path, { token, email: account.email, faults: { password: visit.spoken.words.confirm.wrong } }),
    }
  }
  await desk.gate.forgive('signInPerAccount', account.email)
  return use(desk, opened, opened.link.password) ? goOn(desk, visit, { ...opened, link }, visit.spoken.words.confirm.done) : dead(visit)
}

export const showReset: Handler = (desk, visit) => {
  const opened = open(desk, 'reset', visit.query.get('token') ?? '')
  return opened ? { page: resetPage(visit.spoken, visit.path, { token: opened.token, email: opened.account.email }) } : dead(visit)
}

export const reset: Handler = async (desk, visit) => {
  const opened = open(desk, 'reset', visit.form.get('token') ?? '')
  if (!opened) return dead(visit)
  const { house, post, ids, gate } = desk
  const { token, account } = opened
  const password = visit.form.get('password') ?? ''
  const { words } = visit.spoken
  const fault = passwordFault(password, account.email, words) ?? (await weakness(password, { ...account, schoolName: house.schoolName }, words))
  if (fault !== undefined) return { status: 422, page: resetPage(visit.spoken, visit.path, { token, email: account.email, faults: { password: fault } }) }
  if (!use(desk, opened, await hashPassword(password))) return dead(visit)
  await gate.forgive('signInPerAccount', account.email)
  noteSecurity(desk.log, 'secret-changed', { person: account.id, what: 'password.reset' })
  post.send(changedLetter(ids.make('ltr'), account.email, house.schoolName, { language: languageFor(visit), name: account.name, href: `${house.url}/` }))
  return goOn(desk, visit, opened, visit.spoken.words.reset.done)
}
