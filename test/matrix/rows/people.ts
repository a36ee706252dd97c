import type { RefusalCode } from '#contract/refusals.ts'
import { aPng } from '#core/pictures/pictures.fixture.ts'
import type { Row, Rows } from '../row.ts'

const PNG = Buffer.from(aPng(80, 80)).toString('base64')

export const accounts: Rows<'accounts'> = {
  me: { of: 'nobody', input: () => ({}) },
  school: { of: 'nobody', input: () => ({}) },
}

export const grants: Rows<'grants'> = {
  explain: { of: 'nobody', input: ({ email, article: lesson }) => ({ email, lesson }) },
  give: { of: 'nobody', input: ({ email, soldCourse: course }) => ({ email, course, note: 'A prize' }) },
  end: { of: 'nobody', input: ({ email, course }) => ({ email, course, note: 'Asked for' }) },
}

export const notifications: Rows<'notifications'> = {
  mine: { of: 'nobody', input: () => ({}) },
  // What is not one's own is left alone without a word.
  read: { of: 'learner', input: ({ notification }) => ({ ids: [notification], isRead: true }) },
  preferences: { of: 'nobody', input: () => ({}) },
  choose: { of: 'nobody', input: () => ({ kind: 'reply', mail: 'never' }) },
  // The key in a letter is its own leave.
  stop: { of: 'nobody', input: ({ letters: token }) => ({ token, kind: 'reply' }) },
}

export const operations: Rows<'operations'> = {
  health: { of: 'nobody', input: () => ({}) },
  deadLetters: { of: 'nobody', input: () => ({}) },
  replay: { of: 'nobody', input: ({ deadEvent: event, deadListener: listener }) => ({ event, listener }) },
}

const NO_WISHES = { posts: false, certificates: false }
const all = (gets: RefusalCode, because: string): NonNullable<Row['but']> =>
  Object.fromEntries((['sam', 'lena', 'nina', 'max', 'theo', 'olga', 'ada'] as const).map((who) => [who, { gets, because }]))

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
}
