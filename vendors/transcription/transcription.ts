import { setTimeout as pause } from 'node:timers/promises'
import type { Secret } from '#ports/secret.ts'
import { type Spoken, TRANSCRIPTION_LIMITS, type Transcription, TranscriptionFailed } from '#ports/transcription.ts'
import { fromVerboseJson, fromVtt } from './answers.ts'
import { type Answer, post } from './post.ts'

const LIMITS = {
  /** For everything that is asked about one sound: a second try and a second format included. */
  totalMs: TRANSCRIPTION_LIMITS.answerSeconds * 1000,
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
type Question = { type: string; body: Uint8Array; signal: AbortSignal }

const isBusy = (status: number): boolean => status === 429 || status >= 500

/** The file and the questions about it, as `multipart/form-data`. */
const form = async (sound: Uint8Array, fields: Record<string, string>): Promise<{ type: string; body: Uint8Array }> => {
  const data = new FormData()
  data.set('file', new Blob([new Uint8Array(sound)], { type: 'audio/mp4' }), 'sound.mp4')
  for (const [name, value] of Object.entries(fields)) data.set(name, value)
  const whole = new Response(data)
  return { type: whole.headers.get('content-type') ?? '', body: await whole.bytes() }
}

const hidden = (key: Secret | undefined, text: string): string => (key ? text.replaceAll(key.reveal(), '[secret]') : text).slice(0, 300)

type Line = Omit<TranscriptionOptions, 'limits'> & { limits: typeof LIMITS; closing: AbortSignal }

/** Answers a function that asks one question, and once more where that may help. */
const asking = ({ url, key, limits, closing }: Line) => {
  const address = `${url.replace(/\/+$/, '')}/audio/transcriptions`
  const headers = { accept: 'application/json, text/vtt', ...(key && { authorization: `Bearer ${key.reveal()}` }) }
  const noAnswer = (cause: unknown): never => {
    if (closing.aborted) throw new Error('The school is closing.', { cause })
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TranscriptionFailed('unreachable', `No answer from the transcription service: ${why}`, { cause })
  }
  const sent = ({ type, body, signal }: Question): Promise<Answer> =>
    post({ url: address, headers: { ...headers, 'content-type': type }, body, signal, mostBytes: limits.answerBytes }).catch(noAnswer)

  const asked = async (question: Question, isLast = false): Promise<string> => {
    const answer = await sent(question).catch((error: unknown) => {
      if (isLast || question.signal.aborted || !(error instanceof TranscriptionFailed)) throw error
      return undefined
    })
    if (answer && answer.status >= 200 && answer.status < 300) return answer.body
    if (answer && (isLast || !isBusy(answer.status))) {
      const says = `The transcription service answered ${answer.status}: ${hidden(key, answer.body)}`
      throw new TranscriptionFailed(isBusy(answer.status) ? 'unreachable' : 'refused', says)
    }
    const wanted = answer?.retryAfterSeconds === undefined ? limits.retryMs : answer.retryAfterSeconds * 1000
    await pause(Math.min(Math.max(wanted, 0), limits.mostRetryMs), undefined, { signal: question.signal }).catch(noAnswer)
    return asked(question, true)
  }
  return (question: Question): Promise<string> => asked(question)
}

/** An OpenAI-compatible transcription endpoint. `close` gives up what is under way, so that it can be asked again later. */
export const openAiTranscription = ({ limits: given, ...options }: TranscriptionOptions): Transcription & { close(): void } => {
  const limits = { ...LIMITS, ...given }
  const closing = new AbortController()
  const asked = asking({ ...options, limits, closing: closing.signal })
  return {
    async transcribe(sound, { language: tag }): Promise<Spoken[]> {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(limits.totalMs)])
      // ISO 639-1, without script or region.
      const language = tag.split('-')[0] ?? tag
      const ask = async (format: Format): Promise<string> =>
        asked({ ...(await form(sound, { model: options.model, response_format: format, language })), signal })
      const first = await ask('verbose_json')
      const segments = fromVerboseJson(first)
      // Some servers write plain JSON whatever was asked for, and have the times in WebVTT only.
      const spoken = segments === 'none' ? fromVtt(await ask('vtt')) : segments
      if (!spoken) throw new TranscriptionFailed('nonsense', `The transcription service answered what cannot be read: ${hidden(options.key, first)}`)
      return spoken
    },
    close: () => closing.abort(),
  }
}
