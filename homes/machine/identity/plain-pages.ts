import { type Html, html } from './html.ts'
import { type Icon, icon, layout, type Spoken } from './layout.ts'

type Plain = {
  title: string
  icon: Icon
  lead: string
  /** Back to the school, where nothing else is said. */
  action?: { label: string; href: string }
  small?: Html | string | undefined
  isError?: boolean
}

/** A page with one thing to say, and one way to go on. */
export const plainPage = (spoken: Spoken, { title, icon: sign, lead, action, small, isError = false }: Plain): Html => {
  const { label, href } = action ?? { label: spoken.words.frame.back, href: `${spoken.house.url}/` }
  return layout(spoken, {
    title,
    isError,
    body: html`<div class="mark">${icon(sign)}</div><h1>${title}</h1><p class="lead">${lead}</p><a class="button" href="${href}">${label}</a>${small !== undefined && html`<p class="turn small">${small}</p>`}`,
  })
}

export const signedOutPage = (spoken: Spoken): Html => {
  const { doneTitle: title, done: lead } = spoken.words.signOut
  return plainPage(spoken, { title, icon: 'door', lead })
}

export const tooManyPage = (spoken: Spoken, seconds: number): Html => {
  const { title, lead, minute, minutes, hour, why: small } = spoken.words.tooMany
  const time = seconds < 90 ? minute : seconds < 3300 ? minutes(Math.ceil(seconds / 60)) : hour
  return plainPage(spoken, { title, icon: 'wait', lead: lead(time), small, isError: true })
}

export const expiredPage = (spoken: Spoken): Html => plainPage(spoken, { ...spoken.words.expired, icon: 'wait', isError: true })

export const deadLinkPage = (spoken: Spoken): Html => plainPage(spoken, { ...spoken.words.deadLink, icon: 'key', isError: true })

export const missingPage = (spoken: Spoken): Html => plainPage(spoken, { ...spoken.words.missing, icon: 'lost', isError: true })

/** `small`: what exactly did not work. */
export const errorPage = (spoken: Spoken, small: Html | string): Html => {
  const { title, lead } = spoken.words.failed
  return plainPage(spoken, { title, icon: 'lost', lead, small, isError: true })
}

export const unkeptPage = (spoken: Spoken): Html => plainPage(spoken, { ...spoken.words.unkept, icon: 'lost', isError: true })

export const closedPage = (spoken: Spoken): Html => plainPage(spoken, { ...spoken.words.closed, icon: 'door', isError: true })
