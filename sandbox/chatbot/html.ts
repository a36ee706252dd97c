import { html, type Markup } from '../markup.ts'

export const ROOT = '/sandbox/chatbot'

const PLACES = { questions: ['', 'Questions'], faults: ['/faults', 'Faults'] } as const
export type Place = keyof typeof PLACES

export const page = ({ title, here, body }: { title: string; here: Place; body: Markup }): string =>
  html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${ROOT}/style.css">
</head>
<body class="board">
<p class="banner">Stand-in chatbot: nothing is asked of anybody</p>
<nav><strong>Chatbot stand-in</strong>${Object.entries(PLACES).map(([name, [path, words]]) => html`<a href="${ROOT}${path}" ${name === here && html`aria-current="page"`}>${words}</a>`)}</nav>
<main>${body}</main>
</body>
</html>`.markup
