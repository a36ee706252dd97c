import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash, randomBytes } from 'node:crypto'
import { requestNow } from './during.ts'

export type Attributes = Readonly<Record<string, string | number>>

/** One thing that took time, for one request. Names are templates and attributes ids and closed words: nobody is named in them. */
export type Span = {
  name: string
  kind: 'server' | 'consumer' | 'producer' | 'client' | 'internal'
  trace: string
  id: string
  parent: string | undefined
  /** Milliseconds since 1970. */
  began: number
  ended: number
  attributes: Attributes
  isFault: boolean
}
export type Keep = (span: Span) => void

const held: { keep: Keep | undefined } = { keep: undefined }
const spans = new AsyncLocalStorage<string>()

/** Has every span of this thread kept from now on; undefined has none. */
export const keepSpans = (keep: Keep | undefined): void => {
  held.keep = keep
}

/** A span of another thread, to whoever keeps those of this one. */
export const handOn: Keep = (span) => held.keep?.(span)

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * A trace is named after its request: whoever has the number has the trace, and what a listener does days later, after a restart too, belongs
 * to it without its name having been written down anywhere.
 */
export const traceOf = (request: string): string => digest(request).slice(0, 32)
export const rootOf = (request: string): string => digest(request).slice(32, 48)
/** The span of an event, which its listeners hang on. */
export const spanOfEvent = (event: string): string => digest(`event ${event}`).slice(0, 16)

/** What a call to the outside bears, so that its log and ours can be laid side by side (https://www.w3.org/TR/trace-context). */
export const callHeaders = (): Record<string, string> => {
  const request = requestNow()
  if (request === undefined) return {}
  const [span, flags] = [spans.getStore() ?? rootOf(request), held.keep ? '01' : '00']
  return { 'x-request-id': request, traceparent: `00-${traceOf(request)}-${span}-${flags}` }
}

type Described = { name: string; attributes?: Attributes }
type Begun = { id: string; end(described: Described, isFault: boolean): void }

/** Begins a span below what is being done; undefined where nobody keeps any, or nothing is being done for anybody. */
export const beginSpan = (kind: Span['kind'], of: { id?: string; parent?: string | 'none' } = {}): Begun | undefined => {
  const [{ keep }, request] = [held, requestNow()]
  if (!keep || request === undefined) return undefined
  const id = of.id ?? randomBytes(8).toString('hex')
  const parent = of.parent === 'none' ? undefined : (of.parent ?? spans.getStore() ?? rootOf(request))
  const [began, since] = [performance.timeOrigin + performance.now(), performance.now()]
  return {
    id,
    end: ({ name, attributes = {} }, isFault) =>
      keep({ name, kind, trace: traceOf(request), id, parent, began, ended: began + performance.now() - since, attributes, isFault }),
  }
}

type Of = { kind: Span['kind']; id?: string; parent?: string | 'none'; describe(): Described }

/** Does something as a span; `describe` is asked at its end. */
export const spanned = async <T>({ kind, describe, ...of }: Of, work: () => T | Promise<T>): Promise<T> => {
  const span = beginSpan(kind, of)
  if (!span) return work()
  let isFault = true
  try {
    const result = await spans.run(span.id, work)
    isFault = false
    return result
  } finally {
    span.end(describe(), isFault)
  }
}

/** The first of a request, or of a turn of a timer. */
export const rootSpanned = <T>(of: Omit<Of, 'id' | 'parent'>, work: () => T | Promise<T>): Promise<T> =>
  spanned({ ...of, id: rootOf(requestNow() ?? ''), parent: 'none' }, work)
