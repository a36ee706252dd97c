import type { LetterLanguage } from '#contract/notifications.ts'
import type { Words } from '#core/notices/words/en.ts'
import { WORDS } from '#core/notices/words/words.ts'
import type { Letter } from '#ports/mail.ts'
import { CHANGE_HOURS } from './addresses.ts'
import { html } from './html.ts'
import { LINK_HOURS } from './links.ts'

type Content = { language: LetterLanguage; subject: string; lines: string[]; action: { label: string; href: string }; after: string }

const INK = 'color:#1c2024'
const FONT = "font-family:Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',sans-serif"

const letter = (id: string, to: string, schoolName: string, { language, subject, lines, action, after }: Content): Letter => ({
  id,
  to,
  subject,
  text: `${[...lines, `${action.label}:`, action.href, after].join('\n\n')}\n\n${schoolName}\n`,
  html: html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${subject}</title></head>
<body style="margin:0;padding:32px 16px;background:#f6f7f7;${FONT}"><div style="max-width:480px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px;font-size:16px;line-height:1.55;${INK}">
<p style="margin:0 0 24px;font-size:14px;font-weight:600;color:#0f766e">${schoolName}</p>${lines.map((line) => html`<p style="margin:0 0 16px">${line}</p>`)}
<p style="margin:24px 0"><a href="${action.href}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#0f766e;color:#ffffff;font-weight:600;text-decoration:none">${action.label}</a></p>
<p style="margin:0;font-size:14px;color:#5b6169">${after}</p></div></body></html>`.markup,
})

export type SecuredWords = Words['account']['secured']

type Link = { href: string; language: LetterLanguage }
type NamedLink = Link & { name: string }

/** Says no name: anybody may have typed anything there, to reach a stranger's mailbox. Its link holds for so many `hours`. */
const toStranger =
  (which: 'confirm' | 'newAddress', hours: number) =>
  (id: string, to: string, schoolName: string, { href, language }: Link): Letter => {
    const { frame, account } = WORDS[language]
    const { subject, text, action, after } = account[which]
    const says = { subject: subject(schoolName), lines: [frame.hello, text], action: { label: action, href }, after: after(hours) }
    return letter(id, to, schoolName, { language, ...says })
  }

export const confirmLetter = toStranger('confirm', LINK_HOURS.confirm)
export const newAddressLetter = toStranger('newAddress', CHANGE_HOURS)

const named =
  (which: 'known' | 'reset' | 'changed') =>
  (id: string, to: string, schoolName: string, { name, href, language }: NamedLink): Letter => {
    const { frame, account } = WORDS[language]
    const { subject, text, action, after } = account[which]
    return letter(id, to, schoolName, { language, subject: subject(schoolName), lines: [frame.helloTo(name), text], action: { label: action, href }, after })
  }

export const knownLetter = named('known')
export const resetLetter = named('reset')
export const changedLetter = named('changed')

/** To an address that has an account: its owner learns that, and nobody else. */
export const takenAddressLetter = (id: string, to: string, schoolName: string, { href, language }: Link): Letter => {
  const { frame, account } = WORDS[language]
  const { subject, text, action, after } = account.takenAddress
  return letter(id, to, schoolName, { language, subject: subject(schoolName), lines: [frame.hello, text], action: { label: action, href }, after })
}

const ofAddress =
  (which: 'leavingAddress' | 'moved') =>
  (id: string, to: string, schoolName: string, { name, href, language, email }: NamedLink & { email: string }): Letter => {
    const { frame, account } = WORDS[language]
    const { subject, text, action, after } = account[which]
    const lines = [frame.helloTo(name), text(email)]
    return letter(id, to, schoolName, { language, subject: subject(schoolName), lines, action: { label: action, href }, after })
  }

export const leavingAddressLetter = ofAddress('leavingAddress')
export const movedLetter = ofAddress('moved')

/** What somebody did to their sign-in, so that they learn of it where it was not them. */
export const securedLetter = (
  id: string,
  to: string,
  schoolName: string,
  { name, href, language, says }: NamedLink & { says: (words: SecuredWords) => string },
): Letter => {
  const { frame, account } = WORDS[language]
  const { subject, text, action, after } = account.secured
  const what = says(account.secured)
  const lines = [frame.helloTo(name), text(what)]
  return letter(id, to, schoolName, { language, subject: subject(what, schoolName), lines, action: { label: action, href }, after })
}
