import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWhole } from '#test/words.ts'
import type { Html } from '../html.ts'
import type { Spoken } from '../layout.ts'
import * as pages from '../pages.ts'
import { addPasskeyPage } from '../passkey-pages.ts'
import * as plain from '../plain-pages.ts'
import * as second from '../two-step-pages.ts'
import type { Words } from './en.ts'
import { WORDS } from './words.ts'

/** Words that are the same in English, by the language. */
const ALIKE = { de: ['fields.name', 'code.code', 'passkey.unnamed'], es: ['frame.error'] }

for (const language of ['de', 'es'] as const) {
  test(`the sign-in’s pages in ${language} say everything that there is to say, and name in it whatever English names`, () =>
    assertWhole(WORDS.en, WORDS[language], ALIKE[language]))
}

/** The same texts, each between marks, with what is filled in. */
const marked = (words: object): object =>
  Object.fromEntries(
    Object.entries(words).map(([key, value]) => {
      if (typeof value === 'object') return [key, marked(value)]
      return [key, typeof value === 'function' ? (...filledIn: unknown[]) => `‹${value(...filledIn)}›` : `‹${value}›`]
    }),
  )

// The same keys, with texts and functions of texts.
const spoken: Spoken = { house: { schoolName: '—', url: 'https://school.example', inboxUrl: '/inbox' }, words: marked(WORDS.en) as Words }

const opened = { token: 'x', email: 'x' }
const coded = { request: '{}', error: '!' }
const setUp = { uri: 'otpauth://x', secret: '2345', isRequired: true, canPasskey: true }

const EVERY_PAGE: Record<string, Html> = {
  signIn: pages.signInPage(spoken, '/x', { request: '{}', providers: new Map([['x', { name: 'x' }]]) }),
  signUp: pages.signUpPage(spoken, '/x', {}),
  forgot: pages.forgotPage(spoken, '/x', {}),
  toConfirm: pages.checkMailPage(spoken, '/x', { email: 'x', purpose: 'confirm', news: 'unseen' }),
  toReset: pages.checkMailPage(spoken, '/x', { email: 'x', purpose: 'reset', news: 'sent' }),
  confirm: pages.confirmPage(spoken, '/x', opened),
  reset: pages.resetPage(spoken, '/x', opened),
  signOut: pages.signOutPage(spoken, ''),
  join: pages.joinPage(spoken, '/x', { name: undefined, email: 'x', faults: { password: '!' } }),
  newAddress: pages.newAddressPage(spoken, '/x', opened),
  code: second.codePage(spoken, '/x', { ...coded, hasCodes: true }),
  passkeyAsCode: second.codePage(spoken, '/x', { ...coded, hasCodes: false }),
  setUpRequired: second.setUpPage(spoken, '/x', setUp),
  setUp: second.setUpPage(spoken, '/x', { ...setUp, isRequired: false }),
  recovery: second.recoveryPage(spoken, '/x', ['2345']),
  addPasskeyRequired: addPasskeyPage(spoken, '/x', { options: '{}', name: '', isRequired: true }),
  addPasskey: addPasskeyPage(spoken, '/x', { options: '{}', name: '', isRequired: false }),
  signedOut: plain.signedOutPage(spoken),
  tooMany: plain.tooManyPage(spoken, 600),
  expired: plain.expiredPage(spoken),
  deadLink: plain.deadLinkPage(spoken),
  missing: plain.missingPage(spoken),
  error: plain.errorPage(spoken, ''),
  unkept: plain.unkeptPage(spoken),
  closed: plain.closedPage(spoken),
}

/** What people read or hear of a page: its text, and the labels and messages in its attributes. */
const readIn = ({ markup }: Html): string => {
  const text = markup.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]*>/g, ' ')
  return [text, ...[...markup.matchAll(/ (?:aria-label|data-failed|data-there)="([^"]*)"/g)].map(([, label = '']) => label)].join(' ')
}

test('no page of the sign-in says anything that does not stand among the words', () => {
  for (const [name, page] of Object.entries(EVERY_PAGE)) {
    const said = readIn(page)
    assert.match(said, /‹/, name)
    const besides = said.replace(/‹(?:[^‹›]|‹[^‹›]*›)*›/g, '')
    assert.doesNotMatch(besides, /\p{L}/u, name)
  }
})
