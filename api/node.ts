import type { IncomingMessage, ServerResponse } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { BodyLimitPlugin } from '@orpc/server/node'
import type { World } from '#ports/world.ts'
import { type ApiContext, adapterOptions, apiRouter } from './mount.ts'

const MOST_BODY_BYTES = 1024 * 1024

/** The API on Node's own HTTP server. */
export const nodeApi = (world: World): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const handler = new OpenAPIHandler<ApiContext>(apiRouter(), { ...adapterOptions, plugins: [new BodyLimitPlugin({ maxBodySize: MOST_BODY_BYTES })] })
  return async (request, response) => {
    const context: ApiContext = { world, authorization: request.headers.authorization, cookies: [] }
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-content-type-options', 'nosniff')
    // Written when the head is, once the handler has filled `cookies`.
    const writeHead = response.writeHead.bind(response)
    response.writeHead = ((...head: Parameters<typeof writeHead>) => {
      if (context.cookies.length > 0) response.setHeader('set-cookie', context.cookies)
      return writeHead(...head)
    }) as typeof response.writeHead
    const { matched } = await handler.handle(request, response, { prefix: '/api', context })
    if (matched) return
    response.statusCode = 404
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ code: 'not-found', message: 'There is no such endpoint.' }))
  }
}
