import { html, type Markup, wholePage } from '../markup.ts'

type Page = { title: string; body: Markup; home: { url: string; words: string } | undefined }

export const page = ({ title, body, home }: Page): string =>
  wholePage({
    ...{ language: 'en-GB', title, styles: ['/sandbox/github/style.css'] },
    body: html`<body>
<aside class="banner"><span>Stand-in repository: nothing leaves this machine</span>${home && html` <a href="${home.url}">${home.words}</a>`}</aside>
${body}
</body>`,
  })

const MOMENT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })

export const when = (milliseconds: number): Markup =>
  html`<time datetime="${new Date(milliseconds).toISOString()}">${MOMENT.format(new Date(milliseconds))}</time>`

export const short = (oid: string): string => oid.slice(0, 7)
