import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { secret } from '#ports/secret.ts'
import { TranscriptionFailed } from '#ports/transcription.ts'
import { openAiTranscription, type TranscriptionOptions } from './transcription.ts'

type Asked = { path: string; key: string | undefined; fields: Record<string, string>; sound: Uint8Array }
type Reply = { status?: number; body?: string; headers?: Record<string, string> } | 'hang up' | 'silence'

const KEY = 'sk-very-secret'
const SOUND = new Uint8Array([0, 0, 0, 8, 13, 10, 45, 45, 255])

const askedOf = async (request: IncomingMessage): Promise<Asked> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const form = await new Response(Buffer.concat(chunks), { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData()
  const file = form.get('file')
  assert.ok(file instanceof File)
  const fields = Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return { path: request.url ?? '', key: request.headers.authorization, fields, sound: await file.bytes() }
}

const answer = (response: ServerResponse, reply: Reply): void => {
  if (reply === 'silence') return
  if (reply === 'hang up') return void response.destroy()
  response.writeHead(reply.status ?? 200, reply.headers).end(reply.body ?? '')
}

/** A service on loopback that answers what it is told to, in turn, and our client of it. */
const aService = async (test: TestContext, replies: Reply[], options: Partial<TranscriptionOptions> = {}) => {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    asked.push(await askedOf(request))
    answer(response, replies[asked.length - 1] ?? { status: 500 })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  assert.ok(address !== null && typeof address !== 'string')
  const client = openAiTranscription({
    ...{ url: `http://127.0.0.1:${address.port}/v1/`, key: secret(KEY), model: 'whisper-1' },
    ...options,
    limits: { retryMs: 1, ...options.limits },
  })
  test.after(() => {
    client.close()
    server.closeAllConnections()
    server.close()
  })
  return { asked, client, hear: () => client.transcribe(SOUND, { language: 'pt-BR' }) }
}

const faultOf = async (promise: Promise<unknown>): Promise<TranscriptionFailed> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof TranscriptionFailed, String(error))
  assert.ok(!`${error.message} ${error.stack} ${JSON.stringify(error)}`.includes(KEY), 'the key is told')
  return error
}

const verbose = (segments: unknown): string => JSON.stringify({ task: 'transcribe', language: 'portuguese', text: 'x', segments })

describe('a transcription service', () => {
  it('is sent the sound, byte for byte, with the model and the language, and its segments are what was said', async (test) => {
    const { asked, hear } = await aService(test, [{ body: verbose([{ id: 0, start: 0, end: 2.5, text: ' Olá.' }]) }])
    assert.deepEqual(await hear(), [{ startSeconds: 0, endSeconds: 2.5, text: ' Olá.' }])
    assert.deepEqual(asked, [
      {
        ...{ path: '/v1/audio/transcriptions', key: `Bearer ${KEY}`, sound: SOUND },
        fields: { model: 'whisper-1', response_format: 'verbose_json', language: 'pt' },
      },
    ])
  })

  it('needs no key', async (test) => {
    const { asked, hear } = await aService(test, [{ body: verbose([]) }], { key: undefined })
    assert.deepEqual(await hear(), [])
    assert.equal(asked[0]?.key, undefined)
  })

  it('that gives no segments is asked for WebVTT', async (test) => {
    const vtt = 'WEBVTT\n\n00:00.000 --> 00:02.000\nOlá,\nmundo\n\n01:00:02.000 --> 01:00:03.500\nTchau\n'
    const { asked, hear } = await aService(test, [{ body: '{"text":"Olá"}' }, { body: vtt }])
    assert.deepEqual(await hear(), [
      { startSeconds: 0, endSeconds: 2, text: 'Olá, mundo' },
      { startSeconds: 3602, endSeconds: 3603.5, text: 'Tchau' },
    ])
    assert.equal(asked[1]?.fields['response_format'], 'vtt')
  })

  it('that is busy, broken or gone for a moment is asked once more', async (test) => {
    for (const first of [{ status: 429, headers: { 'retry-after': '0' } }, { status: 503 }, 'hang up'] as const) {
      const { asked, hear } = await aService(test, [first, { body: verbose([]) }])
      assert.deepEqual(await hear(), [])
      assert.equal(asked.length, 2)
    }
  })

  it('that stays away is unreachable, after two tries and no more', async (test) => {
    for (const reply of [{ status: 500, body: `not with ${KEY}` }, 'hang up'] as const) {
      const { asked, hear } = await aService(test, [reply, reply, reply])
      assert.equal((await faultOf(hear())).fault, 'unreachable')
      assert.equal(asked.length, 2)
    }
  })

  it('that says nothing is given up in time, and a second try or another format gets no time of its own', async (test) => {
    const busy = { status: 429, headers: { 'retry-after': '5' } }
    const noTimes = { body: '{"text":"Olá"}' }
    const isGivenUp = async (replies: Reply[]): Promise<void> => {
      const { asked, hear } = await aService(test, [...replies, 'silence', 'silence'], { limits: { totalMs: 500 } })
      assert.equal((await faultOf(hear())).fault, 'unreachable')
      assert.equal(asked.length, replies.length)
    }
    await Promise.all([
      isGivenUp(['silence']),
      isGivenUp(['hang up', 'silence']),
      isGivenUp([busy]),
      isGivenUp([noTimes, 'silence']),
      isGivenUp([noTimes, busy]),
    ])
  })

  it('that does not take our key, or sends us elsewhere, is not asked again', async (test) => {
    for (const reply of [
      { status: 401, body: `Incorrect API key provided: ${KEY}` },
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    ]) {
      const { asked, hear } = await aService(test, [reply])
      assert.equal((await faultOf(hear())).fault, 'refused')
      assert.equal(asked.length, 1)
    }
  })

  it('that answers rubbish is told apart from silence in the sound', async (test) => {
    for (const body of [
      '<html>',
      '[1',
      '"text"',
      verbose('none'),
      verbose([{ start: 'soon', end: 1, text: '' }]),
      verbose([{ start: -1, end: 1, text: '' }]),
    ]) {
      const { hear } = await aService(test, [{ body }])
      assert.equal((await faultOf(hear())).fault, 'nonsense', body)
    }
    const { hear } = await aService(test, [{ body: '{"text":""}' }, { body: 'no WebVTT' }])
    assert.equal((await faultOf(hear())).fault, 'nonsense')
  })

  it('whose answer never ends is cut off', async (test) => {
    const { hear } = await aService(test, [{ body: 'x'.repeat(5000) }, { body: 'x'.repeat(5000) }], { limits: { answerBytes: 1000 } })
    assert.equal((await faultOf(hear())).fault, 'unreachable')
  })

  it('is let go at once when the school closes, which is no failure of it', async (test) => {
    const { client, hear } = await aService(test, ['silence'])
    const heard = hear()
    client.close()
    await assert.rejects(heard, (error: unknown) => !(error instanceof TranscriptionFailed))
  })
})
