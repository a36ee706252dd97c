import type { Handler } from './desk.ts'
import { tooMany } from './desk.ts'
import { movedLetter } from './letters.ts'
import { newAddressPage } from './pages.ts'
import { deadLinkPage, plainPage } from './plain-pages.ts'

/** The link proves the mailbox; a click shows that it was a person who followed it, and no program that reads their mail. */
export const showNewAddress: Handler = ({ addresses }, visit) => {
  const token = visit.query.get('token') ?? ''
  const change = addresses.find(token)
  return change ? { page: newAddressPage(visit.spoken, visit.path, { token, email: change.email }) } : { status: 410, page: deadLinkPage(visit.spoken) }
}

export const newAddress: Handler = async (desk, visit) => {
  const { addresses, house, people, post, ids, gate, languageOf } = desk
  const token = visit.form.get('token') ?? ''
  const asked = addresses.find(token)
  const before = asked && people.find(asked.account)
  const wait = before && (await gate.take('formsPerAddress', `address ${visit.caller}`))
  if (wait !== undefined) return tooMany(desk, visit, wait)
  const change = before && !before.isDisabled ? addresses.confirm(token) : undefined
  if (!before || !change) return { status: 410, page: deadLinkPage(visit.spoken) }
  const told = { name: before.name, email: change.email, href: `${house.url}/account`, language: await languageOf(before.id) }
  post.send(movedLetter(ids.make('ltr'), before.email, house.schoolName, told))
  const { doneTitle: title, done, toAccount: label } = visit.spoken.words.newAddress
  return { page: plainPage(visit.spoken, { title, icon: 'done', lead: done(change.email), action: { label, href: `${house.url}/account` } }) }
}
