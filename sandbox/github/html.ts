import { html, type Markup } from '../markup.ts'

type Page = { title: string; body: Markup; home: { url: string; words: string } | undefined }

export const page = ({ title, body, home }: Page): string =>
  html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox/github/style.css">
</head>
<body>
<aside class="banner"><span>Stand-in repository: nothing leaves this machine</span>${home && html` <a href="${home.url}">${home.words}</a>`}</aside>
${body}
</body>
</html>`.markup

const MOMENT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })

export const when = (milliseconds: number): Markup =>
  html`<time datetime="${new Date(milliseconds).toISOString()}">${MOMENT.format(new Date(milliseconds))}</time>`

export const short = (oid: string): string => oid.slice(0, 7)
