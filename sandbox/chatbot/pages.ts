import { html, type Markup } from '../markup.ts'
import { moment } from '../stripe/html.ts'
import { FAULTS, type Faults, WORDS } from './faults.ts'
import { page, ROOT } from './html.ts'
import { plain } from './lesson.ts'
import type { Exchange } from './store.ts'

/** What a prompt asks to be written about, for a line in a list. */
const aboutOf = ({ prompt }: Exchange): string => {
  const point = /<point>\n?([\s\S]*?)\n?<\/point>/.exec(prompt)?.[1]
  return (point === undefined ? prompt.trim() : plain(point)).slice(0, 140) || 'Nothing'
}

const faultOf = (fault: string): Markup | false => fault !== 'none' && html` <span class="state failed">${fault}</span>`

const tokensWords = ({ input, output }: Exchange['tokens']): string => `${input.toLocaleString('en-GB')} + ${output.toLocaleString('en-GB')}`

const row = (exchange: Exchange): Markup =>
  html`<tr><td data-label="Asked for"><strong><a href="${ROOT}/questions/${exchange.id}">${aboutOf(exchange)}</a></strong><small>${exchange.model}</small></td>
<td data-label="Answer"><span><code>${exchange.status ?? 'none'}</code>${faultOf(exchange.fault)}</span></td>
<td data-label="Tokens" class="one">${tokensWords(exchange.tokens)}</td>
<td data-label="When" class="one"><time datetime="${exchange.at}">${moment(Date.parse(exchange.at))}</time></td></tr>`

const stateLine = ({ fault, times }: Faults): Markup | false =>
  fault !== 'none' &&
  html`<p class="warning" role="status">Now: ${WORDS[fault].toLowerCase()}${times !== null && (times === 1 ? ', for one more question' : `, for ${times} more questions`)}. <a href="${ROOT}/faults">Change it</a></p>`

export const listPage = (exchanges: readonly Exchange[], faults: Faults): string =>
  page({
    title: 'Chatbot stand-in',
    here: 'questions',
    body: html`<div class="head"><h1>Questions</h1>${exchanges.length > 0 && html`<form method="post" action="${ROOT}/clear"><button class="secondary">Forget them</button></form>`}</div>
<p class="aside">What was asked lately, newest first. The last fifty are kept.</p>${stateLine(faults)}
${
  exchanges.length === 0
    ? html`<p class="empty">Nobody has asked anything yet. Have a series write a lesson, and what is asked and answered appears here.</p>`
    : html`<table><thead><tr>${['Asked for', 'Answer', 'Tokens in + out', 'When (UTC)'].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${exchanges.map(row)}</tbody></table>`
}`,
  })

type Asked = { prompt: string; options: { text: string; isRight: boolean }[]; explanation?: unknown }
const isAsked = (given: unknown): given is Asked =>
  typeof given === 'object' &&
  given !== null &&
  'prompt' in given &&
  'options' in given &&
  Array.isArray(given.options) &&
  given.options.every((each) => typeof each?.text === 'string')

const asked = ({ prompt, options, explanation }: Asked): Markup =>
  html`<li>${String(prompt)}<ul>${options.map(({ text, isRight }) => html`<li>${text}${isRight && html` <span class="state won">right</span>`}</li>`)}</ul><small>${String(explanation ?? '')}</small></li>`

/** A field of an answer as somebody reads it, where it is of a kind that can be read. */
const field = (value: unknown): Markup => {
  if (typeof value === 'string' || typeof value === 'number') return html`<p class="prose">${value}</p>`
  const isList = Array.isArray(value) && value.length > 0
  if (isList && value.every((each) => typeof each === 'string')) return html`<ul class="listed">${value.map((each) => html`<li>${each}</li>`)}</ul>`
  if (isList && value.every(isAsked)) return html`<ol class="listed">${value.map(asked)}</ol>`
  return html`<pre>${JSON.stringify(value, null, 2)}</pre>`
}

const answerParts = (answer: string): Markup => {
  try {
    const value: unknown = JSON.parse(answer)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return html`<pre>${answer}</pre>`
    return html`<dl class="fields">${Object.entries(value).map(([name, each]) => html`<dt>${name}</dt><dd>${field(each)}</dd>`)}</dl>`
  } catch {
    return html`<pre>${answer}</pre>`
  }
}

export const questionPage = (exchange: Exchange): string =>
  page({
    title: aboutOf(exchange),
    here: 'questions',
    body: html`<p class="back"><a href="${ROOT}">All questions</a></p><h1>${aboutOf(exchange)}</h1>
<p class="aside"><time datetime="${exchange.at}">${moment(Date.parse(exchange.at))}</time> · ${exchange.model} · ${tokensWords(exchange.tokens)} tokens · answered <code>${exchange.status ?? 'none'}</code>${faultOf(exchange.fault)}</p>
<h2>Answer</h2>${exchange.answer === undefined ? html`<p class="empty">None came.</p>` : answerParts(exchange.answer)}
<h2>Prompt</h2><pre>${exchange.prompt}</pre><h2>System prompt</h2><pre>${exchange.system || 'None.'}</pre>`,
  })

export const missingPage = (): string =>
  page({ title: 'Not there', here: 'questions', body: html`<h1>There is no such question</h1><p class="aside"><a href="${ROOT}">All questions</a></p>` })

export const faultsPage = ({ faults, isSaved }: { faults: Faults; isSaved: boolean }): string =>
  page({
    title: 'Faults',
    here: 'faults',
    body: html`<h1>Faults</h1><p class="aside">What could go wrong with a real one, at the flick of a switch.</p>${isSaved && html`<p class="saved" role="status">Saved.</p>`}
<form method="post" class="faults"><fieldset><legend>When it is asked</legend>${FAULTS.map((name) => html`<label class="choice"><input type="radio" name="fault" value="${name}" ${name === faults.fault && html`checked`}><span>${WORDS[name]}</span></label>`)}</fieldset>
<fieldset class="numbers"><legend>How</legend><label>For so many questions <input type="number" name="times" min="1" max="1000" placeholder="always" value="${faults.times ?? ''}"></label>
<label>Seconds of “slow” <input type="number" name="seconds" min="0" max="3600" value="${faults.seconds}"></label>
<label class="words"><span>Words to answer</span><textarea name="words" rows="6" spellcheck="false">${faults.words}</textarea></label></fieldset>
<button class="primary">Save</button></form>`,
  })
