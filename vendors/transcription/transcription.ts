import { setTimeout as pause } from 'node:timers/promises'
import type { Secret } from '#ports/secret.ts'
import { type Spoken, type Transcription, TranscriptionFailed } from '#ports/transcription.ts'
import { fromVerboseJson, fromVtt } from './answers.ts'
import { type Answer, post } from './post.ts'

const LIMITS = {
  /** Twenty minutes of sound on a small machine of one's own. */
  totalMs: 30 * 60_000,
  retryMs: 2000,
  /** A service that asks for more patience than this is busy. */
  mostRetryMs: 20_000,
  /** Twenty minutes of speech with a time for every word are a tenth of it. */
  answerBytes: 16 * 1024 * 1024,
}

export type TranscriptionOptions = {
  /** As of `https://api.openai.com/v1`. */
  url: string
  key?: Secret | undefined
  model: string
  limits?: Partial<typeof LIMITS>
}

type Format = 'verbose_json' | 'vtt'

const isBusy = (status: number): boolean => status === 429 || status >= 500

/** The file and the questions about it, as `multipart/form-data`. */
const form = async (sound: Uint8Array, fields: Record<string, string>): Promise<{ type: string; body: Uint8Array }> => {
  const data = new FormData()
  data.set('file', new Blob([new Uint8Array(sound)], { type: 'audio/mp4' }), 'sound.mp4')
  for (const [name, value] of Object.entries(fields)) data.set(name, value)
  const whole = new Response(data)
  return { type: whole.headers.get('content-type') ?? '', body: await whole.bytes() }
}

/** An OpenAI-compatible transcription endpoint. `close` gives up what is under way, so that it can be asked again later. */
export const openAiTranscription = ({ url, key, model, limits: given }: TranscriptionOptions): Transcription & { close(): void } => {
  const limits = { ...LIMITS, ...given }
  const address = `${url.replace(/\/+$/, '')}/audio/transcriptions`
  const closing = new AbortController()
  const hidden = (text: string): string => (key ? text.replaceAll(key.reveal(), '[secret]') : text).slice(0, 300)

  const sent = async (type: string, body: Uint8Array): Promise<Answer> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(limits.totalMs)])
    const headers = { 'content-type': type, accept: 'application/json, text/vtt', ...(key && { authorization: `Bearer ${key.reveal()}` }) }
    try {
      return await post({ url: address, headers, body, signal, mostBytes: limits.answerBytes })
    } catch (cause) {
      if (closing.signal.aborted) throw new Error('The school is closing.', { cause })
      throw new TranscriptionFailed('unreachable', `No answer from the transcription service: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      })
    }
  }

  /** Asks, and once more where that may help. */
  const asked = async (type: string, body: Uint8Array, isLast = false): Promise<string> => {
    const answer = await sent(type, body).catch((error: unknown) => {
      if (isLast || !(error instanceof TranscriptionFailed)) throw error
      return undefined
    })
    if (answer && answer.status >= 200 && answer.status < 300) return answer.body
    if (answer && (isLast || !isBusy(answer.status))) {
      const says = `The transcription service answered ${answer.status}: ${hidden(answer.body)}`
      throw new TranscriptionFailed(isBusy(answer.status) ? 'unreachable' : 'refused', says)
    }
    const wanted = answer?.retryAfterSeconds === undefined ? limits.retryMs : answer.retryAfterSeconds * 1000
    await pause(Math.min(Math.max(wanted, 0), limits.mostRetryMs), undefined, { signal: closing.signal })
    return asked(type, body, true)
  }

  const ask = async (sound: Uint8Array, language: string, format: Format): Promise<string> => {
    // ISO 639-1, without script or region.
    const { type, body } = await form(sound, { model, response_format: format, language: language.split('-')[0] ?? language })
    return asked(type, body)
  }

  return {
    async transcribe(sound, { language }): Promise<Spoken[]> {
      const first = await ask(sound, language, 'verbose_json')
      const segments = fromVerboseJson(first)
      // Some servers write plain JSON whatever was asked for, and have the times in WebVTT only.
      const spoken = segments === 'none' ? fromVtt(await ask(sound, language, 'vtt')) : segments
      if (!spoken) throw new TranscriptionFailed('nonsense', `The transcription service answered what cannot be read: ${hidden(first)}`)
      return spoken
    },
    close: () => closing.abort(),
  }
}
