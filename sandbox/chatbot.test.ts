import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import * as z from 'zod/mini'
import { lessonFor } from './chatbot/lesson.ts'
import { PASSAGES } from './chatbot/passages.ts'
import { startChatbotSandbox } from './chatbot.ts'

const aFolder = async (test: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'chatbot-'))
  test.after(() => rm(folder, { recursive: true }))
  return folder
}

const aStandIn = async (test: TestContext) => {
  const standIn = await startChatbotSandbox({ folder: await aFolder(test), publicUrl: 'http://localhost' })
  test.after(() => standIn.close())
  return standIn
}

const post = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
const ask = (apiUrl: string, prompt: string, more: object = {}): Promise<Response> =>
  post(`${apiUrl}/chat/completions`, { model: 'stand-in', messages: [{ role: 'user', content: prompt }], ...more })

const Completion = z.object({
  choices: z.array(z.object({ finish_reason: z.string(), message: z.object({ content: z.string() }) })),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() }),
})
const contentOf = async (answer: Response): Promise<string> => Completion.parse(await answer.json()).choices[0]?.message.content ?? ''

const OUTLINE = PASSAGES.map((_, place) => `Point ${place + 1}`)
const promptFor = (point: string): string =>
  `<brief>\nSeries: x\n${OUTLINE.map((each, place) => `${place + 1}. ${each}`).join('\n')}\n</brief>\n\n<source>\nA page\nhttps://a.example/page\n</source>\n\n<point>\n${point}\n</point>\n\n"questions" has exactly 6.`

describe('the lesson a stand-in writes', () => {
  it('is the same for the same prompt', () => {
    assert.deepEqual(lessonFor(promptFor('Point 2')), lessonFor(promptFor('Point 2')))
  })

  it('has headings, objectives, questions with a key that is not always the first, and a source that was given', () => {
    const { text, objectives, questions, sources, readingMinutes, summary } = lessonFor(promptFor('Point 2'))
    assert.equal(text.match(/^## /gm)?.length, 6)
    assert.equal(objectives.length, 4)
    assert.ok(summary.length <= 400 && readingMinutes >= 2)
    assert.deepEqual(sources, [{ title: 'A page', url: 'https://a.example/page' }])
    assert.equal(questions.length, 6)
    for (const { kind, options } of questions)
      assert.ok(kind === 'multiple' ? options.filter(({ isRight }) => isRight).length > 1 : options.filter(({ isRight }) => isRight).length === 1)
    assert.ok(new Set(questions.map(({ options }) => options.findIndex(({ isRight }) => isRight))).size > 1)
  })

  it('shares one passage of four with any other lesson of its series', () => {
    const lessons = OUTLINE.map((point) => lessonFor(promptFor(point)).objectives)
    lessons.forEach((one, place) => {
      for (const other of lessons.slice(place + 1)) assert.equal(one.filter((objective) => other.includes(objective)).length, 1)
    })
  })

  it('is about whatever stands first where nothing is marked', () => {
    assert.equal(lessonFor('how tides work.\nPlease be brief.').title, 'How tides work')
  })
})

describe('a stand-in for a chatbot', () => {
  it('answers in the shape of the schema it is given, and tells what it has used', async (test) => {
    const { apiUrl } = await aStandIn(test)
    const schema = {
      type: 'object',
      properties: {
        title: { type: 'string' },
        kind: { enum: ['a', 'b'] },
        count: { type: 'integer', minimum: 3 },
        tags: { type: 'array', items: { type: 'string' } },
      },
    }
    const answer = Completion.parse(
      await (await ask(apiUrl, promptFor('Point 1'), { response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } })).json(),
    )
    assert.deepEqual(JSON.parse(answer.choices[0]?.message.content ?? ''), { title: 'Point 1', kind: 'a', count: 3, tags: ['Point 1'] })
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)
    assert.equal(answer.choices[0]?.finish_reason, 'stop')
  })

  it('stops at the bound of tokens', async (test) => {
    const { apiUrl } = await aStandIn(test)
    const answer = Completion.parse(await (await ask(apiUrl, promptFor('Point 1'), { max_tokens: 50 })).json())
    assert.deepEqual([answer.choices[0]?.finish_reason, answer.usage.completion_tokens], ['length', 50])
  })

  it('streams the same answer in pieces', async (test) => {
    const { apiUrl } = await aStandIn(test)
    const whole = await contentOf(await ask(apiUrl, promptFor('Point 1')))
    const Chunk = z.object({ choices: z.array(z.object({ delta: z.object({ content: z._default(z.string(), '') }) })) })
    const lines = (await (await ask(apiUrl, promptFor('Point 1'), { stream: true })).text()).split('\n\n').filter((line) => line.startsWith('data: {'))
    assert.ok(lines.length > 3)
    assert.equal(lines.map((line) => Chunk.parse(JSON.parse(line.slice(6))).choices[0]?.delta.content).join(''), whole)
  })

  it('names its model', async (test) => {
    const { apiUrl, model } = await aStandIn(test)
    const Models = z.object({ data: z.array(z.object({ id: z.string() })) })
    assert.deepEqual(Models.parse(await (await fetch(`${apiUrl}/models`)).json()).data, [{ id: model }])
  })

  it('refuses what is no question', async (test) => {
    const { apiUrl } = await aStandIn(test)
    assert.equal((await fetch(`${apiUrl}/chat/completions`, { method: 'POST', body: '{' })).status, 400)
    assert.equal((await post(`${apiUrl}/chat/completions`, { messages: [] })).status, 400)
    assert.equal((await fetch(`${apiUrl}/embeddings`)).status, 404)
  })

  it('fails for as many questions as it is told to, and answers what it is told', async (test) => {
    const { apiUrl, url } = await aStandIn(test)
    await post(`${url}/api/faults`, { fault: '429', times: 1 })
    assert.deepEqual([(await ask(apiUrl, 'x')).status, (await ask(apiUrl, 'x')).status], [429, 200])
    await post(`${url}/api/faults`, { fault: 'said', words: '{"just":"this"}' })
    assert.equal(await contentOf(await ask(apiUrl, 'x')), '{"just":"this"}')
  })

  it('fails for exactly so many of those who ask at once', async (test) => {
    const { apiUrl, url } = await aStandIn(test)
    await post(`${url}/api/faults`, { fault: '500', times: 4 })
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(apiUrl, 'x')))
    assert.equal(answers.filter(({ status }) => status === 500).length, 4)
    assert.equal(answers.filter(({ status }) => status === 200).length, 6)
  })

  it('keeps its switches and what was asked over a restart', async (test) => {
    const folder = await aFolder(test)
    const first = await startChatbotSandbox({ folder, publicUrl: 'http://localhost' })
    await ask(first.apiUrl, 'how tides work')
    await post(`${first.url}/api/faults`, { fault: 'cut-off', times: 4 })
    await first.close()
    const second = await startChatbotSandbox({ folder, publicUrl: 'http://localhost' })
    test.after(() => second.close())
    const kept = z.object({ fault: z.string(), times: z.int() }).parse(await (await fetch(`${second.url}/api/faults`)).json())
    assert.deepEqual([kept.fault, kept.times], ['cut-off', 4])
    assert.match(await (await fetch(second.url)).text(), /how tides work/)
  })

  it('does not let a page of another site press its buttons', async (test) => {
    const { url } = await aStandIn(test)
    assert.equal((await post(`${url}/api/faults`, { fault: 'down' }, { 'sec-fetch-site': 'cross-site' })).status, 403)
  })
})

describe('its pages', () => {
  it('show what was asked and answered, and never as markup', async (test) => {
    const { apiUrl, url } = await aStandIn(test)
    await post(`${url}/api/faults`, { fault: 'said', words: '{"text":"<script>alert(1)</script>"}', times: 1 })
    await ask(apiUrl, '<b>how tides work</b>')
    const list = await (await fetch(url)).text()
    const [, address = ''] = /href="(\/sandbox\/chatbot\/questions\/[^"]+)"/.exec(list) ?? []
    const shown = await fetch(new URL(address, url))
    const page = await shown.text()
    assert.match(page, /&lt;script&gt;alert\(1\)/)
    assert.match(page, /&lt;b&gt;how tides work/)
    assert.doesNotMatch(page, /<script|<b>/)
    assert.match(shown.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  })

  it('name a question by its point as somebody wrote it', async (test) => {
    const { apiUrl, url } = await aStandIn(test)
    await ask(apiUrl, '<point>\nSalt &amp; pepper, &lt;b>bold&lt;/b>\n</point>')
    assert.match(await (await fetch(url)).text(), />Salt &amp; pepper, &lt;b&gt;bold&lt;\/b&gt;</)
  })

  it('say so when there is nothing, or no such question', async (test) => {
    const { url } = await aStandIn(test)
    assert.match(await (await fetch(url)).text(), /Nobody has asked anything yet/)
    assert.equal((await fetch(`${url}/questions/..%2f..%2ffaults`)).status, 404)
  })

  it('have a form for the switches', async (test) => {
    const { apiUrl, url } = await aStandIn(test)
    const saved = await fetch(`${url}/faults`, { method: 'POST', body: new URLSearchParams({ fault: '500', times: '', seconds: '30', words: '' }) })
    assert.match(await saved.text(), /Saved\./)
    assert.equal((await ask(apiUrl, 'x')).status, 500)
    assert.match(await (await fetch(url)).text(), /Now: failing: every question is answered 500\./)
  })
})
