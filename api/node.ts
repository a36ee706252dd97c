import type { IncomingMessage, ServerResponse } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { BodyLimitPlugin } from '@orpc/server/node'
import type { World } from '#ports/world.ts'
import { type ApiContext, adapterOptions, apiRouter, contextFor, MOST_BODY_BYTES, NO_ENDPOINT } from './mount.ts'

/** The API on Node's own HTTP server. */
export const nodeApi = (world: World): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const options = adapterOptions()
  const plugins = [...options.plugins, new BodyLimitPlugin<ApiContext>({ maxBodySize: MOST_BODY_BYTES })]
  const handler = new OpenAPIHandler<ApiContext>(apiRouter(), { ...options, plugins })
  return async (request, response) => {
    const { matched } = await handler.handle(request, response, { prefix: '/api', context: contextFor(world, request.headers.authorization) })
    if (!matched) response.writeHead(404, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(NO_ENDPOINT)
  }
}
