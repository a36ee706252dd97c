import type { Fault, Mode } from './faults.ts'
import type { Message } from './store.ts'
import { STYLE } from './style.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const safe = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')

const WHEN = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' })

const layout = (title: string, body: string): string => `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${safe(title)}</title><style>${STYLE}</style></head>
<body><aside class="banner">Stand-in inbox: mail never leaves this machine</aside><div class="page">${body}</div></body></html>
`

const times = (message: Message): string => (message.times > 1 ? ` <span class="to">(came ${message.times} times)</span>` : '')

const row = (message: Message): string =>
  `<li><a href="/sandbox/mail/messages/${message.id}"><span class="to">${safe(message.to)}</span><span class="subject">${safe(message.subject)}${times(message)}</span><time class="when" datetime="${message.at}">${WHEN.format(new Date(message.at))}</time><span class="peek">${safe(message.text.slice(0, 160))}</span></a></li>`

const WORDS: Record<Mode, string> = { none: 'Nothing', down: 'Server is down', slow: 'Slow to answer', reject: 'Refuses for now (451)' }

const faultForm = ({ mode, count }: Fault): string => `<form class="faults" method="post" action="/sandbox/mail/faults">
<p>Rehearse trouble: what goes wrong when the school sends mail. ${mode === 'none' ? 'At present nothing does.' : `<span class="state">Now: ${WORDS[mode].toLowerCase()}${count === undefined ? '' : `, ${count} more`}.</span>`}</p>
<label>What<select name="mode">${Object.entries(WORDS)
  .map(([value, words]) => `<option value="${value}"${value === mode ? ' selected' : ''}>${words}</option>`)
  .join('')}</select></label>
<label>How many times<input name="count" type="number" min="1" max="1000" placeholder="until changed"></label><button>Set</button></form>`

export const listPage = (messages: Message[], fault: Fault, to: string | undefined): string =>
  layout(
    'Inbox',
    `<header><h1>${to === undefined ? 'Inbox' : `Inbox of ${safe(to)}`}</h1><div class="acts"><a class="button" href="/sandbox/mail${to === undefined ? '' : `?to=${encodeURIComponent(to)}`}">Refresh</a>${to === undefined ? '' : '<a class="button" href="/sandbox/mail">Everybody</a>'}<form method="post" action="/sandbox/mail/clear"><button>Delete all</button></form></div></header>
<main>${messages.length === 0 ? '<div class="empty"><strong>No mail yet</strong>Whatever the school sends appears here: sign up, or ask for a new password.</div>' : `<ul class="letters">${messages.map(row).join('')}</ul>`}</main>${faultForm(fault)}`,
  )

export const VIEWS = ['html', 'text', 'headers'] as const
export type View = (typeof VIEWS)[number]

/** Plain text with its addresses made links. */
const linked = (text: string): string =>
  text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/)
    .map((part, index) => (index % 2 === 1 ? `<a href="${safe(part)}">${safe(part)}</a>` : safe(part)))
    .join('')

const shown = (message: Message, view: View): string => {
  if (view === 'html')
    return `<iframe title="The letter" sandbox="allow-top-navigation-by-user-activation allow-top-navigation allow-popups" src="/sandbox/mail/messages/${message.id}/html"></iframe>`
  if (view === 'text') return `<pre>${linked(message.text)}</pre>`
  return `<pre>${message.headers.map(({ name, value }) => `<strong>${safe(name)}</strong>: ${safe(value)}`).join('\n')}</pre>`
}

export const messagePage = (message: Message, view: View): string =>
  layout(
    message.subject,
    `<header><h1>${safe(message.subject)}</h1><a class="button" href="/sandbox/mail">All mail</a></header>
<main class="letter"><dl><dt>From</dt><dd>${safe(message.from)}</dd><dt>To</dt><dd><a href="/sandbox/mail?to=${encodeURIComponent(message.to)}">${safe(message.to)}</a></dd><dt>Came</dt><dd><time datetime="${message.at}">${WHEN.format(new Date(message.at))}</time>${times(message)}</dd></dl>
<nav aria-label="How to show it">${VIEWS.map((each) => `<a class="button" href="/sandbox/mail/messages/${message.id}?view=${each}"${each === view ? ' aria-current="true"' : ''}>${{ html: 'Letter', text: 'Plain text', headers: 'Headers' }[each]}</a>`).join('')}</nav>${shown(message, view)}</main>`,
  )

/** The letter itself, for the frame: its links lead the whole window on. */
export const letterPage = ({ html, text }: Message): string =>
  `<!doctype html><base target="_top">${html === '' ? `<pre style="white-space:pre-wrap;font:16px/1.5 system-ui;margin:24px">${linked(text)}</pre>` : html}`

export const missingPage = (): string =>
  layout('Not there', '<header><h1>There is no such letter</h1><a class="button" href="/sandbox/mail">All mail</a></header>')
