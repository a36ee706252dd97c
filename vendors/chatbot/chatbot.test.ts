import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { generateText } from 'ai'
import { ChatbotFailed, type ChatbotQuestion, mostInputTokens } from '#ports/chatbot.ts'
import { secret } from '#ports/secret.ts'
import { type ChatbotOptions, chatbot } from './chatbot.ts'
import { openModel } from './models.ts'

type Asked = { path: string; headers: IncomingMessage['headers']; body: Record<string, unknown> }
type Reply = { status?: number; body?: string; headers?: Record<string, string>; isCut?: boolean } | 'hang up' | 'silence'

const KEY = 'sk-very-secret'
const QUESTION: ChatbotQuestion = {
  ...{ system: 'You write.', prompt: 'A lesson, please.', name: 'lesson', maxOutputTokens: 500 },
  schema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'], additionalProperties: false },
}
const MOST = { input: mostInputTokens(QUESTION), output: 500 }

const completion = (content: string, more: { finish?: string; usage?: object | null } = {}): Reply => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    ...{ id: 'x', created: 1, model: 'their-model-2026', object: 'chat.completion' },
    choices: [{ index: 0, finish_reason: more.finish ?? 'stop', message: { role: 'assistant', content } }],
    ...(more.usage !== null && { usage: more.usage ?? { prompt_tokens: 30, completion_tokens: 20 } }),
  }),
})

const reply = (response: ServerResponse, how: Reply): void => {
  if (how === 'silence') return
  if (how === 'hang up') return void response.destroy()
  response.writeHead(how.status ?? 200, how.headers)
  if (!how.isCut) return void response.end(how.body ?? '')
  response.write(how.body ?? '')
  setImmediate(() => response.destroy())
}

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

/** A service on loopback that answers what it is told to, in turn, and our client of it. */
const aService = async (test: TestContext, replies: Reply[], options: Partial<ChatbotOptions> = {}) => {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers, body: await bodyOf(request) })
    reply(response, replies[asked.length - 1] ?? { status: 500 })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  assert.ok(address !== null && typeof address !== 'string')
  const url = `http://127.0.0.1:${address.port}/v1`
  const { ask } = chatbot({
    ...{ provider: 'openai-compatible', url, key: secret(KEY), model: 'a-model' },
    ...options,
    limits: { retryMs: 1, ...options.limits },
  })
  return { url, asked, ask: () => ask(QUESTION) }
}

const faultOf = async (promise: Promise<unknown>): Promise<ChatbotFailed> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ChatbotFailed, String(error))
  assert.equal(error.cause, undefined, 'a log would show the whole request')
  assert.ok(!`${error.message} ${error.stack} ${JSON.stringify(error)}`.includes(KEY), 'the key is told')
  return error
}

describe('an OpenAI-compatible chatbot', () => {
  it('is sent one question with its schema, and its answer is what it wrote, with what it has used', async (test) => {
    const { asked, ask } = await aService(test, [completion('{"title":"Seen"}')])
    assert.deepEqual(await ask(), { value: { title: 'Seen' }, tokens: { input: 30, output: 20 }, model: 'their-model-2026' })
    const [{ path, headers, body } = { path: '', headers: {}, body: {} }] = asked
    assert.deepEqual([asked.length, path, headers.authorization], [1, '/v1/chat/completions', `Bearer ${KEY}`])
    assert.deepEqual(body, {
      ...{ model: 'a-model', max_tokens: 500 },
      messages: [
        { role: 'system', content: QUESTION.system },
        { role: 'user', content: QUESTION.prompt },
      ],
      response_format: { type: 'json_schema', json_schema: { schema: QUESTION.schema, strict: true, name: 'lesson' } },
    })
  })

  it('needs no key', async (test) => {
    const { asked, ask } = await aService(test, [completion('{"title":"Seen"}')], { key: undefined })
    await ask()
    assert.equal(asked[0]?.headers.authorization, undefined)
  })

  it('is taken to have used all it might where it does not say', async (test) => {
    const { ask } = await aService(test, [completion('{"title":"Seen"}', { usage: null })])
    assert.deepEqual((await ask()).tokens, MOST)
  })

  it('is asked again when it is busy, down, or breaks off before it answers', async (test) => {
    const { asked, ask } = await aService(test, [{ status: 503, body: 'busy' }, 'hang up', completion('{"title":"Seen"}')])
    assert.deepEqual((await ask()).value, { title: 'Seen' })
    assert.equal(asked.length, 3)
  })

  it('is given up after three tries', async (test) => {
    const { asked, ask } = await aService(test, [
      { status: 500 },
      { status: 502 },
      { status: 503, body: JSON.stringify({ error: { message: 'Too warm here' } }) },
    ])
    const fault = await faultOf(ask())
    assert.deepEqual([fault.reason, fault.message, fault.tokens], ['unreachable', 'The chatbot answered 503: Too warm here', { input: 0, output: 0 }])
    assert.equal(asked.length, 3)
  })

  it('is not waited for as long as it would like', async (test) => {
    const { asked, ask } = await aService(test, [{ status: 429, headers: { 'retry-after': '3600' } }])
    assert.equal((await faultOf(ask())).reason, 'unreachable')
    assert.equal(asked.length, 1)
  })

  it('refuses for good what it does not take, and the key is not in what it says', async (test) => {
    const says = JSON.stringify({ error: { message: `Incorrect API key: ${KEY}` } })
    const { asked, ask } = await aService(test, [{ status: 401, body: says }])
    const fault = await faultOf(ask())
    assert.deepEqual([fault.reason, fault.message], ['refused', 'The chatbot answered 401: Incorrect API key: [secret]'])
    assert.equal(asked.length, 1)
  })

  it('that leads elsewhere is not followed', async (test) => {
    const elsewhere = await aService(test, [completion('{"title":"Stolen"}')])
    const { ask } = await aService(test, [{ status: 307, headers: { location: `${elsewhere.url}/chat/completions` } }])
    assert.equal((await faultOf(ask())).reason, 'unreachable')
    assert.equal(elsewhere.asked.length, 0)
  })

  const spoilt: [string, Reply, ChatbotFailed['reason'], ChatbotFailed['tokens']][] = [
    ['half of the JSON', completion('{"title":"Se'), 'malformed', { input: 30, output: 20 }],
    ['no text at all', completion(''), 'malformed', { input: 30, output: 20 }],
    ['JSON cut off at its bound', completion('{"title":"Se', { finish: 'length' }), 'cut-off', { input: 30, output: 20 }],
    ['nothing, for it must not', completion('', { finish: 'content_filter' }), 'refused', { input: 30, output: 20 }],
    ['a page of HTML', { body: '<html>', headers: { 'content-type': 'text/html' } }, 'malformed', MOST],
    ['more than anybody can read', completion(JSON.stringify({ title: 'x'.repeat(20_000) })), 'malformed', MOST],
    ['a part of an answer', { body: '{"id":', isCut: true }, 'unreachable', MOST],
  ]
  for (const [what, how, reason, tokens] of spoilt)
    it(`that answers ${what} is not asked again, and what it used counts`, async (test) => {
      const { asked, ask } = await aService(test, [how], { limits: { answerBytes: 10_000 } })
      const fault = await faultOf(ask())
      assert.deepEqual([fault.reason, fault.tokens], [reason, tokens], fault.message)
      assert.equal(asked.length, 1)
    })

  it('that does not answer in time is slow', async (test) => {
    const { asked, ask } = await aService(test, ['silence'], { limits: { tryMs: 60 } })
    const fault = await faultOf(ask())
    assert.deepEqual([fault.reason, fault.tokens, asked.length], ['slow', MOST, 1])
  })

  it('has one time for all its tries', async (test) => {
    const { asked, ask } = await aService(test, [{ status: 500 }], { limits: { totalMs: 80, retryMs: 10_000 } })
    const fault = await faultOf(ask())
    assert.deepEqual([fault.reason, asked.length], ['unreachable', 1])
  })
})

describe('another provider', () => {
  it('OpenAI is told the bound by its own name of it', async () => {
    const sent: unknown[] = []
    const model = await openModel({ provider: 'openai-compatible', url: 'https://api.openai.com/v1', key: secret(KEY), model: 'a-model' }, async (_, how) => {
      sent.push(JSON.parse(String(how?.body)))
      return new Response('{}', { status: 400 })
    })
    await assert.rejects(generateText({ model, prompt: 'A lesson', maxOutputTokens: 500, maxRetries: 0 }))
    assert.deepEqual(sent, [{ model: 'a-model', max_completion_tokens: 500, messages: [{ role: 'user', content: 'A lesson' }] }])
  })

  it('Anthropic is asked in its own words', async (test) => {
    const content = [{ type: 'text', text: '{"title":"Seen"}' }]
    const message = {
      type: 'message',
      id: 'm',
      role: 'assistant',
      model: 'claude-x',
      content,
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 4 },
    }
    const { asked, ask } = await aService(test, [{ body: JSON.stringify(message), headers: { 'content-type': 'application/json' } }], {
      ...{ provider: 'anthropic', model: 'claude-sonnet-4-5' },
    })
    assert.deepEqual(await ask(), { value: { title: 'Seen' }, tokens: { input: 9, output: 4 }, model: 'claude-x' })
    assert.deepEqual([asked[0]?.path, asked[0]?.headers['x-api-key'], asked[0]?.body['max_tokens']], ['/v1/messages', KEY, 500])
  })

  it('Anthropic is not asked without a key', async (test) => {
    const { asked, ask } = await aService(test, [], { provider: 'anthropic', key: undefined })
    assert.equal((await faultOf(ask())).reason, 'refused')
    assert.equal(asked.length, 0)
  })

  it('Bedrock is asked in its own words', async (test) => {
    const answered = {
      output: { message: { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'json', input: { title: 'Seen' } } }] } },
      stopReason: 'tool_use',
    }
    const body = JSON.stringify({ ...answered, usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 } })
    const { asked, ask } = await aService(test, [{ body, headers: { 'content-type': 'application/json' } }], {
      provider: 'bedrock',
      model: 'amazon.nova-lite-v1:0',
    })
    assert.deepEqual(await ask(), { value: { title: 'Seen' }, tokens: { input: 9, output: 4 }, model: 'amazon.nova-lite-v1:0' })
    assert.match(asked[0]?.path ?? '', /\/model\/amazon\.nova-lite-v1%3A0\/converse$/)
    assert.equal(asked[0]?.headers.authorization, `Bearer ${KEY}`)
  })
})
