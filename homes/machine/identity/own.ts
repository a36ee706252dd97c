import { normalEmail } from '#core/addresses.ts'
import type { SignInDesk } from '#ports/sign-in.ts'
import type { Desk } from './desk.ts'
import { changedLetter, leavingAddressLetter, newAddressLetter, takenAddressLetter } from './letters.ts'
import type { Account } from './listing.ts'
import { hashPassword, isPassword, passwordFault, weakness } from './passwords.ts'
import { SECURED, tellOf } from './secured.ts'
import { WORDS } from './words/words.ts'

type Needs = Omit<Desk, 'provider' | 'waits' | 'steps'>

/** Letters to both addresses, whichever they are: what is sent to a stranger's only the stranger sees. */
const changeEmail = async (desk: Needs, account: Account, typed: string): Promise<'sent' | 'too-many'> => {
  const { people, addresses, post, ids, house, gate, languageOf } = desk
  const email = normalEmail(typed)
  const wait = (await gate.take('lettersPerAccount', `change:${account.id}`)) ?? (await gate.take('lettersPerAccount', `change:${email}`))
  if (wait !== undefined) return 'too-many'
  const owner = people.findByEmail(email)
  const [language, theirs] = [await languageOf(account.id), await languageOf(owner?.id ?? account.id)]
  const token = addresses.ask(account.id, email)
  const id = ids.make('ltr')
  const [home, link] = [`${house.url}/`, `${house.url}/auth/sign-in/change/new-address?token=${token}&ui_locales=${theirs}`]
  const letter = owner ? takenAddressLetter : newAddressLetter
  post.send(letter(id, email, house.schoolName, { href: owner ? home : link, language: theirs }))
  const told = { name: account.name, email, href: `${house.url}/account`, language }
  post.send(leavingAddressLetter(ids.make('ltr'), account.email, house.schoolName, told))
  return 'sent'
}

const changePassword = async (desk: Needs, account: Account, { present, next, keep }: Parameters<SignInDesk['changePassword']>[1]) => {
  const { people, gate, sessions, addresses, post, ids, house, languageOf } = desk
  const wait = await gate.take('signInPerAccount', account.email)
  if (wait !== undefined) return 'too-many'
  if (account.password !== '' && !(await isPassword(present ?? '', account.password))) return 'wrong'
  await gate.forgive('signInPerAccount', account.email)
  const language = await languageOf(account.id)
  const words = WORDS[language]
  const fault = passwordFault(next, account.email, words)
  if (fault !== undefined) return { fault }
  if ((await gate.take('weighedPerAccount', account.id)) !== undefined) return 'too-many'
  const weak = await weakness(next, { ...account, schoolName: house.schoolName }, words)
  if (weak !== undefined) return { fault: weak }
  people.setPassword(account.id, await hashPassword(next))
  addresses.drop(account.id)
  sessions.endOthers(account.id, keep ?? '')
  const told = { language, name: account.name, href: `${house.url}/` }
  post.send(changedLetter(ids.make('ltr'), account.email, house.schoolName, told))
  return 'done'
}

const shown = (desk: Needs, { id, password }: Account) => {
  const { addresses, secondFactors, passkeys, sessions, providerLinks, providers } = desk
  const nameOf = (issuer: string): string => [...providers.values()].find((each) => each.issuer === issuer)?.name ?? new URL(issuer).hostname
  return {
    hasPassword: password !== '',
    pendingEmail: addresses.pendingOf(id),
    secondFactor: { isOn: secondFactors.isOn(id), codesLeft: secondFactors.codesLeft(id) },
    passkeys: passkeys.isPossible ? passkeys.of(id) : undefined,
    sessions: sessions.of(id),
    links: providerLinks.of(id).map((issuer) => ({ issuer, name: nameOf(issuer) })),
  }
}

/** What people change about their own sign-in, over this provider's own tables. */
export const own = (desk: Needs): SignInDesk => {
  const { people, sessions, addresses, secondFactors, passkeys, providerLinks, rules } = desk
  const found = (id: string): Account => {
    const account = people.find(id)
    if (!account) throw new Error('Whoever asks has no account.')
    return account
  }
  return {
    of: async (id) => shown(desk, found(id)),
    rename: async (id, name) => people.rename(id, name),
    changeEmail: async (id, email) => changeEmail(desk, found(id), email),
    changePassword: async (id, change) => changePassword(desk, found(id), change),
    endSession: async (id, session) => sessions.end(id, session),
    async endOtherSessions(id, keep) {
      // Whoever asked for another address, or has proven a sign-in and not come back from it, may be whom this is against.
      addresses.drop(id)
      people.endBegun(id)
      sessions.endOthers(id, keep)
    },
    async removeSecondFactor(id) {
      secondFactors.turnOff(id)
      await tellOf(desk, found(id), SECURED.authenticatorRemoved)
    },
    newRecoveryCodes: async (id) => secondFactors.newCodes(id),
    renamePasskey: async (id, passkey, name) => passkeys.rename(id, passkey, name),
    async removePasskey(id, passkey) {
      const isGone = passkeys.remove(id, passkey)
      if (isGone) await tellOf(desk, found(id), SECURED.passkeyRemoved)
      return isGone
    },
    async unlink(id, issuer) {
      if (!providerLinks.of(id).includes(issuer)) return 'missing'
      const isLast = found(id).password === '' && passkeys.of(id).length === 0 && providerLinks.of(id).length === 1
      if (isLast) return 'last'
      providerLinks.remove(id, issuer)
      return 'done'
    },
    rules: async () => rules.now(),
    async setRules(wanted) {
      rules.set(wanted)
      // A session of before would do without for as long as it lasts.
      if (wanted.staffNeedSecondFactor) for (const { id } of people.staff()) sessions.endOfOneFactor(id)
    },
  }
}
