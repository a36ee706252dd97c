import { html, type Markup, wholePage } from '../markup.ts'

export const ROOT = '/sandbox/chatbot'

const PLACES = { questions: ['', 'Questions'], faults: ['/faults', 'Faults'] } as const
export type Place = keyof typeof PLACES

export const page = ({ title, here, body }: { title: string; here: Place; body: Markup }): string =>
  wholePage({
    ...{ language: 'en-GB', title, styles: [`${ROOT}/style.css`] },
    body: html`<body class="board">
<p class="banner">Stand-in chatbot: nothing is asked of anybody</p>
<nav><strong>Chatbot stand-in</strong>${Object.entries(PLACES).map(([name, [path, words]]) => html`<a href="${ROOT}${path}" ${name === here && html`aria-current="page"`}>${words}</a>`)}</nav>
<main>${body}</main>
</body>`,
  })
