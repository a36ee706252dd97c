import type { RefusalCode } from '#contract/refusals.ts'
import { aPng } from '#core/pictures/pictures.fixture.ts'
import type { Row, Rows } from '../row.ts'

const PNG = Buffer.from(aPng(80, 80)).toString('base64')

const OTHER_ADDRESS = { gets: 'not-allowed', because: 'whoever has the link is shown what it is, and is told which account to take it up with' } as const

export const accounts: Rows<'accounts'> = {
  me: { of: 'nobody', input: () => ({}) },
  school: { of: 'nobody', input: () => ({}) },
  own: { of: 'nobody', input: () => ({}) },
  rename: { of: 'nobody', input: () => ({ name: 'Another name' }) },
  changeEmail: { of: 'nobody', input: () => ({ email: 'other@lectern.test' }) },
  changePassword: { of: 'nobody', input: () => ({ present: 'irrelevant', next: 'five other quiet words' }) },
  endSession: { of: 'learner', input: ({ otherSession: session }) => ({ session }) },
  endSessions: { of: 'nobody', input: () => ({ keepsThis: true }) },
  removeSecondFactor: { of: 'nobody', input: () => ({}) },
  newRecoveryCodes: { of: 'nobody', input: () => ({}) },
  renamePasskey: { of: 'learner', input: ({ passkey }) => ({ passkey, name: 'Tablet' }) },
  removePasskey: { of: 'learner', input: ({ passkey }) => ({ passkey }) },
  unlink: { of: 'nobody', input: () => ({ issuer: 'https://id.example' }) },
  signInRules: { of: 'nobody', input: () => ({}) },
  putSignInRules: { of: 'nobody', input: () => ({ staffNeedSecondFactor: true }) },
  staffInvitations: { of: 'nobody', input: () => ({}) },
  inviteStaff: { of: 'nobody', input: () => ({ email: 'new@lectern.test', role: 'instructor' }) },
  withdrawStaffInvitation: { of: 'nobody', input: ({ staffInvitation: invitation }) => ({ invitation }) },
  // The link is its own leave; whose mailbox it was sent to is all that it hides.
  joining: { of: 'nobody', input: ({ joining: token }) => ({ token }) },
  join: {
    of: 'learner',
    input: ({ joining: token }) => ({ token }),
    but: { sam: OTHER_ADDRESS, nina: OTHER_ADDRESS, max: OTHER_ADDRESS, theo: OTHER_ADDRESS, olga: OTHER_ADDRESS, sue: OTHER_ADDRESS, ada: OTHER_ADDRESS },
  },
}

export const alerts: Rows<'alerts'> = {
  list: { of: 'nobody', input: () => ({}) },
  silence: { of: 'nobody', input: () => ({ kind: 'films', until: '2026-06-20T00:00:00Z' }) },
  unsilence: { of: 'nobody', input: () => ({ kind: 'films' }) },
}

export const audit: Rows<'audit'> = {
  list: { of: 'nobody', input: () => ({}) },
  kinds: { of: 'nobody', input: () => ({}) },
  table: { of: 'nobody', input: () => ({}) },
}

export const grants: Rows<'grants'> = {
  explain: { of: 'nobody', input: ({ email, article: lesson }) => ({ email, lesson }) },
  give: { of: 'nobody', input: ({ email, soldCourse: course }) => ({ email, course, note: 'A prize' }) },
  end: { of: 'nobody', input: ({ email, course }) => ({ email, course, note: 'Asked for' }) },
}

export const helpers: Rows<'helpers'> = {
  list: { of: 'teacher', to: 'teach', input: ({ course }) => ({ course }) },
  part: { of: 'teacher', to: 'see', input: ({ course }) => ({ course }) },
  add: { of: 'teacher', to: 'own', input: ({ course }) => ({ course, email: 'sam@lectern.test', help: { as: 'assistant', rights: ['grade'] } }) },
  change: { of: 'teacher', to: 'own', input: ({ course, helper: person }) => ({ course, person, help: { as: 'co-teacher', seesRevenue: true } }) },
  remove: { of: 'teacher', to: 'own', input: ({ course, helper: person }) => ({ course, person }) },
}

export const people: Rows<'people'> = {
  list: { of: 'nobody', input: () => ({}) },
  person: { of: 'nobody', input: ({ learner: person }) => ({ person }) },
  setRoles: { of: 'nobody', input: ({ mate: person }) => ({ person, roles: ['instructor'], reason: 'Begins to teach' }) },
  disable: { of: 'nobody', input: ({ mate: person }) => ({ person, isDisabled: true, reason: 'Asked for' }) },
  signOut: { of: 'nobody', input: ({ mate: person }) => ({ person, reason: 'A lost telephone' }) },
}

export const notifications: Rows<'notifications'> = {
  mine: { of: 'nobody', input: () => ({}) },
  // What is not one's own is left alone without a word.
  read: { of: 'learner', input: ({ notification }) => ({ ids: [notification], isRead: true }) },
  preferences: { of: 'nobody', input: () => ({}), leaves: 'The choices everybody begins with, and the address by which letters are stopped.' },
  choose: { of: 'nobody', input: () => ({ kind: 'reply', mail: 'never' }) },
  setLanguage: { of: 'nobody', input: () => ({ language: 'de' }) },
  // The key in a letter is its own leave.
  stop: { of: 'nobody', input: ({ letters: token }) => ({ token, kind: 'reply' }) },
}

export const operations: Rows<'operations'> = {
  health: { of: 'nobody', input: () => ({}) },
  deadLetters: { of: 'nobody', input: () => ({}) },
  status: { of: 'nobody', input: () => ({}) },
  attention: { of: 'nobody', input: () => ({}) },
  checks: { of: 'nobody', input: () => ({}) },
  films: { of: 'nobody', input: () => ({ show: 'trouble' }) },
  storage: { of: 'nobody', input: () => ({}) },
  weigh: { of: 'nobody', input: () => ({}) },
  letters: { of: 'nobody', input: () => ({ show: 'failed' }) },
  replay: { of: 'nobody', input: ({ deadEvent: event, deadListener: listener }) => ({ event, listener }) },
  discard: { of: 'nobody', input: ({ deadEvent: event, deadListener: listener }) => ({ event, listener }) },
}

const NO_WISHES = { posts: false, certificates: false }
const all = (gets: RefusalCode, because: string): NonNullable<Row['but']> =>
  Object.fromEntries((['sam', 'lena', 'nina', 'max', 'theo', 'olga', 'sue', 'ada'] as const).map((who) => [who, { gets, because }]))

export const privacy: Rows<'privacy'> = {
  mine: { of: 'nobody', input: () => ({}) },
  copy: { of: 'nobody', input: () => ({}) },
  download: { of: 'nobody', input: () => ({}), but: all('not-found', 'nobody has had a copy made') },
  leave: {
    of: 'nobody',
    input: () => ({ email: 'nobody@lectern.test', keeps: NO_WISHES }),
    but: all('bad-input', 'it takes the address of one’s own account'),
  },
  stay: { of: 'nobody', input: () => ({}) },
  erasures: { of: 'nobody', input: () => ({}) },
  erase: {
    of: 'nobody',
    input: ({ email }) => ({ email, keeps: NO_WISHES }),
    but: { ada: { gets: 'conflict', because: 'a membership of hers is being paid' } },
  },
  spare: { of: 'nobody', input: ({ erasure }) => ({ erasure }) },
}

export const storefront: Rows<'storefront'> = {
  settings: { of: 'nobody', input: () => ({}) },
  putBrand: { of: 'nobody', input: () => ({ version: 0, value: { name: 'Another school', tagline: '', footerText: '', footerLinks: [] } }) },
  putHome: { of: 'nobody', input: () => ({ version: 0, value: { sections: [] } }) },
  putImage: { of: 'nobody', input: () => ({ use: 'logo', base64: PNG }) },
  legal: { of: 'nobody', input: () => ({ page: 'terms' }) },
  putLegal: { of: 'nobody', input: () => ({ page: 'terms', version: 1, text: 'Be kind.' }) },
  embed: { of: 'nobody', input: ({ soldSlug }) => ({ url: `http://school.test/courses/${soldSlug}` }) },
}

export const tokens: Rows<'tokens'> = {
  list: { of: 'nobody', input: () => ({}) },
  create: { of: 'nobody', input: () => ({ name: 'A script', scopes: ['courses:read' as const], days: 30 }) },
  revoke: { of: 'learner', input: ({ token }) => ({ token }) },
}

export const webhooks: Rows<'webhooks'> = {
  list: { of: 'nobody', input: () => ({}) },
  create: { of: 'nobody', input: () => ({ url: 'https://example.org/hooks', events: ['order.paid' as const] }) },
  change: { of: 'nobody', input: ({ webhook }) => ({ webhook, isOn: false }) },
  renewSecret: { of: 'nobody', input: ({ webhook }) => ({ webhook }) },
  remove: { of: 'nobody', input: ({ webhook }) => ({ webhook }) },
  deliveries: { of: 'nobody', input: ({ webhook }) => ({ webhook }) },
  test: { of: 'nobody', input: ({ webhook }) => ({ webhook }) },
  replay: { of: 'nobody', input: ({ webhook, delivery }) => ({ webhook, delivery }) },
}
