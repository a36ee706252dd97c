import type { ServerResponse } from 'node:http'
import { INERT } from '#core/delivery/headers.ts'
import { type EdgeRefusal, REFUSALS } from './cloudfront.ts'

export const refuseAsXml = (response: ServerResponse, status: number, code: string, message: string): void => {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
  // The same as go with the bytes themselves: another site shall not even tell a refusal from an answer.
  const headers = { ...INERT, 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' }
  response.writeHead(status, headers).end(body)
}

/** As CloudFront refuses who has no grant. */
export const deny = (response: ServerResponse, refusal: EdgeRefusal = 'AccessDenied'): void => refuseAsXml(response, 403, refusal, REFUSALS[refusal])

/** In S3's words: try again later. */
export const putOff = (response: ServerResponse, code: 'SlowDown' | 'ServiceUnavailable', retryAfterSeconds: number): void => {
  response.setHeader('retry-after', String(retryAfterSeconds))
  refuseAsXml(response, 503, code, code === 'SlowDown' ? 'Please reduce your request rate.' : 'Service is unable to handle request.')
}
