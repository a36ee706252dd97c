import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import type { Secret } from '#ports/secret.ts'
import { forNobody } from './during.ts'
import { keepSpans, type Span } from './tracing.ts'

/** Where traces are sent, as OpenTelemetry's own variables say it, and what is shown there. */
export type Collector = { url: string; headers: Secret | undefined }

/** `a=1,b=2`, percent-encoded, as the specification of the exporter's variables has it. */
export const headersIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const at = pair.indexOf('=')
      return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]]
    }),
  )

const SAMPLED = 1
const ERROR = 2
const KINDS = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 } as const

const apart = (milliseconds: number): [number, number] => [Math.floor(milliseconds / 1000), Math.round((milliseconds % 1000) * 1e6)]

const readable = (span: Span, resource: ReadableSpan['resource']): ReadableSpan => {
  const of = (spanId: string) => ({ traceId: span.trace, spanId, traceFlags: SAMPLED })
  return {
    ...{ name: span.name, kind: KINDS[span.kind], spanContext: () => of(span.id), startTime: apart(span.began), endTime: apart(span.ended) },
    ...(span.parent !== undefined && { parentSpanContext: of(span.parent) }),
    ...{ status: { code: span.isFault ? ERROR : 0 }, attributes: { ...span.attributes }, links: [], events: [] },
    ...{ duration: apart(span.ended - span.began), ended: true, resource, instrumentationScope: { name: 'lectern' } },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  }
}

/**
 * Sends the spans of this thread from now on, some at a time and never in anybody's way; answers how the last ones are sent. The exporter is
 * loaded only here: a school that sends nothing does not have it in memory.
 */
export const sendSpans = async ({ url, headers }: Collector): Promise<() => Promise<void>> => {
  const [{ BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const resource = resourceFromAttributes({ 'service.name': 'lectern' })
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url, headers: headersIn(headers?.reveal() ?? '') }))
  // Not for the request that happened to fill the batch: sending would be a span of it, to be sent.
  keepSpans((span) => forNobody(() => processor.onEnd(readable(span, resource))))
  return async () => {
    keepSpans(undefined)
    await forNobody(() => processor.shutdown())
  }
}
