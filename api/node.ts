import type { IncomingMessage, ServerResponse } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { BodyLimitPlugin } from '@orpc/server/node'
import type { World } from '#ports/world.ts'
import { type ApiContext, adapterOptions, apiRouter, contextFor, MOST_BODY_BYTES, NO_ENDPOINT } from './mount.ts'

type Asked = { request: IncomingMessage; response: ServerResponse; id?: string | undefined; found?: ApiContext['found'] }

/** The API on Node's own HTTP server. `id`: the request's, where it has one already. */
export const nodeApi = (world: World): ((asked: Asked) => Promise<void>) => {
  const options = adapterOptions()
  const plugins = [...options.plugins, new BodyLimitPlugin<ApiContext>({ maxBodySize: MOST_BODY_BYTES })]
  const handler = new OpenAPIHandler<ApiContext>(apiRouter(), { ...options, plugins })
  return async ({ request, response, id, found }) => {
    const context = { ...contextFor(world, request.headers.authorization, id), found }
    const { matched } = await handler.handle(request, response, { prefix: '/api', context })
    if (!matched) response.writeHead(404, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(NO_ENDPOINT)
  }
}
