import { noteSecurity } from '#core/audit/security.ts'
import { transaction } from '../database.ts'
import { type Desk, type Handler, openSession, tooMany, type Visit } from './desk.ts'
import type { Answer } from './http.ts'
import { languageFor } from './language.ts'
import { changedLetter } from './letters.ts'
import type { Link, LinkKind } from './links.ts'
import type { Account } from './listing.ts'
import { confirmPage, deadLinkPage, plainPage, resetPage } from './pages.ts'
import { hashPassword, isPassword, passwordFault } from './passwords.ts'
import { needsMore, proceed } from './two-step.ts'

type Opened = { token: string; link: Link; account: Account }

const open = ({ links, people }: Desk, kind: LinkKind, token: string): Opened | undefined => {
  const link = links.find(kind, token)
  const account = link && people.find(link.account)
  return link && account && !account.isDisabled ? { token, link, account } : undefined
}

const dead = ({ house }: Desk): Answer => ({ status: 410, page: deadLinkPage(house) })

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
  if (needsMore(desk, opened.account)) {
    const action = { label: 'Sign in', href: `${desk.house.url}${opened.link.returnTo}` }
    return { page: plainPage(desk.house, { title, icon: 'done', lead: 'Sign in with it, and with your second step.', action }) }
  }
  await openSession(desk, visit, opened.account.id)
  const action = { label: 'Continue', href: `${desk.house.url}${opened.link.returnTo}` }
  return { page: plainPage(desk.house, { title, icon: 'done', lead: 'Everything is in place. Go on to the school.', action }) }
}

/**
 * Opening a confirmation's link confirms by itself only in the browser that asked for it, which holds the sign-in's cookie:
 * a mail scanner does not, and neither does anyone to whom a stranger's link was sent. Elsewhere the password is asked for.
 */
export const showConfirm: Handler = async (desk, visit) => {
  const opened = open(desk, 'confirm', visit.query.get('token') ?? '')
  if (!opened || opened.link.password === null) return dead(desk)
  if (!isHome(visit, opened)) return { page: confirmPage(desk.house, visit.path, { token: opened.token, email: opened.account.email }) }
  return use(desk, opened, opened.link.password) ? proceed(desk, visit, opened.account, ['pwd']) : dead(desk)
}

export const confirm: Handler = async (desk, visit) => {
  const opened = open(desk, 'confirm', visit.form.get('token') ?? '')
  if (!opened || opened.link.password === null) return dead(desk)
  const { token, account, link } = opened
  const wait = await desk.gate.take('signInPerAccount', account.email)
  if (wait !== undefined) return tooMany(desk, wait)
  if (!(await isPassword(visit.form.get('password') ?? '', opened.link.password))) {
    return {
      status: 401,
      page: confirmPage(desk.house, visit.path, { token, email: account.email, faults: { password: 'That is not the password you chose.' } }),
    }
  }
  await desk.gate.forgive('signInPerAccount', account.email)
  return use(desk, opened, opened.link.password) ? goOn(desk, visit, { ...opened, link }, 'Your address is confirmed') : dead(desk)
}

export const showReset: Handler = (desk, visit) => {
  const opened = open(desk, 'reset', visit.query.get('token') ?? '')
  return opened ? { page: resetPage(desk.house, visit.path, { token: opened.token, email: opened.account.email }) } : dead(desk)
}

export const reset: Handler = async (desk, visit) => {
  const opened = open(desk, 'reset', visit.form.get('token') ?? '')
  if (!opened) return dead(desk)
  const { house, post, ids, gate } = desk
  const { token, account } = opened
  const password = visit.form.get('password') ?? ''
  const fault = passwordFault(password, account.email)
  if (fault !== undefined) return { status: 422, page: resetPage(house, visit.path, { token, email: account.email, faults: { password: fault } }) }
  if (!use(desk, opened, await hashPassword(password))) return dead(desk)
  await gate.forgive('signInPerAccount', account.email)
  noteSecurity(desk.log, 'secret-changed', { person: account.id, what: 'password.reset' })
  post.send(changedLetter(ids.make('ltr'), account.email, house.schoolName, { language: languageFor(visit), name: account.name, href: `${house.url}/` }))
  return goOn(desk, visit, opened, 'Your new password is set')
}
