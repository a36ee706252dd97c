import type { Handler } from './desk.ts'
import { tooMany } from './desk.ts'
import { movedLetter } from './letters.ts'
import { deadLinkPage, newAddressPage, plainPage } from './pages.ts'

/** The link proves the mailbox; a click shows that it was a person who followed it, and no program that reads their mail. */
export const showNewAddress: Handler = ({ addresses, house }, visit) => {
  const token = visit.query.get('token') ?? ''
  const change = addresses.find(token)
  return change ? { page: newAddressPage(house, visit.path, { token, email: change.email }) } : { status: 410, page: deadLinkPage(house) }
}

export const newAddress: Handler = async (desk, visit) => {
  const { addresses, house, people, post, ids, gate, languageOf } = desk
  const token = visit.form.get('token') ?? ''
  const asked = addresses.find(token)
  const before = asked && people.find(asked.account)
  const wait = before && (await gate.take('formsPerAddress', `address ${visit.caller}`))
  if (wait !== undefined) return tooMany(desk, wait)
  const change = before && !before.isDisabled ? addresses.confirm(token) : undefined
  if (!before || !change) return { status: 410, page: deadLinkPage(house) }
  const told = { name: before.name, email: change.email, href: `${house.url}/account`, language: await languageOf(before.id) }
  post.send(movedLetter(ids.make('ltr'), before.email, house.schoolName, told))
  const action = { label: 'Go to my account', href: `${house.url}/account` }
  return { page: plainPage(house, { title: 'This is your address now', icon: 'done', lead: `From now on you sign in with ${change.email}.`, action }) }
}
